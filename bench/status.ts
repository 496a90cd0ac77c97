// 1,000 applications of 10 objects, written by the parts that deployments write with. What a person waits for: the verb `status` as a process of its own, against
// the API on the emulator; and the requests to the table that it costs. Needs no API server.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen } from '../cli/dev/listen.ts';
import { createTable, dynamoDbClient, startDynamoDb } from '../dev/dynamodb.ts';
import { createApi } from '../lib/api/routes.ts';
import { createFolderBlobs } from '../lib/blobs/folder-blobs.ts';
import type { KubeObject } from '../lib/model/kube-object.ts';
import type { Cluster } from '../lib/ports/cluster.ts';
import type { Log } from '../lib/ports/runtime.ts';
import type { StateStore } from '../lib/ports/store.ts';
import { systemClock } from '../lib/runtime/system-clock.ts';
import { createStateStore } from '../lib/state/dynamo-state-store.ts';
import { deployWorld } from './drift-world.ts';
import { type Figure, figuresOf, percentile } from './figures.ts';

const TABLE = 'bench-status';
const APPLICATIONS = 1_000;
const OBJECTS_EACH = 10;
const ILL = 10;
const RUNS = 10;
const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, bind: () => silent };

/** Measures the verbs that list; `get APP` of 500 objects belongs here too. */
export async function benchStatus(sizes: readonly number[] = [APPLICATIONS]): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const applications of sizes) figures.push(...(await measure(applications)));
  return figures;
}

async function measure(applications: number): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-bench-'));
  const db = await startDynamoDb();
  const endpoint = await listen(0);
  try {
    const client = dynamoDbClient(db.endpoint);
    await createTable(client, TABLE);
    let requests = 0;
    client.middlewareStack.add(
      (next) => (args) => {
        requests += 1;
        return next(args);
      },
      { step: 'build' },
    );
    const clock = systemClock;
    const state = createStateStore({ client, table: TABLE, clock });
    const blobs = createFolderBlobs(folder, () => clock.now());
    await state.noteDeployer('bench', undefined);
    await deployWorld(
      { objects: applications * OBJECTS_EACH, applications, namespace: 'bench' },
      { state, blobs, cluster: answering },
    );
    await state.fillIndexes();
    await scanned(state);
    const api = createApi({ ...neverAsked, state, blobs, clock, log: silent, deployer: 'bench' });
    const counted = async (): Promise<number> => {
      requests = 0;
      await run(['status', '--url', endpoint.url]);
      return requests;
    };
    endpoint.answer((request) => api.fetch(new Request(request.url.replace('/api/', '/'), request)));
    const well = await counted();
    for (let n = 0; n < ILL; n += 1)
      await state.suspend(`bench-${n}`, { reason: 'bench', at: new Date(0).toISOString() });
    const withIll = await counted();
    const verb = await times(['status', '--url', endpoint.url]);
    const start = await times(['--version']);
    const figure = figuresOf('status');
    return [
      figure(`${applications}.p50`, percentile(verb, 50), { unit: 's', wanted: 0.5 }),
      figure(`${applications}.ratioToStart`, percentile(verb, 50) / percentile(start, 50), { unit: 'x' }),
      figure(`${applications}.requests`, well, { unit: 'requests', wanted: 20 }),
      figure(`${applications}.requests.tenToExplain`, withIll, { unit: 'requests' }),
    ];
  } finally {
    await endpoint.stop();
    await db.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A cluster that has applied everything. */
const answering = {
  apply: async (_kind: unknown, object: KubeObject) => {
    const metadata = { ...object.metadata, uid: object.metadata.name, resourceVersion: '1' };
    return { status: 'applied', object: { ...object, metadata } };
  },
} as unknown as Cluster;

/** What listing does not use. */
const neverAsked = {
  operations: { start: async () => undefined },
  scan: async () => ({ clusters: [] }),
  check: async () => [],
};

async function scanned(state: StateStore): Promise<void> {
  await state.beginScan('local', 'scan-1', 60);
  const at = new Date().toISOString();
  const about = { cluster: 'local', status: 'Reachable', since: at, scan: 'scan-1', startedAt: at } as const;
  await state.endScan({ ...about, completedAt: at, ms: 1, orphans: [] }, []);
}

/** Seconds of each run. */
async function times(args: readonly string[]): Promise<readonly number[]> {
  const seconds: number[] = [];
  for (let n = 0; n < RUNS; n += 1) {
    const began = performance.now();
    await run(args);
    seconds.push((performance.now() - began) / 1000);
  }
  return seconds;
}

/** The exit code says how the applications are, which is not measured. */
function run(args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { maxBuffer: 16 * 1024 * 1024 }, () => resolve());
  });
}
