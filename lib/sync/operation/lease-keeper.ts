import { asDriftlessError, DriftlessError } from '../../errors.ts';
import type { ApplicationRecord, Lease } from '../../model/application-record.ts';
import { operationName } from '../../model/operation.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { StateStore } from '../../ports/store.ts';
import type { Operations } from '../../ports/workflow.ts';

/** Long enough for the longest step without a heartbeat, short enough that a crashed worker is not missed for long. */
const LEASE_SECONDS = 60;

/** The worker stops writing when this share of the lease is left, so that a request under way does not outlive it. */
const MARGIN = 1 / 6;

/** A look at the lease is good for so long: the stages of a quick operation follow each other within it, and ask once. */
const LOOK_MS = 1_000;

/** What became of asking for the lease. */
export type Hold =
  | { readonly status: 'held'; readonly lease: Lease; readonly superseded: boolean }
  | { readonly status: 'busy'; readonly by: number }
  | { readonly status: 'ended' };

type LeasePorts = {
  readonly state: StateStore;
  readonly clock: Clock;
  readonly operations: Operations;
  /** How long a lease lasts without being extended; 60 s. */
  readonly leaseSeconds?: number;
};

/**
 * The right to write for one operation in this process. It is never trusted across a restart: each process asks for it again, and gets a
 * higher fence, which shuts out whoever had it before. Its deadline is measured on this process's own monotonic clock, from before the
 * request was sent.
 */
export class LeaseKeeper {
  readonly #operation: { readonly app: string; readonly seq: number };
  readonly #ports: LeasePorts;
  #lease: Lease | undefined;
  #record: ApplicationRecord | undefined;
  #deadline = 0;
  #seen: { readonly hold: Hold; readonly atMs: number } | undefined;
  #refreshing: Promise<Hold> | undefined;

  constructor(operation: { readonly app: string; readonly seq: number }, ports: LeasePorts) {
    this.#operation = operation;
    this.#ports = ports;
  }

  /** Takes the lease, or extends it where that was not done just now; tells whether a newer operation waits. */
  async take(): Promise<Hold> {
    if (this.#seen !== undefined && this.#ports.clock.monotonic() - this.#seen.atMs < LOOK_MS) return this.#seen.hold;
    this.#refreshing ??= this.#takeOrRenew().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** The lease, extended where less than half of it is left; throws LeaseLost where another worker has it. For heartbeats in long steps. */
  async need(): Promise<Lease> {
    const half = this.#deadline - (this.#leaseSeconds * 1000) / 2;
    if (this.#lease !== undefined && this.#ports.clock.monotonic() < half) return this.#lease;
    const hold = await this.take();
    if (hold.status === 'held') return hold.lease;
    throw this.#lost();
  }

  /** The application as it was when this process took the lease. */
  async record(): Promise<ApplicationRecord> {
    if (this.#record === undefined) await this.need();
    if (this.#record === undefined) throw this.#lost();
    return this.#record;
  }

  /**
   * Throws once writing is not allowed any more; called right before every write to the cluster. After LeaseExpired the step is tried again,
   * and goes on if nobody has taken over.
   */
  readonly guard = (): void => {
    if (this.#lease === undefined || this.#deadline === Number.NEGATIVE_INFINITY) throw this.#lost();
    if (this.#ports.clock.monotonic() <= this.#deadline) return;
    const name = operationName(this.#operation);
    throw new DriftlessError('LeaseExpired', `operation ${name} was held up for longer than its lease lasts`);
  };

  get #leaseSeconds(): number {
    return this.#ports.leaseSeconds ?? LEASE_SECONDS;
  }

  async #takeOrRenew(): Promise<Hold> {
    const atMs = this.#ports.clock.monotonic();
    const deadline = atMs + this.#leaseSeconds * 1000 * (1 - MARGIN);
    this.#seen = undefined;
    const hold = this.#lease === undefined ? await this.#acquire() : await this.#renew(this.#lease);
    if (hold.status === 'held') {
      this.#lease = hold.lease;
      this.#deadline = deadline;
      this.#seen = { hold, atMs };
    }
    return hold;
  }

  async #acquire(): Promise<Hold> {
    const { app, seq } = this.#operation;
    const acquired = await this.#ports.state.acquire(app, seq, this.#leaseSeconds);
    if (acquired.status === 'held') return { status: 'busy', by: acquired.by };
    if (acquired.status === 'ended') {
      // It crashed, and was overtaken: nobody else knows that its successor waits.
      if (acquired.successor !== undefined) await this.#ports.operations.start(app, acquired.successor);
      return { status: 'ended' };
    }
    this.#record = acquired.record;
    return { status: 'held', lease: acquired.lease, superseded: false };
  }

  /** Who learns that another worker has the lease sends nothing more, also where time is left. */
  async #renew(known: Lease): Promise<Hold> {
    try {
      const { lease, desiredSeq } = await this.#ports.state.renew(known, this.#leaseSeconds);
      return { status: 'held', lease, superseded: desiredSeq > this.#operation.seq };
    } catch (error) {
      if (asDriftlessError(error).code === 'LeaseLost') this.#deadline = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  #lost(): DriftlessError {
    const { app, seq } = this.#operation;
    return new DriftlessError(
      'LeaseLost',
      `operation ${app}-${seq} does not hold the lease of ${app} any more; whoever does goes on`,
    );
  }
}
