// A scan of many applications on one cluster: the first of a process, one of which nothing has drifted, one with 20 drifted objects. Beside it, on the same
// server, a server-side dry-run of every object, which is what tools do that keep no versions.
import { join } from 'node:path';
import { request } from 'undici';
import { systemClock } from '../cli/system-clock.ts';
import { createTable, dynamoDbClient, startDynamoDb } from '../dev/dynamodb.ts';
import { createFolderBlobs } from '../lib/blobs/folder-blobs.ts';
import { collectionPath } from '../lib/kube/path.ts';
import { createStateStore } from '../lib/state/dynamo-state-store.ts';
import { mapBounded } from '../lib/sync/bounded.ts';
import { type Scanned, startScans } from './drift-scans.ts';
import { type Deployed, deployWorld } from './drift-world.ts';
import { type Figure, figuresOf } from './figures.ts';
import { CONFIG_MAP, DEPLOYMENT, SERVICE } from './live.ts';
import { countRequests, openAgent, type Rig, serverCpuSeconds } from './rig.ts';

const SIZES = [1_000, 10_000];
const OBJECTS_EACH: Readonly<Record<number, number>> = { 1000: 10 };
const KINDS = [CONFIG_MAP, SERVICE, DEPLOYMENT];
const RESOURCES = KINDS.map(({ plural }) => plural);
const DRIFTED = 20;
const DRY_RUNS_AT_ONCE = 32;
/** Controllers take a while to have seen what was made. */
const SETTLE_MS = 10_000;
const CLEAN_SCANS = 5;

/** The bounds for a scan that finds nothing, by objects. */
const WANTED: Readonly<Record<number, { readonly seconds: number; readonly requests: number }>> = {
  1000: { seconds: 0.15, requests: 12 },
  10000: { seconds: 1, requests: 200 },
};

/** Measures each size with a state of its own. */
export async function benchDrift(rig: Rig, sizes: readonly number[] = SIZES): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) figures.push(...(await benchSize(rig, size)));
  return figures;
}

async function benchSize(rig: Rig, objects: number): Promise<readonly Figure[]> {
  const namespace = `bench-drift-${objects}`;
  await rig.createNamespace(namespace);
  const dynamoDb = await startDynamoDb({});
  const client = dynamoDbClient(dynamoDb.endpoint);
  try {
    await createTable(client, namespace);
    const blobsDir = join(rig.folder, namespace);
    const state = createStateStore({ client, table: namespace, clock: systemClock });
    const applications = Math.ceil(objects / (OBJECTS_EACH[objects] ?? 20));
    const world = { state, blobs: createFolderBlobs(blobsDir), cluster: rig.cluster };
    const deployed = await deployWorld({ objects, applications, namespace }, world);
    await systemClock.sleep(SETTLE_MS);
    const options = { kubeconfig: rig.kubeconfig, endpoint: dynamoDb.endpoint, table: namespace, blobsDir };
    return await measure(rig, { objects, deployed, options });
  } finally {
    await removeObjects(rig, namespace);
    client.destroy();
    await dynamoDb.stop();
  }
}

type Subject = {
  readonly objects: number;
  readonly deployed: readonly Deployed[];
  readonly options: Parameters<typeof startScans>[0];
};

async function measure(rig: Rig, { objects, deployed, options }: Subject): Promise<readonly Figure[]> {
  const all = deployed.flatMap(({ desired }) => desired);
  const scans = await startScans(options);
  try {
    const first = await counted(rig, scans.scan);
    const clean: Counted[] = [];
    for (let n = 0; n < CLEAN_SCANS; n += 1) clean.push(await counted(rig, scans.scan));
    const dryRun = await counted(rig, () => dryRunAll(rig, all));
    for (const { kind, object } of all.filter((_, n) => n % (objects / DRIFTED) === 0))
      await rig.cluster.apply(kind, { ...object, metadata: { ...object.metadata, annotations: {} } }, { force: true });
    const drifted = await counted(rig, scans.scan);
    if (drifted.objectsDrifted !== DRIFTED) throw new Error(`${drifted.objectsDrifted} objects have drifted`);
    return figuresFor(objects, { first, clean: median(clean), dryRun, drifted });
  } finally {
    await scans.stop();
  }
}

type Counted = Scanned & { readonly requests: number; readonly serverCpuSeconds: number };

async function counted(rig: Rig, work: () => Promise<Scanned>): Promise<Counted> {
  const before = { requests: await countRequests(rig, RESOURCES), cpu: await serverCpuSeconds(rig) };
  const done = await work();
  const cpu = (await serverCpuSeconds(rig)) - before.cpu;
  return { ...done, requests: (await countRequests(rig, RESOURCES)) - before.requests, serverCpuSeconds: cpu };
}

async function dryRunAll({ cluster }: Rig, all: Deployed['desired']): Promise<Scanned> {
  const began = { at: performance.now(), cpu: process.cpuUsage() };
  await mapBounded(all, DRY_RUNS_AT_ONCE, ({ kind, object }) =>
    cluster.apply(kind, object, { dryRun: true, force: true }),
  );
  const { user, system } = process.cpuUsage(began.cpu);
  const seconds = (performance.now() - began.at) / 1000;
  return { seconds, cpuSeconds: (user + system) / 1e6, peakRssMB: 0, objectsDrifted: 0, status: 'scanned' };
}

function median(scans: readonly Counted[]): Counted {
  const sorted = scans.toSorted((a, b) => a.seconds - b.seconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was scanned');
  return middle;
}

type Results = Readonly<Record<'first' | 'clean' | 'dryRun' | 'drifted', Counted>>;

function figuresFor(objects: number, { first, clean, dryRun, drifted }: Results): readonly Figure[] {
  const figure = figuresOf('drift');
  const name = (metric: string): string => `${objects}.${metric}`;
  const bounds = WANTED[objects];
  const wanted = (bound: number | undefined): { wanted?: number } => (bound === undefined ? {} : { wanted: bound });
  const ratio = wanted(objects === 10_000 ? 1 / 50 : undefined);
  return [
    figure(name('first'), first.seconds, { unit: 's' }),
    figure(name('first.requests'), first.requests, { unit: 'requests' }),
    figure(name('clean'), clean.seconds, { unit: 's', ...wanted(bounds?.seconds) }),
    figure(name('clean.requests'), clean.requests, { unit: 'requests', ...wanted(bounds?.requests) }),
    figure(name('clean.cpu'), clean.cpuSeconds, { unit: 's' }),
    figure(name('clean.serverCpu'), clean.serverCpuSeconds, { unit: 's' }),
    figure(name('dryRun'), dryRun.seconds, { unit: 's' }),
    figure(name('dryRun.requests'), dryRun.requests, { unit: 'requests' }),
    figure(name('dryRun.serverCpu'), dryRun.serverCpuSeconds, { unit: 's' }),
    figure(name('clean.ratioToDryRun'), clean.seconds / dryRun.seconds, { unit: 'x', ...ratio }),
    figure(name('clean.requestRatio'), clean.requests / dryRun.requests, { unit: 'x', ...ratio }),
    figure(name('drifted'), drifted.seconds, { unit: 's' }),
    figure(name('drifted.requests'), drifted.requests, { unit: 'requests' }),
    figure(name('peakMemory'), drifted.peakRssMB, { unit: 'MB', ...wanted(256) }),
  ];
}

/** The server gives up a request after a minute, and goes on from there at the next. */
const REMOVALS = 20;

/** The next size is to find its own objects only. */
async function removeObjects({ access }: Rig, namespace: string): Promise<void> {
  const dispatcher = openAgent(access);
  for (const kind of KINDS) {
    const url = `${access.server}${collectionPath(kind, namespace)}`;
    for (let tries = 0, isDone = false; !isDone && tries < REMOVALS; tries += 1) {
      const reply = await request(url, { method: 'DELETE', headers: await access.auth(), dispatcher });
      await reply.body.dump();
      isDone = reply.statusCode < 300;
    }
  }
  await dispatcher.close();
}
