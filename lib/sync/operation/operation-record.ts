import { DriftlessError } from '../../errors.ts';
import type { Lease } from '../../model/application-record.ts';
import { type Operation, type Outcome, operationName, type Phase } from '../../model/operation.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { OperationStore } from '../../ports/store.ts';
import type { LeaseKeeper } from './lease-keeper.ts';

/** An operation that ends within this time is not worth a write of its progress: its end says what it did. */
const PROGRESS_AFTER_MS = 1_000;

type RecordPorts = { readonly state: OperationStore; readonly clock: Clock; readonly lease: LeaseKeeper };

/** The operation's line of the history: what is known of it so far, written with its progress and with its end. */
export class OperationRecord {
  readonly #request: { readonly app: string; readonly seq: number };
  readonly #ports: RecordPorts;
  readonly #startedAt: string;
  readonly #timings: Partial<Record<Phase, number>> = {};
  #requested: Operation | undefined;
  #added: Partial<Operation> = {};
  #writtenAt: number;

  constructor(request: { readonly app: string; readonly seq: number }, ports: RecordPorts) {
    this.#request = request;
    this.#ports = ports;
    this.#startedAt = this.#now();
    this.#writtenAt = ports.clock.monotonic();
  }

  /** The stored record with everything that was added since. */
  async read(): Promise<Operation> {
    const { app, seq } = this.#request;
    this.#requested ??= await this.#ports.state.operation(app, seq);
    if (this.#requested !== undefined) return { startedAt: this.#startedAt, ...this.#requested, ...this.#added };
    throw new DriftlessError('ApplicationUnknown', `operation ${operationName(this.#request)} is not recorded`);
  }

  /** Adds to the record; written with the next progress, or when the operation ends. */
  add(more: Partial<Operation>): void {
    this.#added = { ...this.#added, ...more };
  }

  addTiming(phase: Phase, ms: number): void {
    this.#timings[phase] = Math.round(10 * ((this.#timings[phase] ?? 0) + ms)) / 10;
  }

  /** Writes the phase that runs now. */
  async writePhase(phase: Phase): Promise<void> {
    await this.writeWith(phase, (lease, operation) => this.#ports.state.updateOperation(lease, operation));
  }

  /** Writes the phase that runs now if nothing was written for a while. */
  async writePhaseIfDue(phase: Phase): Promise<void> {
    if (this.#ports.clock.monotonic() - this.#writtenAt >= PROGRESS_AFTER_MS) await this.writePhase(phase);
  }

  /** Writes the phase together with something else. */
  async writeWith(phase: Phase, write: (lease: Lease, operation: Operation) => Promise<void>): Promise<void> {
    this.add({ phase, timings: { ...this.#timings } });
    const lease = await this.#ports.lease.need();
    await write(lease, await this.read());
    this.#writtenAt = this.#ports.clock.monotonic();
  }

  /** The record of the ended operation; the caller writes it. */
  async ended(outcome: Outcome): Promise<Operation> {
    this.add({ phase: 'done', outcome, endedAt: this.#now(), timings: { ...this.#timings } });
    return this.read();
  }

  #now(): string {
    return new Date(this.#ports.clock.now()).toISOString();
  }
}
