// A scan of many applications on one cluster: the first of a process, one in which nothing has moved, one in which 100 statuses have, one with 20 drifted objects. Beside it, on the same
// server, a server-side dry-run of every object, which is what tools do that keep no versions.
import { join } from 'node:path';
import { createTable, dynamoDbClient, startDynamoDb } from '../dev/dynamodb.ts';
import { mapBounded } from '../lib/async/map-bounded.ts';
import { createFolderBlobs } from '../lib/blobs/folder-blobs.ts';
import { systemClock } from '../lib/runtime/system-clock.ts';
import { createStateStore } from '../lib/state/dynamo-state-store.ts';
import { type Scanned, startScans } from './drift-scans.ts';
import { type Deployed, deployWorld } from './drift-world.ts';
import { type Figure, figuresOf } from './figures.ts';
import { CONFIG_MAP, DEPLOYMENT, SERVICE } from './live.ts';
import { countRequests, patchStatus, type Rig, serverCpuSeconds, withRig } from './rig.ts';

const SIZES = [1_000, 10_000];
const OBJECTS_EACH: Readonly<Record<number, number>> = { 1000: 10 };
const RESOURCES = [CONFIG_MAP, SERVICE, DEPLOYMENT].map(({ plural }) => plural);
const DRIFTED = 20;
const STATUSES = 100;
/** What a scan may send more where so many statuses have moved. */
const MORE_REQUESTS = 10;
const DRY_RUNS_AT_ONCE = 32;
/**
 * Controllers take a while to have seen what was made: they have when the server uses no more than a sixth of a processor. Of 50,000 objects they
 * have not within minutes, and are measured along.
 */
const QUIET = { shareOfCpu: 1 / 6, lookEveryMs: 5_000, withinMs: 300_000 } as const;
const CLEAN_SCANS = 9;
/** Metrics of an API server are megabytes, which it tidies up for a while. */
const AFTER_ASKING_MS = 2_000;

/** The bounds for a scan that finds nothing, by objects. */
const WANTED: Readonly<
  Record<number, { readonly seconds: number; readonly requests: number; readonly megabytes: number }>
> = {
  1000: { seconds: 0.15, requests: 12, megabytes: 256 },
  10000: { seconds: 0.3, requests: 200, megabytes: 256 },
};

/** Measures each size with a cluster and a state of its own: a scan would see the objects of the size before. */
export async function benchDrift(sizes: readonly number[] = SIZES): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) figures.push(...(await withRig((rig) => benchSize(rig, size))));
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
    await untilQuiet(rig);
    const options = { kubeconfig: rig.kubeconfig, endpoint: dynamoDb.endpoint, table: namespace, blobsDir };
    return await measure(rig, { objects, deployed, options });
  } finally {
    client.destroy();
    await dynamoDb.stop();
  }
}

async function untilQuiet(rig: Rig): Promise<void> {
  const until = performance.now() + QUIET.withinMs;
  for (let before = await serverCpuSeconds(rig); performance.now() < until; ) {
    await systemClock.sleep(QUIET.lookEveryMs);
    const now = await serverCpuSeconds(rig);
    if (now - before < (QUIET.lookEveryMs / 1000) * QUIET.shareOfCpu) return;
    before = now;
  }
  process.stderr.write(`the control plane is still busy after ${QUIET.withinMs / 1000} s\n`);
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
    const clean = await counted(rig, scans.scan, CLEAN_SCANS);
    const moved = await scanMoved(rig, all, scans.scan);
    const dryRun = await counted(rig, () => dryRunAll(rig, all));
    for (const { kind, object } of all.filter((_, n) => n % (objects / DRIFTED) === 0))
      await rig.cluster.apply(kind, { ...object, metadata: { ...object.metadata, annotations: {} } }, { force: true });
    const drifted = await counted(rig, scans.scan);
    if (drifted.objectsDrifted !== DRIFTED) throw new Error(`${drifted.objectsDrifted} objects have drifted`);
    return figuresFor(objects, { first, clean, moved, dryRun, drifted });
  } finally {
    await scans.stop();
  }
}

/** A scan after the statuses of some Deployments have changed, and those alone. */
async function scanMoved(rig: Rig, all: Deployed['desired'], scan: () => Promise<Scanned>): Promise<Counted> {
  const deployments = all.filter(({ kind }) => kind === DEPLOYMENT);
  const step = Math.max(1, Math.floor(deployments.length / STATUSES));
  const chosen = deployments.filter((_, n) => n % step === 0).slice(0, STATUSES);
  const condition = { type: 'Odd', status: 'True', reason: 'Bench', message: `at ${Date.now()}` };
  await mapBounded(chosen, DRY_RUNS_AT_ONCE, ({ object }) =>
    patchStatus(rig, object.metadata, { conditions: [condition] }),
  );
  return counted(rig, scan);
}

type Counted = Scanned & { readonly requests: number; readonly serverCpuSeconds: number };

/** Of several times, the median, and a time's share of requests and CPU; the server is asked for these before and after all of them, and let alone after it was. */
async function counted(rig: Rig, work: () => Promise<Scanned>, times = 1): Promise<Counted> {
  const before = { requests: await countRequests(rig, RESOURCES), cpu: await serverCpuSeconds(rig) };
  await systemClock.sleep(AFTER_ASKING_MS);
  const done: Scanned[] = [];
  for (let n = 0; n < times; n += 1) done.push(await work());
  const cpu = (await serverCpuSeconds(rig)) - before.cpu;
  const requests = (await countRequests(rig, RESOURCES)) - before.requests;
  return { ...median(done), requests: requests / times, serverCpuSeconds: cpu / times };
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

function median(scans: readonly Scanned[]): Scanned {
  const middle = scans.toSorted((a, b) => a.seconds - b.seconds)[Math.floor(scans.length / 2)];
  if (middle === undefined) throw new Error('nothing was scanned');
  return middle;
}

type Results = Readonly<Record<'first' | 'clean' | 'moved' | 'dryRun' | 'drifted', Counted>>;

function figuresFor(objects: number, { first, clean, moved, dryRun, drifted }: Results): readonly Figure[] {
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
    figure(name('moved'), moved.seconds, { unit: 's' }),
    figure(name('moved.requestsMore'), moved.requests - clean.requests, { unit: 'requests', wanted: MORE_REQUESTS }),
    figure(name('dryRun'), dryRun.seconds, { unit: 's' }),
    figure(name('dryRun.requests'), dryRun.requests, { unit: 'requests' }),
    figure(name('dryRun.serverCpu'), dryRun.serverCpuSeconds, { unit: 's' }),
    figure(name('clean.ratioToDryRun'), clean.seconds / dryRun.seconds, { unit: 'x', ...ratio }),
    figure(name('clean.requestRatio'), clean.requests / dryRun.requests, { unit: 'x', ...ratio }),
    figure(name('drifted'), drifted.seconds, { unit: 's' }),
    figure(name('drifted.requests'), drifted.requests, { unit: 'requests' }),
    figure(name('peakMemory'), drifted.peakRssMB, { unit: 'MB', ...wanted(bounds?.megabytes) }),
  ];
}
