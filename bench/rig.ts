// In: nothing but an empty machine. Out: one API server for all benches of a run, with a look at its requests and at what is live in it. What may
// go wrong: the control plane is not built.
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { readKubeconfig } from '../cli/kubeconfig/kubeconfig.ts';
import { type Forge, startForge } from '../cli/verbs/demo/forge.ts';
import { startControlPlane } from '../dev/control-plane.ts';
import { createCluster } from '../lib/kube/cluster.ts';
import type { ClusterAccess } from '../lib/model/cluster-access.ts';
import type { Cluster } from '../lib/ports/cluster.ts';
import type { Log } from '../lib/ports/runtime.ts';
import { systemClock } from '../lib/runtime/system-clock.ts';
import { type BenchDeployer, startBenchDeployer } from './deployer.ts';

export type Files = Readonly<Record<string, string>>;

/** The parts that every bench measures with. */
export type Rig = {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly access: ClusterAccess;
  readonly cluster: Cluster;
  createNamespace(name: string): Promise<void>;
};

/** A deployer with its Git server, new for each measurement. */
export type Bench = {
  readonly forge: Forge;
  readonly deployer: BenchDeployer;
  readonly folder: string;
  readonly webhookSecret: string;
};

/** A control plane that has just begun is busy with itself for some seconds. */
const SETTLE_MS = 5_000;

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined, bind: () => silent };

/** Runs the work with a control plane; everything is gone afterwards. */
export async function withRig<T>(work: (rig: Rig) => Promise<T>): Promise<T> {
  const controlPlane = await startControlPlane();
  const folder = await mkdtemp(join(tmpdir(), 'driftless-bench-'));
  const access = await readKubeconfig({ text: controlPlane.kubeconfig });
  const cluster = createCluster(access, { clock: systemClock, log: silent, version: 'bench' });
  const createNamespace = async (name: string): Promise<void> => {
    const kind = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };
    await cluster.apply(kind, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, {});
  };
  try {
    await setTimeout(SETTLE_MS);
    return await work({ folder, kubeconfig: controlPlane.kubeconfigPath, access, cluster, createNamespace });
  } finally {
    await cluster.close();
    await controlPlane.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the work with a deployer, and a Git server whose repository holds the files. */
export async function withBench<T>(
  rig: Rig,
  { name, files }: { readonly name: string; readonly files: Files },
  work: (bench: Bench) => Promise<T>,
): Promise<T> {
  const folder = join(rig.folder, name);
  const example = join(folder, 'example');
  await writeFiles(example, files);
  const webhookSecret = randomBytes(24).toString('hex');
  const forge = await startForge({ folder, example, webhookSecret });
  const deployer = await startBenchDeployer({
    kubeconfig: rig.kubeconfig,
    stateDir: join(folder, 'state'),
    webhookSecret,
  });
  try {
    await forge.push('Begin', {});
    forge.deliverTo(deployer.webhookUrl);
    return await work({ forge, deployer, folder, webhookSecret });
  } finally {
    await deployer.stop();
    await forge.stop();
  }
}

/** Writes files below a folder. */
export async function writeFiles(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** How many requests for these resources, and without a resource (discovery, version), the server has had so far; the controllers' own are other verbs. */
export async function countRequests({ access }: Rig, resources: readonly string[]): Promise<number> {
  const text = await getMetrics(access);
  let sum = 0;
  for (const line of text.split('\n')) {
    const found = /^apiserver_request_total\{(?<labels>.*)\} (?<count>\S+)$/.exec(line)?.groups;
    if (found === undefined) continue;
    const labels = new Map(
      [...(found['labels'] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    if (isCounted(labels, resources)) sum += Number(found['count']);
  }
  return sum;
}

/** CPU time that the whole control plane has used so far. */
export async function serverCpuSeconds({ access }: Rig): Promise<number> {
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(await getMetrics(access))?.[1]);
}

/** Changes the status of a Deployment, as its controller would. */
export async function patchStatus(
  { access }: Rig,
  { namespace, name }: { readonly namespace?: string; readonly name: string },
  status: object,
): Promise<void> {
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}/status`;
  const dispatcher = new Agent({ connect: { ca: access.caData ?? [] } });
  const headers = { ...(await access.auth()), 'content-type': 'application/merge-patch+json' };
  const body = JSON.stringify({ status });
  const reply = await request(`${access.server}${path}`, { method: 'PATCH', dispatcher, headers, body });
  const text = await reply.body.text();
  await dispatcher.close();
  if (reply.statusCode !== 200) throw new Error(`PATCH ${path}: ${text}`);
}

const VERBS = ['APPLY', 'GET', 'LIST', 'DELETE'];
const PATHS = ['/api', '/apis', '/version'];

function isCounted(labels: ReadonlyMap<string | undefined, string | undefined>, resources: readonly string[]): boolean {
  const resource = labels.get('resource') ?? '';
  if (resource === '') return PATHS.includes(labels.get('subresource') ?? '');
  return resources.includes(resource) && VERBS.includes(labels.get('verb') ?? '');
}

async function getMetrics(access: ClusterAccess): Promise<string> {
  const connect = { ...(access.caData && { ca: access.caData }), ...access.clientCert };
  const dispatcher = new Agent({ allowH2: false, connect });
  try {
    const { body } = await request(`${access.server}/metrics`, { headers: await access.auth(), dispatcher });
    return await body.text();
  } finally {
    await dispatcher.close();
  }
}
