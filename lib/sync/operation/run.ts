import { loadOwnRules, rulesOf } from '../../health/own-rules.ts';
import type { OwnRules } from '../../health/rule.ts';
import { type Application, primarySource, type Source } from '../../model/application.ts';
import type { ApplicationRecord, LastSync, LeftInventory, Rendered } from '../../model/application-record.ts';
import type { ChangeSet, Manifest } from '../../model/change-set.ts';
import type { Project } from '../../model/configuration.ts';
import type { SeenHead } from '../../model/head.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { operationName, type Phase } from '../../model/operation.ts';
import type { Plan } from '../../plan/planned.ts';
import type { Cluster, Clusters } from '../../ports/cluster.ts';
import type { Outbox } from '../../ports/events.ts';
import type { Git, GitSnapshot } from '../../ports/git.ts';
import type { Alarms } from '../../ports/notify.ts';
import type { DeclaredProjects, Projects } from '../../ports/projects.ts';
import type { Renderer } from '../../ports/render.ts';
import type { Clock, Log, Metrics } from '../../ports/runtime.ts';
import type { Blobs, StateStore } from '../../ports/store.ts';
import type { Flow, Json, Operations } from '../../ports/workflow.ts';
import { repositoryPermit } from '../../projects/limits.ts';
import { JsonBlobs } from '../../runtime/json-blobs.ts';
import { supersededFinish } from '../finish/finish.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { notingFlow } from './noting-flow.ts';
import { OperationInventory } from './operation-inventory.ts';
import { OperationRecord } from './operation-record.ts';
import { done, finished, type StageResult } from './stage-result.ts';

/** The outside world as a deployment needs it. */
export type SyncPorts = {
  readonly git: Git;
  readonly renderer: Renderer;
  readonly clusters: Clusters;
  readonly projects: Projects;
  readonly state: StateStore;
  readonly blobs: Blobs;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly log: Log;
  /** The deployer's own identity. */
  readonly deployer: string;
  /** Versions of Kustomize and Helm; part of the key of a stored rendering. */
  readonly toolVersions: string;
  /** How long a lease lasts without being extended; 60 s. */
  readonly leaseSeconds?: number;
  /** Absent: no alarm is in ALARM. */
  readonly alarms?: Alarms;
  readonly metrics?: Metrics;
  /** Delivers what people are told at the end; absent: the sweep does. */
  readonly outbox?: Outbox;
  /** Scans an application at once; absent: the scheduled scans come soon enough. */
  readonly look?: (app: string) => Promise<unknown>;
};

export type SyncRequest = { readonly app: string; readonly seq: number };

/** What a stage needs of the running operation: its ports, lease, record, inventory and blobs, and how work becomes a durable step. */
export class Run {
  readonly request: SyncRequest;
  readonly flow: Flow;
  readonly ports: SyncPorts;
  readonly log: Log;
  readonly lease: LeaseKeeper;
  readonly record: OperationRecord;
  readonly manifests: JsonBlobs<readonly Manifest[]>;
  readonly plans: JsonBlobs<Plan>;
  readonly changeSets: JsonBlobs<ChangeSet>;
  /** The head, where this operation has asked for it. */
  seen: SeenHead | undefined;
  readonly #inventory: OperationInventory;
  #declared: Promise<DeclaredProjects> | undefined;
  #rules: Promise<OwnRules | undefined> | undefined;

  constructor(request: SyncRequest, flow: Flow, ports: SyncPorts) {
    this.request = request;
    this.ports = ports;
    this.log = ports.log.bind({ app: request.app, operation: operationName(request) });
    this.lease = new LeaseKeeper(request, ports);
    this.record = new OperationRecord(request, { ...ports, lease: this.lease });
    this.flow = notingFlow(flow, (error) => this.record.noteAttempt(error));
    this.manifests = new JsonBlobs(ports.blobs);
    this.plans = new JsonBlobs(ports.blobs);
    this.changeSets = new JsonBlobs(ports.blobs);
    this.#inventory = new OperationInventory({
      state: ports.state,
      record: this.record,
      application: () => this.application(),
      cluster: () => this.cluster(),
    });
  }

  /** The application as this process found it when it took the lease. */
  async application(): Promise<ApplicationRecord> {
    return this.lease.application();
  }

  /** The limits of the application as this process found them; undefined where its project is not declared. */
  async project(): Promise<Project | undefined> {
    return this.projectOf((await this.application()).app);
  }

  /** How the objects of the application are judged where the configuration says so. */
  async healthRules(): Promise<OwnRules | undefined> {
    this.#rules ??= this.#loadHealthRules();
    return this.#rules;
  }

  async #loadHealthRules(): Promise<OwnRules | undefined> {
    const [{ app }, { clusters }] = await Promise.all([this.application(), this.#configuration()]);
    return loadOwnRules(rulesOf(app.destination.cluster, clusters));
  }

  async #configuration(): Promise<DeclaredProjects> {
    this.#declared ??= this.ports.projects.declared();
    return this.#declared;
  }

  /** The limits of any application. */
  async projectOf({ project }: Pick<Application, 'project'>): Promise<Project | undefined> {
    const { projects } = await this.#configuration();
    return projects.find(({ name }) => name === project);
  }

  /** The head of the first source's ref; addresses are held against the project before each connection. */
  async head({ repo, ref }: Pick<Source, 'repo' | 'ref'>): Promise<string> {
    return this.ports.git.resolve(repo, ref, repositoryPermit(await this.project()));
  }

  /** A commit of the first source, opened; addresses are held against the project before each connection. */
  async snapshot({ app }: Pick<ApplicationRecord, 'app'>, revision: string): Promise<GitSnapshot> {
    return this.ports.git.open(primarySource(app).repo, revision, repositoryPermit(await this.projectOf(app)));
  }

  /** The cluster that the application is deployed to; what is written there is written by the project's user. */
  async cluster(): Promise<Cluster> {
    const [{ app }, project] = await Promise.all([this.application(), this.project()]);
    return this.ports.clusters.open(app.destination.cluster, project);
  }

  /**
   * The last deployment, where the operation right before this one confirmed it. Returns undefined after an operation that was refused, failed or
   * superseded, since the cluster may be between two commits.
   */
  async lastSync(): Promise<LastSync | undefined> {
    const { lastSync } = await this.application();
    return lastSync?.seq === this.request.seq - 1 ? lastSync : undefined;
  }

  async inventory(): Promise<readonly InventoryEntry[]> {
    return this.#inventory.read();
  }

  /** How many recorded objects were in a cluster that was made again since under its name. */
  async forgotten(): Promise<number> {
    return this.#inventory.forgotten();
  }

  /** What was left in the cluster under another name of it becomes part of the inventory. */
  async mergeLeft(left: LeftInventory, entries: readonly InventoryEntry[]): Promise<void> {
    await this.#inventory.merge(left, entries);
  }

  async writeInventory(entries: readonly InventoryEntry[], phase: Phase, rendered?: Rendered): Promise<void> {
    await this.#inventory.write(entries, phase, rendered);
  }

  /** Runs a stage as a durable step. Before its work the lease is taken or extended, and a newer operation ends this one. */
  async stage<T extends { readonly [key: string]: Json | undefined }>(
    phase: Phase,
    name: string,
    work: () => Promise<T>,
  ): Promise<StageResult<T>> {
    const result = await this.flow.step(name, async () => {
      if (await this.lease.isSuperseded()) return undefined;
      const startedMs = this.ports.clock.monotonic();
      await this.record.enter(phase);
      const value = await work();
      const ms = this.ports.clock.monotonic() - startedMs;
      this.log.info('finished stage', { stage: name, ms: Math.round(ms) });
      return { value, ms };
    });
    if (result === undefined) return finished(supersededFinish());
    this.record.addTiming(phase, result.ms);
    return done(result.value);
  }
}
