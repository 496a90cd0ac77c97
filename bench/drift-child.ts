// The scan in a process of its own, so that its CPU time and memory are its own. In: options as JSON in the first argument, then a message for each scan. Out: an
// answer for each. Ends with its parent.
import { readKubeconfig } from '../cli/kubeconfig/kubeconfig.ts';
import { dynamoDbClient } from '../dev/dynamodb.ts';
import { createFolderBlobs } from '../lib/blobs/folder-blobs.ts';
import { scanAll } from '../lib/drift/scan-all.ts';
import { ScanMemory } from '../lib/drift/unchanged-index.ts';
import { createCluster } from '../lib/kube/cluster.ts';
import type { Log } from '../lib/ports/runtime.ts';
import { systemClock } from '../lib/runtime/system-clock.ts';
import { createStateStore } from '../lib/state/dynamo-state-store.ts';
import type { ScanChildOptions, Scanned } from './drift-scans.ts';

const log: Log = {
  info: () => undefined,
  warn: (message, fields) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  error: (message, fields) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  bind: () => log,
};

const { kubeconfig, endpoint, table, blobsDir }: ScanChildOptions = JSON.parse(process.argv[2] ?? '{}');
const access = await readKubeconfig({ path: kubeconfig });
const cluster = createCluster(access, { clock: systemClock, log, version: 'bench' });
const blobs = createFolderBlobs(blobsDir);
const ports = {
  state: createStateStore({ client: dynamoDbClient(endpoint), table, clock: systemClock, log }),
  clusters: { open: async () => cluster },
  blobs,
  operations: { start: async () => undefined },
  outbox: { deliver: async () => undefined, deliverAll: async () => undefined },
  metrics: { put: () => undefined },
  clock: systemClock,
  log,
  deployer: 'bench',
  memory: new ScanMemory(blobs, log),
  projects: { declared: async () => ({ projects: [], clusters: [], changedAt: 0 }) },
};

async function scan(): Promise<Scanned> {
  const began = { at: performance.now(), cpu: process.cpuUsage() };
  const { clusters } = await scanAll({}, ports);
  const { user, system } = process.cpuUsage(began.cpu);
  const objectsDrifted = clusters.reduce((sum, one) => sum + one.objectsDrifted, 0);
  return {
    seconds: (performance.now() - began.at) / 1000,
    cpuSeconds: (user + system) / 1e6,
    peakRssMB: (process.resourceUsage().maxRSS * 1024) / 1e6,
    objectsDrifted,
    status: clusters.map(({ status }) => status).join(),
  };
}

process.on('message', async () => {
  try {
    process.send?.({ value: await scan() });
  } catch (error) {
    process.send?.({ error: String(error) });
  }
});
process.once('disconnect', () => process.exit(0));
process.send?.({});
