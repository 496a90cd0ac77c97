// Everything that outlives a deployer: the cluster, the state table, the Git server, and the deployer's own folder.
import { glob, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import { createTable, dynamoDbClient, startDynamoDb } from '../../dev/dynamodb.ts';
import { createCluster } from '../../lib/kube/cluster.ts';
import type { Application } from '../../lib/model/application.ts';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { Cluster } from '../../lib/ports/cluster.ts';
import type { StateStore } from '../../lib/ports/store.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { createStateStore } from '../../lib/state/dynamo-state-store.ts';
import { type Kube, openKube } from '../e2e/harness-kube.ts';
import { RecordingLog } from '../fakes/recording-log.ts';
import { exampleApplication } from './example.ts';
import { openTestRepository, type TestRepository } from './repository.ts';

export type World = {
  readonly app: Application;
  /** Everything that is configured: the application, and others beside it. */
  readonly apps: readonly Application[];
  readonly access: ClusterAccess;
  readonly cluster: Cluster;
  /** The way of people and other tools into the cluster. */
  readonly kube: Kube;
  readonly state: StateStore;
  readonly repository: TestRepository;
  readonly dynamoDbEndpoint: string;
  /** For the state folders of deployers. */
  readonly folder: string;
  /** Secret that deliveries are signed with. */
  readonly secret: string;
  /** The newest operation, when it has ended with this commit; fails when that takes too long. */
  deployed(revision: string): Promise<Operation>;
  /** The same, when no deployer has anything left to do either. */
  settled(revision: string): Promise<Operation>;
  /** The newest operation where nothing is to be done at this moment. */
  resting(): Promise<Operation | undefined>;
  close(): Promise<void>;
};

/** The name of the table in which deployers keep their state; the one of cli/wiring.ts. */
export const TABLE_NAME = 'driftless';

const SETTLE_MS = 180_000;
const POLL_MS = 20;

let worlds = 0;

/** A new one, on the cluster of a kubeconfig. */
export async function openWorld(kubeconfig: string): Promise<World> {
  worlds += 1;
  const name = `c${process.pid.toString(36)}${Date.now().toString(36).slice(-5)}${worlds}`;
  const folder = await mkdtemp(join(tmpdir(), 'driftless-crash-'));
  const [access, dynamoDb, repository] = await Promise.all([
    readKubeconfig({ path: kubeconfig }),
    startDynamoDb(),
    openTestRepository(join(folder, 'repositories')),
  ]);
  const client = dynamoDbClient(dynamoDb.endpoint);
  await createTable(client, TABLE_NAME);
  const cluster = createCluster(access, { clock: systemClock, log: new RecordingLog(), version: 'test' });
  const kube = openKube(access);
  const state = createStateStore({ client, table: TABLE_NAME, clock: systemClock });
  const place = { state, folder, name };
  const resting = async () => ((await isIdle(folder)) ? newestEnded(place) : undefined);
  const app = exampleApplication(name, repository.url);
  return {
    app,
    apps: [app],
    access,
    cluster,
    state,
    repository,
    dynamoDbEndpoint: dynamoDb.endpoint,
    folder,
    secret: 'secret of the tests',
    kube,
    deployed: (revision) => until(`${name} at ${revision}`, async () => of(await newestEnded(place), revision)),
    settled: (revision) => until(`${name} at ${revision}`, async () => of(await resting(), revision)),
    resting,
    async close() {
      await removeTraces(cluster, name);
      client.destroy();
      await Promise.all([cluster.close(), kube.close(), repository.stop(), dynamoDb.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Place = { readonly state: StateStore; readonly folder: string; readonly name: string };

/** The newest operation, when it has ended and given its lease back. */
async function newestEnded({ state, name }: Place): Promise<Operation | undefined> {
  const [newest] = await state.operations(name, 1);
  if (newest?.phase !== 'done' || (await state.application(name))?.lease !== undefined) return undefined;
  return newest;
}

function of(operation: Operation | undefined, revision: string): Operation | undefined {
  return operation?.revision === revision ? operation : undefined;
}

/** What a look finds, as soon as it finds anything. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + SETTLE_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`waited ${SETTLE_MS / 1000} s in vain for ${what}`);
    await systemClock.sleep(POLL_MS);
  }
}

/** Whether no deployer with its folder in here has an operation that has not ended. */
export async function isIdle(folder: string): Promise<boolean> {
  for await (const _ of glob('*/journal/running/*', { cwd: folder })) return false;
  return true;
}

/** What is in the namespaces goes with them. */
async function removeTraces(cluster: Cluster, app: string): Promise<void> {
  const kinds = [
    ['v1', 'Namespace'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ] as const;
  for (const [apiVersion, name] of kinds) {
    const kind = await cluster.kind(apiVersion, name);
    if (kind === undefined) continue;
    const { items } = await cluster.list({ kind, content: 'metadata' });
    for (const { metadata } of items.filter((item) => item.metadata.name.includes(app))) {
      const { name: object, uid = '' } = metadata;
      await cluster.delete(kind, { group: kind.group, kind: name, name: object, uid }, {});
    }
  }
}
