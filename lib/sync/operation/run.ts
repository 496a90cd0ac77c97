import { asDriftlessError, DriftlessError } from '../../errors.ts';
import type { ApplicationRecord, Deployment, End, LastSync } from '../../model/application-record.ts';
import type { ChangeSet, Manifest } from '../../model/change-set.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { type Operation, type Outcome, operationName, type Phase } from '../../model/operation.ts';
import type { Plan } from '../../plan/planned.ts';
import type { Clusters } from '../../ports/cluster.ts';
import type { Git } from '../../ports/git.ts';
import type { Alarms } from '../../ports/notify.ts';
import type { Renderer } from '../../ports/render.ts';
import type { Clock, Log, Metrics } from '../../ports/runtime.ts';
import type { Blobs, StateStore } from '../../ports/store.ts';
import type { Flow, Json, Operations } from '../../ports/workflow.ts';
import { Kept } from '../../runtime/json-blobs.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { measure } from './metrics.ts';

/** People who ask what an operation does have begun to wait by then. */
const RECORD_AFTER_MS = 1_000;

/** The outside world as a deployment needs it. */
export type SyncPorts = {
  readonly git: Git;
  readonly renderer: Renderer;
  readonly clusters: Clusters;
  readonly state: StateStore;
  readonly blobs: Blobs;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly log: Log;
  /** Versions of Kustomize and Helm; a rendering is kept under them too. */
  readonly toolVersions: string;
  /** How long a lease lasts without being extended; 60 s. */
  readonly leaseSeconds?: number;
  /** Absent: no alarm is in ALARM. */
  readonly alarms?: Alarms;
  readonly metrics?: Metrics;
};

/** What the end of an operation leaves behind, beside its own record and the health. */
export type Left = Pick<End, 'lastSync' | 'previous' | 'held'> & { readonly deployment?: Deployment };

export type SyncRequest = { readonly app: string; readonly seq: number };

/** A stage's result, or the end of the operation that was seen before the stage began. */
export type StageEnd<T> = (T & { readonly ended?: undefined }) | { readonly ended: 'superseded' };

/** One operation on its way: its lease, its record, and how its stages become durable steps. */
export class Run {
  readonly request: SyncRequest;
  readonly flow: Flow;
  readonly ports: SyncPorts;
  readonly keeper: LeaseKeeper;
  readonly log: Log;
  readonly manifests: Kept<readonly Manifest[]>;
  readonly plans: Kept<Plan>;
  readonly changeSets: Kept<ChangeSet>;
  readonly #timings: Partial<Record<Phase, number>> = {};
  readonly #beganAt: string;
  #recorded: Operation | undefined;
  #noted: Partial<Operation> = {};
  #inventory: readonly InventoryEntry[] | undefined;
  #recordedAt: number;

  constructor(request: SyncRequest, flow: Flow, ports: SyncPorts) {
    this.request = request;
    this.flow = flow;
    this.ports = ports;
    this.keeper = new LeaseKeeper(request, ports);
    this.#beganAt = this.#now();
    this.#recordedAt = ports.clock.monotonic();
    this.manifests = new Kept(ports.blobs);
    this.plans = new Kept(ports.blobs);
    this.changeSets = new Kept(ports.blobs);
    this.log = ports.log.bind({ app: request.app, operation: operationName(request) });
  }

  /** The application as this process found it when it took the lease. */
  async application(): Promise<ApplicationRecord> {
    return this.keeper.record();
  }

  /**
   * What the operation right before this one left behind; undefined where that did not come to a good end. An operation that was refused,
   * failed or superseded may have left the cluster half-way to another commit.
   */
  async lastSync(): Promise<LastSync | undefined> {
    const { lastSync } = await this.application();
    return lastSync?.seq === this.request.seq - 1 ? lastSync : undefined;
  }

  /** The operation's record, as far as it has come. */
  async operation(): Promise<Operation> {
    this.#recorded ??= await this.ports.state.operation(this.request.app, this.request.seq);
    if (this.#recorded !== undefined) return { startedAt: this.#beganAt, ...this.#recorded, ...this.#noted };
    throw new DriftlessError('ApplicationUnknown', `operation ${operationName(this.request)} is not recorded`);
  }

  /** Adds to the operation's record; written with the next stage, or when the operation ends. */
  note(more: Partial<Operation>): void {
    this.#noted = { ...this.#noted, ...more };
  }

  /** How long the stages took so far, in milliseconds. */
  get timings(): Readonly<Partial<Record<Phase, number>>> {
    return { ...this.#timings };
  }

  /** Adds to the time that a phase took. */
  addTiming(phase: Phase, ms: number): void {
    this.#timings[phase] = Math.round(10 * ((this.#timings[phase] ?? 0) + ms)) / 10;
  }

  /** What the inventory holds; read once, since only the holder of the lease writes it. */
  async inventory(): Promise<readonly InventoryEntry[]> {
    this.#inventory ??= await this.#readInventory();
    return this.#inventory;
  }

  /** The record that came with the lease tells which inventory it is; one that this process has written or read before is not read again. */
  async #readInventory(): Promise<readonly InventoryEntry[]> {
    const { app } = this.request;
    const { inventory: pointer } = await this.application();
    if (pointer === undefined) return [];
    const known = await this.ports.state.inventories([{ app, ...pointer }]);
    return known.get(app) ?? this.ports.state.inventory(app);
  }

  /** Replaces the inventory, and records the phase in the same write. */
  async putInventory(entries: readonly InventoryEntry[], phase: Phase): Promise<void> {
    this.note({ phase, timings: this.timings });
    const lease = await this.keeper.need();
    await this.ports.state.putInventory(lease, entries, await this.operation());
    this.#inventory = entries;
    this.#recordedAt = this.ports.clock.monotonic();
  }

  /**
   * Runs a stage as a durable step. Before it begins the lease is taken or extended, and a newer operation ends this one. An operation that
   * takes a while records the phase.
   */
  async stage<T extends { readonly [key: string]: Json | undefined }>(
    phase: Phase,
    name: string,
    work: () => Promise<T>,
  ): Promise<StageEnd<T>> {
    const result = await this.flow.step(name, async () => {
      const hold = await this.keeper.take();
      if (hold.status !== 'held')
        throw new DriftlessError('LeaseLost', `${operationName(this.request)} lost its lease before ${name}`);
      if (hold.superseded) return undefined;
      const began = this.ports.clock.monotonic();
      const value = await this.#recording(phase, work);
      const ms = this.ports.clock.monotonic() - began;
      this.log.info('finished stage', { stage: name, ms: Math.round(ms) });
      return { value, ms };
    });
    if (result === undefined) return { ended: 'superseded' };
    this.addTiming(phase, result.ms);
    return result.value;
  }

  /** Writes the record with the phase that goes on. */
  async recordPhase(phase: Phase): Promise<void> {
    this.note({ phase, timings: this.timings });
    await this.ports.state.updateOperation(await this.keeper.need(), await this.operation());
    this.#recordedAt = this.ports.clock.monotonic();
  }

  /** What an operation that is over at once was doing is not worth a write: its end tells of it. */
  async #recording<T>(phase: Phase, work: () => Promise<T>): Promise<T> {
    if (this.ports.clock.monotonic() - this.#recordedAt >= RECORD_AFTER_MS) await this.recordPhase(phase);
    return work();
  }

  /** Ends the operation: record, lease and the application's state in one write, then whoever waits is started. */
  async conclude(outcome: Outcome, leaves: () => Promise<Left> = async () => ({})): Promise<Outcome> {
    await this.flow.step('conclude', async () => {
      const lease = await this.keeper.need();
      const { deployment, ...left } = await leaves();
      if (deployment !== undefined) await this.ports.state.putDeployment(lease, deployment);
      this.note({ phase: 'done', outcome, endedAt: this.#now(), timings: this.timings });
      const operation = await this.operation();
      const health = outcome.health && { health: outcome.health };
      const { successor } = await this.ports.state.conclude(lease, { operation, ...left, ...health });
      if (successor !== undefined) await this.ports.operations.start(this.request.app, successor);
      this.log.info('ended operation', { outcome: outcome.status, reason: outcome.message });
      this.ports.metrics?.put(measure(operation));
      return {};
    });
    return outcome;
  }

  /** Ends the operation after an error; one that lost its lease leaves the record to whoever has it. */
  async fail(thrown: unknown): Promise<Outcome> {
    const { code, message, hint } = asDriftlessError(thrown);
    if (code === 'LeaseLost') return this.leave(message);
    this.log.error('failed operation', { code, reason: message });
    try {
      return await this.conclude({ status: 'failed', message, error: { code, message, hint } });
    } catch (error) {
      if (asDriftlessError(error).code === 'LeaseLost') return this.leave(message);
      throw error;
    }
  }

  /** Ends without a word: the operation is another worker's now, or has ended. Tells how, where that is recorded. */
  async leave(reason: string): Promise<Outcome> {
    this.log.warn('left operation to another worker', { reason });
    const { app, seq } = this.request;
    const recorded = await this.ports.state.operation(app, seq);
    return recorded?.outcome ?? { status: 'superseded', message: reason };
  }

  #now(): string {
    return new Date(this.ports.clock.now()).toISOString();
  }
}
