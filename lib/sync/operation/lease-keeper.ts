import { asDriftlessError, DriftlessError } from '../../errors.ts';
import type { ApplicationRecord, Lease } from '../../model/application-record.ts';
import { operationName } from '../../model/operation.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { OperationStore } from '../../ports/store.ts';
import type { Operations } from '../../ports/workflow.ts';

/** Longer than any step without a heartbeat, and short, since a crashed worker is replaced only after it. */
const LEASE_SECONDS = 60;

/** The worker stops writing when this share of the lease remains, so that a request under way does not outlive the lease. */
const MARGIN = 1 / 6;

/** How long an answer of the state store is reused: the stages of a quick operation share one request. */
const REUSE_MS = 1_000;

/** The result of a request for the lease. */
export type LeaseAttempt =
  | { readonly status: 'held'; readonly lease: Lease; readonly superseded: boolean }
  | { readonly status: 'busy'; readonly by: number }
  | { readonly status: 'ended' };

type LeasePorts = {
  readonly state: OperationStore;
  readonly clock: Clock;
  readonly operations: Operations;
  /** How long a lease lasts without being extended; 60 s. */
  readonly leaseSeconds?: number;
};

/**
 * The right to write for one operation in this process. It is never trusted across a restart: each process requests the lease again and gets a
 * higher fence, which excludes the former holder. Its deadline is measured on this process's own monotonic clock, from before the request was sent.
 */
export class LeaseKeeper {
  readonly #operation: { readonly app: string; readonly seq: number };
  readonly #ports: LeasePorts;
  #lease: Lease | undefined;
  #application: ApplicationRecord | undefined;
  #deadline = 0;
  #latest: { readonly attempt: LeaseAttempt; readonly atMs: number } | undefined;
  #refreshing: Promise<LeaseAttempt> | undefined;

  constructor(operation: { readonly app: string; readonly seq: number }, ports: LeasePorts) {
    this.#operation = operation;
    this.#ports = ports;
  }

  /** Takes the lease, or extends it unless that has just been done; the result says whether a newer operation waits. */
  async take(): Promise<LeaseAttempt> {
    const { clock } = this.#ports;
    if (this.#latest !== undefined && clock.monotonic() - this.#latest.atMs < REUSE_MS) return this.#latest.attempt;
    this.#refreshing ??= this.#takeOrRenew().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Takes or extends the lease; returns whether a newer operation waits. Throws LeaseLost where another worker has it. */
  async isSuperseded(): Promise<boolean> {
    const attempt = await this.take();
    if (attempt.status === 'held') return attempt.superseded;
    throw this.#lost();
  }

  /** Returns the lease, extended where less than half of it remains; throws LeaseLost where another worker has it. The heartbeat of long steps. */
  async need(): Promise<Lease> {
    const half = this.#deadline - (this.#leaseSeconds * 1000) / 2;
    if (this.#lease !== undefined && this.#ports.clock.monotonic() < half) return this.#lease;
    const attempt = await this.take();
    if (attempt.status === 'held') return attempt.lease;
    throw this.#lost();
  }

  /** The application as it was when this process took the lease. */
  async application(): Promise<ApplicationRecord> {
    if (this.#application === undefined) await this.need();
    if (this.#application === undefined) throw this.#lost();
    return this.#application;
  }

  /**
   * Throws when this process may not write any more; called right before every write to the cluster. After LeaseExpired the step is tried again,
   * and continues unless another worker has taken over.
   */
  readonly guard = (): void => {
    if (this.#lease === undefined || this.#deadline === Number.NEGATIVE_INFINITY) throw this.#lost();
    if (this.#ports.clock.monotonic() <= this.#deadline) return;
    const name = operationName(this.#operation);
    throw new DriftlessError('LeaseExpired', `operation ${name} was paused for longer than its lease lasts`);
  };

  get #leaseSeconds(): number {
    return this.#ports.leaseSeconds ?? LEASE_SECONDS;
  }

  async #takeOrRenew(): Promise<LeaseAttempt> {
    const atMs = this.#ports.clock.monotonic();
    const deadline = atMs + this.#leaseSeconds * 1000 * (1 - MARGIN);
    this.#latest = undefined;
    const attempt = this.#lease === undefined ? await this.#acquire() : await this.#renew(this.#lease);
    if (attempt.status === 'held') {
      this.#lease = attempt.lease;
      this.#deadline = deadline;
      this.#latest = { attempt, atMs };
    }
    return attempt;
  }

  async #acquire(): Promise<LeaseAttempt> {
    const { app, seq } = this.#operation;
    const acquired = await this.#ports.state.acquire(app, seq, this.#leaseSeconds);
    if (acquired.status === 'held') return { status: 'busy', by: acquired.by };
    if (acquired.status === 'ended') {
      // After a crash, only this worker learns that the successor waits.
      if (acquired.successor !== undefined) await this.#ports.operations.start(app, acquired.successor);
      return { status: 'ended' };
    }
    this.#application = acquired.record;
    return { status: 'held', lease: acquired.lease, superseded: false };
  }

  /** Once another worker has the lease nothing more is sent, even if time remains. */
  async #renew(known: Lease): Promise<LeaseAttempt> {
    try {
      const { lease, desiredSeq } = await this.#ports.state.renew(known, this.#leaseSeconds);
      return { status: 'held', lease, superseded: desiredSeq > this.#operation.seq };
    } catch (error) {
      if (asDriftlessError(error).code === 'LeaseLost') this.#deadline = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  #lost(): DriftlessError {
    const { app } = this.#operation;
    const name = operationName(this.#operation);
    return new DriftlessError(
      'LeaseLost',
      `operation ${name} no longer holds the lease of ${app}; the worker that holds it continues`,
    );
  }
}
