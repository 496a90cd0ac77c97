import { asDriftlessError, DriftlessError } from '../errors.ts';
import type { ApplicationRecord, Lease } from '../model/application-record.ts';
import type { Clock, Operations, StateStore } from '../ports.ts';

/** Long enough for the longest step without a heartbeat, short enough that a crashed worker is not missed for long. */
const LEASE_SECONDS = 60;

/** The worker stops writing this much before the lease ends, so that a request under way does not outlive it. */
const MARGIN_MS = 10_000;

/** What became of asking for the lease. */
export type Hold =
  | { readonly status: 'held'; readonly lease: Lease; readonly superseded: boolean }
  | { readonly status: 'busy'; readonly by: number }
  | { readonly status: 'ended' };

type LeasePorts = { readonly state: StateStore; readonly clock: Clock; readonly operations: Operations };

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
  #refreshing: Promise<Hold> | undefined;

  constructor(operation: { readonly app: string; readonly seq: number }, ports: LeasePorts) {
    this.#operation = operation;
    this.#ports = ports;
  }

  /** Takes the lease, or extends it; tells whether a newer operation waits. */
  async take(): Promise<Hold> {
    this.#refreshing ??= this.#takeOrRenew().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** The lease, extended where less than half of it is left; throws LeaseLost where another worker has it. For heartbeats in long steps. */
  async need(): Promise<Lease> {
    const half = this.#deadline - (LEASE_SECONDS * 1000) / 2;
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

  /** Throws LeaseLost once writing is not allowed any more; called right before every write to the cluster. */
  readonly guard = (): void => {
    if (this.#lease === undefined || this.#ports.clock.monotonic() > this.#deadline) throw this.#lost();
  };

  async #takeOrRenew(): Promise<Hold> {
    const deadline = this.#ports.clock.monotonic() + LEASE_SECONDS * 1000 - MARGIN_MS;
    const hold = this.#lease === undefined ? await this.#acquire() : await this.#renew(this.#lease);
    if (hold.status === 'held') {
      this.#lease = hold.lease;
      this.#deadline = deadline;
    }
    return hold;
  }

  async #acquire(): Promise<Hold> {
    const { app, seq } = this.#operation;
    const acquired = await this.#ports.state.acquire(app, seq, LEASE_SECONDS);
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
      const { lease, desiredSeq } = await this.#ports.state.renew(known, LEASE_SECONDS);
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
