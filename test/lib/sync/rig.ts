// A deployer without its outside world: the real state store on a table in memory, everything else a fake.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { stringify } from 'yaml';
import { DriftlessError } from '../../../lib/errors.ts';
import type { Application, SyncOptions } from '../../../lib/model/application.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import type { Operation, Outcome, Trigger } from '../../../lib/model/operation.ts';
import { specHash } from '../../../lib/model/stored-application.ts';
import type { Clusters } from '../../../lib/ports/cluster.ts';
import type { GitLog } from '../../../lib/ports/git.ts';
import type { DriftStore, StateStore } from '../../../lib/ports/store.ts';
import type { SyncPorts } from '../../../lib/sync/operation/run.ts';
import { syncApp } from '../../../lib/sync/sync.ts';
import { FakeCluster } from '../../fakes/cluster.ts';
import { distanceIn } from '../../fakes/git-distance.ts';
import type { ManualClock } from '../../fakes/manual-clock.ts';
import { memoryBlobs } from '../../fakes/memory-blobs.ts';
import { type Journal, MemoryFlow } from '../../fakes/memory-flow.ts';
import { openMemoryStore, type TableFixture } from '../../fakes/memory-state-store.ts';
import { Mortal } from '../../fakes/mortal.ts';
import { FakeProjects } from '../../fakes/projects.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';
import { applicationOf, snapshotOf, treeOf } from '../render/fixture.ts';

export type Rig = {
  readonly ports: SyncPorts & { readonly git: GitLog };
  readonly state: StateStore;
  /** Of the table below the state store. */
  readonly client: DynamoDBDocumentClient;
  readonly clock: ManualClock;
  readonly cluster: FakeCluster;
  /** The cluster under a name, where that is not `cluster`; may throw. */
  named: (name: string) => FakeCluster;
  readonly log: RecordingLog;
  readonly projects: FakeProjects;
  /** `shop-2`, for each start of an operation, in order. */
  readonly started: readonly string[];
  /** Configures the application `shop`. */
  configure(sync?: Partial<SyncOptions>, more?: Partial<Application>): Promise<void>;
  /** Makes a commit of these objects the head; returns its id. */
  commit(...objects: readonly KubeObject[]): string;
  /** Requests an operation; returns its number. */
  ask(trigger?: Trigger['kind'] | Trigger): Promise<number>;
  /** Runs an operation to its end in a process of its own, which may crash: then undefined. */
  run(seq: number, crashAt?: string, ports?: Partial<SyncPorts>, app?: string): Promise<Outcome | undefined>;
  /** The same, without the journal of earlier processes. */
  runAnew(seq: number): Promise<Outcome | undefined>;
  /** A commit, an operation and its end. */
  deploy(...objects: readonly KubeObject[]): Promise<Outcome | undefined>;
  /** What is recorded of an operation. */
  operation(seq: number): Promise<Operation | undefined>;
  /** The requests to the cluster since the last call. */
  requests(): readonly string[];
  /** Where the journal of the operation has moments to crash at. */
  moments(seq: number): readonly string[];
  /** What the journal of the operation holds: the result of each step that has ended, by its name. */
  results(seq: number): Readonly<Record<string, unknown>>;
};

const SHOP = applicationOf({ path: 'deploy', directory: { recurse: true } });

/** `open` gives each test a world of its own. */
export function withRig(): { open(sync?: Partial<SyncOptions>): Promise<Rig> } {
  return {
    open: async (sync) => {
      const rig = rigOf(await openMemoryStore());
      await rig.configure(sync);
      return rig;
    },
  };
}

function rigOf({ store, clock, client }: TableFixture): Rig {
  const { state, isBusy } = counted(store);
  const [cluster, log, projects] = [new FakeCluster('store'), new RecordingLog(), new FakeProjects()];
  const journals = new Map<string, Journal>();
  const commits = new Map<string, string>();
  const started: string[] = [];
  let head = '';
  let asked = 0;

  const ports: Rig['ports'] = {
    git: {
      resolve: async () => head,
      open: async (_repo, revision) => ({
        ...snapshotOf(treeOf({ 'deploy/all.yaml': commits.get(revision) ?? '' })),
        revision,
      }),
      distance: async (_repo, { from, to }) => distanceIn([...commits.keys()], { from, to }),
    },
    renderer: { render: () => Promise.reject(new Error('plain manifests need no renderer')) },
    clusters: { open: async () => cluster },
    projects,
    state,
    blobs: memoryBlobs(),
    operations: { start: async (app, seq) => void started.push(`${app}-${seq}`) },
    clock,
    log,
    deployer: 'test',
    toolVersions: 'test',
  };

  const rig: Rig = {
    ports,
    state,
    client,
    clock,
    cluster,
    named: () => cluster,
    log,
    projects,
    started,
    configure: async (sync = {}, more = {}) => {
      const app: Application = { ...SHOP, ...more, sync: { ...SHOP.sync, ...sync } };
      await state.putApplication(app, specHash(app));
    },
    commit: (...objects) => {
      const text = objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join('---\n');
      head = createHash('sha1').update(`${commits.size} ${text}`).digest('hex');
      commits.set(head, text);
      return head;
    },
    ask: async (asked = 'push') => {
      const trigger = typeof asked === 'string' ? { kind: asked } : asked;
      const isRepair = trigger.kind === 'rollback' || trigger.kind === 'drift';
      return (await state.request('shop', { trigger, ...(isRepair ? {} : { revision: head }) })).seq;
    },
    run: async (seq, crashAt, changed = {}, app = 'shop') => {
      const name = `${app}-${seq}`;
      const journal = journals.get(name) ?? [];
      journals.set(name, journal);
      const mortal = new Mortal(crashAt);
      const flow = new MemoryFlow(journal, clock, mortal.at);
      const open: Clusters['open'] = async (name, project) => {
        if (project !== undefined) projects.written.add(project.name);
        return mortal.cluster(rig.named(name));
      };
      const own = { ...ports, ...changed, clusters: { open } };
      return withPassingTime(clock, Promise.race([syncApp({ app, seq }, flow, own), mortal.stopped]), isBusy);
    },
    runAnew: (seq) => {
      journals.delete(`shop-${seq}`);
      return rig.run(seq);
    },
    deploy: async (...objects) => {
      rig.commit(...objects);
      return rig.run(await rig.ask());
    },
    operation: (seq) => state.operation('shop', seq),
    requests: () => {
      const since = asked;
      asked = cluster.requests.length;
      return cluster.requests.slice(since);
    },
    moments: (seq) =>
      (journals.get(`shop-${seq}`) ?? []).flatMap(({ name }) => [
        `before the end of ${name}`,
        `after the end of ${name}`,
      ]),
    results: (seq) =>
      Object.fromEntries((journals.get(`shop-${seq}`) ?? []).map(({ name, end }) => [name, JSON.parse(end).value])),
  };
  return rig;
}

/** Moves the clock while the operation sleeps and no request to the state store is open. */
async function withPassingTime<T>(clock: ManualClock, work: Promise<T>, isBusy: () => boolean): Promise<T> {
  let ended = false;
  const watched = work.finally(() => {
    ended = true;
  });
  // A failure is for the caller, below; until then it is handled.
  watched.catch(() => undefined);
  while (!ended) {
    await setImmediate();
    if (!ended && !isBusy()) await clock.advanceToNext();
  }
  return watched;
}

/** The store, and whether a request to it is open. */
function counted(store: StateStore): { readonly state: StateStore; isBusy(): boolean } {
  let waiting = 0;
  const state = new Proxy(store, {
    get:
      (target, name: keyof StateStore | keyof DriftStore) =>
      async (...args: never[]) => {
        waiting += 1;
        const call = target[name] as (...given: never[]) => Promise<unknown>;
        return call(...args).finally(() => {
          waiting -= 1;
        });
      },
  });
  return { state, isBusy: () => waiting > 0 };
}

/** A ConfigMap with one value. */
export function configMap(name: string, value = '1', annotations?: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(annotations && { annotations }) },
    data: { value },
  };
}

/** An object whose health a controller decides. */
export function widget(name: string, value = '1', annotations?: Readonly<Record<string, string>>): KubeObject {
  return {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: { name, ...(annotations && { annotations }) },
    spec: { value },
  };
}

/** A status as a controller writes it: one condition that is true. */
export function statusOf(
  type: 'Ready' | 'Reconciling' | 'Stalled',
  object: KubeObject,
  message: string = type,
): object {
  const { generation = 1 } = object.metadata;
  return { observedGeneration: generation, conditions: [{ type, status: 'True', message }] };
}

/** An error that is tried again. */
export function unreachable(): DriftlessError {
  return new DriftlessError('ApiServerUnreachable', 'the API server does not answer');
}
