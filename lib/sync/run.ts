import { asDriftlessError, DriftlessError } from '../errors.ts';
import type { ApplicationRecord, Lease } from '../model/application-record.ts';
import type { ChangeSet, Manifest } from '../model/change-set.ts';
import { type Operation, type Outcome, operationName, type Phase } from '../model/operation.ts';
import type { Plan } from '../plan/planned.ts';
import type { Blobs, Clock, Clusters, Flow, Git, Json, Log, Operations, Renderer, StateStore } from '../ports.ts';
import { Kept } from './kept.ts';
import { LeaseKeeper } from './lease-keeper.ts';

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
};

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
  #operation: Operation | undefined;

  constructor(request: SyncRequest, flow: Flow, ports: SyncPorts) {
    this.request = request;
    this.flow = flow;
    this.ports = ports;
    this.keeper = new LeaseKeeper(request, ports);
    this.manifests = new Kept(ports.blobs);
    this.plans = new Kept(ports.blobs);
    this.changeSets = new Kept(ports.blobs);
    this.log = ports.log.bind({ app: request.app, operation: operationName(request) });
  }

  /** The application as this process found it when it took the lease. */
  async application(): Promise<ApplicationRecord> {
    return this.keeper.record();
  }

  /** The operation's record, as far as it has come. */
  async operation(): Promise<Operation> {
    this.#operation ??= await this.ports.state.operation(this.request.app, this.request.seq);
    if (this.#operation !== undefined) return this.#operation;
    throw new DriftlessError('ApplicationUnknown', `operation ${operationName(this.request)} is not recorded`);
  }

  /** Adds to the operation's record; written with the next stage, or when the operation ends. */
  async note(more: Partial<Operation>): Promise<Operation> {
    this.#operation = { ...(await this.operation()), ...more };
    return this.#operation;
  }

  /** How long the stages took so far, in milliseconds. */
  get timings(): Readonly<Partial<Record<Phase, number>>> {
    return this.#timings;
  }

  /** Adds to the time that a phase took. */
  addTiming(phase: Phase, ms: number): void {
    this.#timings[phase] = Math.round(10 * ((this.#timings[phase] ?? 0) + ms)) / 10;
  }

  /**
   * Runs a stage as a durable step. Before it begins the lease is taken or extended, and a newer operation ends this one. The record of the
   * phase is written while the work goes on.
   */
  async stage<T extends { readonly [key: string]: Json | undefined }>(
    phase: Phase,
    name: string,
    work: (lease: Lease) => Promise<T>,
  ): Promise<StageEnd<T>> {
    const result = await this.flow.step(name, async () => {
      const hold = await this.keeper.take();
      if (hold.status !== 'held')
        throw new DriftlessError('LeaseLost', `${operationName(this.request)} lost its lease before ${name}`);
      if (hold.superseded) return undefined;
      const began = this.ports.clock.monotonic();
      const value = await work(hold.lease);
      const ms = this.ports.clock.monotonic() - began;
      this.log.info('finished stage', { stage: name, ms: Math.round(ms) });
      return { value, ms };
    });
    if (result === undefined) return { ended: 'superseded' };
    this.addTiming(phase, result.ms);
    return result.value;
  }

  /** Writes the record with the phase that begins. */
  async recordPhase(lease: Lease, phase: Phase): Promise<void> {
    await this.ports.state.updateOperation(lease, await this.note({ phase, timings: this.timings }));
  }

  /** Ends the operation: record, lease and the application's state in one write, then whoever waits is started. */
  async conclude(outcome: Outcome, lastSync?: ApplicationRecord['lastSync']): Promise<Outcome> {
    await this.flow.step('conclude', async () => {
      const lease = await this.keeper.need();
      const endedAt = new Date(this.ports.clock.now()).toISOString();
      const operation = await this.note({ phase: 'done', outcome, endedAt, timings: this.timings });
      const { successor } = await this.ports.state.conclude(lease, {
        operation,
        ...(lastSync && { lastSync }),
        ...(outcome.health && { health: outcome.health }),
      });
      if (successor !== undefined) await this.ports.operations.start(this.request.app, successor);
      this.log.info('ended operation', { outcome: outcome.status, message: outcome.message });
      return {};
    });
    return outcome;
  }

  /** Ends the operation after an error; one that lost its lease leaves the record to whoever has it. */
  async fail(thrown: unknown): Promise<Outcome> {
    const { code, message, hint } = asDriftlessError(thrown);
    if (code === 'LeaseLost') {
      this.log.warn('left operation to another worker', { reason: message });
      return { status: 'superseded', message };
    }
    this.log.error('failed operation', { code, message });
    return this.conclude({ status: 'failed', message, error: { code, message, hint } });
  }
}
