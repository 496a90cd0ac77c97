import { DriftlessError } from '../../errors.ts';
import type { Lease } from '../../model/application-record.ts';
import { idKey } from '../../model/kube-object.ts';
import {
  type Operation,
  type Outcome,
  type OutcomeStatus,
  operationName,
  type Phase,
  type PlanSummary,
  type Trouble,
} from '../../model/operation.ts';
import type { PlannedObject } from '../../plan/planned.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { OperationStore } from '../../ports/store.ts';
import type { LeaseKeeper } from './lease-keeper.ts';

/** An operation that ends within this time is not worth a write of its progress: its end says what it did. */
const PROGRESS_AFTER_MS = 1_000;

/** The outcomes of operations that did all of their plan. */
const WHOLE: readonly OutcomeStatus[] = ['synced', 'unchanged', 'rolledBack'];

type RecordPorts = { readonly state: OperationStore; readonly clock: Clock; readonly lease: LeaseKeeper };

/** The operation's line of the history: what is known of it so far, written with its progress and with its end. */
export class OperationRecord {
  readonly #request: { readonly app: string; readonly seq: number };
  readonly #ports: RecordPorts;
  readonly #startedAt: string;
  readonly #timings: Partial<Record<Phase, number>> = {};
  #requested: Operation | undefined;
  #added: Partial<Operation> = {};
  /** What was written to the cluster, by identity. */
  readonly #written = new Map<string, PlannedObject['action']>();
  #deleted = 0;
  #phase: Phase | undefined;
  #trouble: Trouble | undefined;
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
    if (this.#requested !== undefined) {
      const { trouble: _, ...requested } = this.#requested;
      const trouble = this.#trouble && { trouble: this.#trouble };
      return { startedAt: this.#startedAt, ...requested, ...this.#added, ...trouble };
    }
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

  /** Begins a phase; writes it if nothing was written for a while. */
  async enter(phase: Phase): Promise<void> {
    this.#phase = phase;
    if (this.#ports.clock.monotonic() - this.#writtenAt >= PROGRESS_AFTER_MS) await this.writePhase(phase);
  }

  /** Writes what fails and is tried again, once, and that it is over. */
  async noteAttempt(error: DriftlessError | undefined): Promise<void> {
    // What has ended is written with all that its end means, or not at all.
    if (error?.code === this.#trouble?.code || this.#added.outcome !== undefined) return;
    const since = new Date(this.#ports.clock.now()).toISOString();
    this.#trouble = error && { code: error.code, message: error.message, since };
    try {
      await this.writePhase(this.#phase ?? (await this.read()).phase);
    } catch {
      // The operation goes on, or fails, by its own work; without the state table there is nothing to be seen either.
    }
  }

  /** Writes the phase together with something else. */
  async writeWith(phase: Phase, write: (lease: Lease, operation: Operation) => Promise<void>): Promise<void> {
    this.#phase = phase;
    this.add({ phase, timings: { ...this.#timings } });
    const lease = await this.#ports.lease.need();
    await write(lease, await this.read());
    this.#writtenAt = this.#ports.clock.monotonic();
  }

  /** Counts objects that were written to the cluster, each once. */
  wrote(objects: readonly Pick<PlannedObject, 'id' | 'action'>[]): void {
    for (const { id, action } of objects) this.#written.set(idKey(id), action);
  }

  /** Counts objects that were deleted. */
  deleted(count: number): void {
    this.#deleted = count;
  }

  /** The record of the ended operation; the caller writes it. One that did not do all of its plan counts what it has done. */
  async ended(outcome: Outcome): Promise<Operation> {
    this.#trouble = undefined;
    const { plan } = this.#added;
    if (plan?.refused === 0 && !WHOLE.includes(outcome.status)) this.add({ plan: { ...plan, ...this.#counts() } });
    this.add({ phase: 'done', outcome, endedAt: this.#now(), timings: { ...this.#timings } });
    return this.read();
  }

  #counts(): Pick<PlanSummary, 'created' | 'configured' | 'recreated' | 'deleted'> {
    const counts = { created: 0, configured: 0, recreated: 0, deleted: this.#deleted };
    for (const action of this.#written.values())
      if (action !== 'unchanged' && action !== 'skipped') counts[action] += 1;
    return counts;
  }

  #now(): string {
    return new Date(this.#ports.clock.now()).toISOString();
  }
}
