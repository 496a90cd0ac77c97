// A deployer in memory, but for its state table: all that it persists can be looked at, dumped, and given to another one.

import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { projectsOf } from '../../functions/wiring/projects.ts';
import type { LivePorts } from '../../lib/api/live-routes.ts';
import { type FollowOutcome, followConfig } from '../../lib/config-repo/follow.ts';
import { scanAll } from '../../lib/drift/scan-all.ts';
import type { ScanSummary } from '../../lib/drift/scan-ports.ts';
import { diffHead } from '../../lib/inspect/diff/diff-head.ts';
import { diffLive } from '../../lib/inspect/diff/diff-live.ts';
import type { ConfigSource } from '../../lib/model/configuration-record.ts';
import type { Outcome, Trigger } from '../../lib/model/operation.ts';
import type { GitLog } from '../../lib/ports/git.ts';
import type { Blobs, ConfigStore, DriftStore, StateStore } from '../../lib/ports/store.ts';
import type { Flow } from '../../lib/ports/workflow.ts';
import { createConfigStore } from '../../lib/state/configuration.ts';
import { createStateStore } from '../../lib/state/dynamo-state-store.ts';
import type { SyncPorts } from '../../lib/sync/operation/run.ts';
import { syncApp } from '../../lib/sync/sync.ts';
import { sweep } from '../../lib/triggers/sweep.ts';
import { FakeCluster } from '../fakes/cluster.ts';
import { ManualClock } from '../fakes/manual-clock.ts';
import { type Journal, MemoryFlow } from '../fakes/memory-flow.ts';

import { RecordingLog } from '../fakes/recording-log.ts';
import { snapshotOf, treeOf } from '../lib/render/fixture.ts';

type Store = StateStore & DriftStore;
type Files = Readonly<Record<string, string>>;

/** Everything that outlives the deployer: its own, and the Git servers that it reads. */
export type Persisted = {
  readonly now: number;
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  /** By the name of the operation. */
  readonly journals: ReadonlyMap<string, Journal>;
  /** Commits in their order, by the address of the repository. */
  readonly commits: Readonly<Record<string, readonly Files[]>>;
};

export const CONFIG: ConfigSource = { repo: 'https://git.test/acme/config', ref: 'main', path: 'config' };

/** What the renderer prints for every chart. */
const RENDERED = `---
# Source: wiki/templates/pages.yaml
apiVersion: v1
kind: ConfigMap
metadata: { name: pages }
data: { value: "1" }
`;

/** A deployer on an empty table, which is given what another one has left. */
export async function openWorld(
  { client, table }: { readonly client: DynamoDBDocumentClient; readonly table: string },
  { now, items, blobs, journals, commits }: Partial<Persisted> = {},
) {
  for (const item of items ?? []) await client.send(new PutCommand({ TableName: table, Item: { ...item } }));
  const world = new World({ client, table }, new ManualClock(now ?? Date.UTC(2026, 0, 1)));
  for (const [key, bytes] of blobs ?? []) world.blobs.set(key, bytes);
  for (const [name, journal] of journals ?? []) world.journals.set(name, [...journal]);
  for (const [repo, all] of Object.entries(commits ?? {})) for (const files of all) world.commit(repo, files);
  return world;
}

export class World {
  readonly clock: ManualClock;
  readonly cluster = new FakeCluster('shop', 'blog', 'wiki', 'cart');
  readonly log = new RecordingLog();
  readonly blobs = new Map<string, Uint8Array>();
  readonly folder: Blobs = {
    put: async (key, bytes) => void this.blobs.set(key, bytes),
    get: async (key) => this.blobs.get(key),
  };
  readonly journals = new Map<string, Journal>();
  readonly state: Store;
  readonly config: ConfigStore;
  /** `shop-2`, for each start of an operation. */
  readonly started: string[] = [];
  readonly #table: { readonly client: DynamoDBDocumentClient; readonly table: string };
  readonly #commits = new Map<string, Files[]>();
  #waiting = 0;

  constructor(table: { readonly client: DynamoDBDocumentClient; readonly table: string }, clock: ManualClock) {
    this.clock = clock;
    this.#table = table;
    this.state = this.#counted(createStateStore({ ...table, clock, log: this.log }));
    this.config = createConfigStore({ ...table, clock });
  }

  /** Makes a commit the head of a repository; gives its id, which depends on its place and content alone. */
  commit(repo: string, files: Files): string {
    const all = this.#commits.get(repo) ?? [];
    this.#commits.set(repo, [...all, files]);
    return revisionOf(all.length, files);
  }

  follow(version = '0.1.0'): Promise<FollowOutcome> {
    return followConfig(CONFIG, { ...this.#ports(), config: this.config, version });
  }

  /** Asks for an operation, and runs it to its end. */
  async deploy(app: string, trigger: Trigger = { kind: 'push', by: 'delivery-1' }): Promise<Outcome | undefined> {
    const repo = (await this.state.application(app))?.app.sources[0].repo ?? '';
    const isHead = trigger.kind === 'push' || trigger.kind === 'manual';
    const { seq } = await this.state.request(app, { trigger, ...(isHead && { revision: this.#head(repo) }) });
    return this.run(app, seq);
  }

  /** Runs an operation to its end, or until the process dies after a step. */
  async run(app: string, seq: number, diesAfter?: string): Promise<Outcome | undefined> {
    const journal = this.journals.get(`${app}-${seq}`) ?? [];
    this.journals.set(`${app}-${seq}`, journal);
    const { promise: died, resolve } = Promise.withResolvers<undefined>();
    const flow = new MemoryFlow(journal, this.clock, async (moment) => {
      if (moment !== `after the end of ${diesAfter}`) return;
      resolve(undefined);
      await new Promise<never>(() => undefined);
    });
    return this.#withPassingTime(Promise.race([died, syncApp({ app, seq }, flow, this.#ports())]));
  }

  /** Runs an operation in a flow of the caller's, who lets time pass. */
  operate(app: string, seq: number, flow: Flow): Promise<Outcome> {
    return syncApp({ app, seq }, flow, this.#ports());
  }

  async sweep(): Promise<void> {
    await sweep(this.#ports());
  }

  async scan(): Promise<ScanSummary> {
    const outbox = { deliver: async () => undefined, deliverAll: async () => undefined };
    const ports = { outbox, metrics: { put: () => undefined } };
    return scanAll({}, { ...this.#ports(), state: this.state, ...ports });
  }

  /** What shows live objects; a pod's log is one line. */
  live(): LivePorts {
    const ports = this.#ports();
    const podLog = async () => ({ status: 'read', text: '2026-01-01T00:00:00Z ready\n' }) as const;
    const { cluster } = this;
    const inspected = {
      uid: () => cluster.uid(),
      kind: cluster.kind.bind(cluster),
      list: cluster.list.bind(cluster),
      get: cluster.get.bind(cluster),
      podLog,
    };
    return {
      ...ports,
      clusters: { inspect: async () => inspected },
      diffLive: (request) => diffLive(request, ports),
      diffHead: (request) => diffHead(request, ports),
    };
  }

  /** All that outlives this deployer. */
  async persisted(): Promise<Persisted> {
    const { client, table } = this.#table;
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
    const key = ({ pk, sk }: Readonly<Record<string, unknown>>) => `${String(pk)} ${String(sk)}`;
    return {
      now: this.clock.now(),
      items: Items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1)),
      blobs: this.blobs,
      journals: this.journals,
      commits: Object.fromEntries(this.#commits),
    };
  }

  #head(repo: string): string {
    const all = this.#commits.get(repo) ?? [];
    return revisionOf(all.length - 1, all.at(-1) ?? {});
  }

  #ports(): SyncPorts & { readonly git: GitLog } {
    return {
      git: {
        resolve: async (repo) => this.#head(repo),
        open: async (repo, revision) => {
          const all = this.#commits.get(repo) ?? [];
          const files = all.find((one, place) => revisionOf(place, one) === revision) ?? {};
          return { ...snapshotOf(treeOf(files)), revision };
        },
        distance: async () => undefined,
      },
      renderer: { render: async () => RENDERED },
      clusters: { open: async () => this.cluster },
      projects: projectsOf(this.config),
      state: this.state,
      blobs: this.folder,
      operations: { start: async (app, seq) => void this.started.push(`${app}-${seq}`) },
      alarms: { inAlarm: async (names) => names.filter((name) => name === 'disk-full') },
      clock: this.clock,
      log: this.log,
      deployer: 'test',
      toolVersions: 'tools-1',
    };
  }

  /** Lets the clock run while an operation sleeps and no answer of the table is awaited. */
  async #withPassingTime<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const watched = work.finally(() => {
      ended = true;
    });
    while (!ended) {
      await setImmediate();
      if (!ended && this.#waiting === 0) await this.clock.advanceToNext();
    }
    return watched;
  }

  #counted(store: Store): Store {
    return new Proxy(store, {
      get:
        (target, name: keyof Store) =>
        async (...args: never[]) => {
          this.#waiting += 1;
          const call = target[name] as (...given: never[]) => Promise<unknown>;
          return call(...args).finally(() => {
            this.#waiting -= 1;
          });
        },
    });
  }
}

function revisionOf(place: number, files: Files): string {
  return createHash('sha1')
    .update(`${place} ${JSON.stringify(files)}`)
    .digest('hex');
}
