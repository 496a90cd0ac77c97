// One application of 100, 1,000 and 5,000 objects: created, one percent changed, nothing changed. Beside it, on the same server, the same manifests
// with kubectl apply --server-side, and as a bare loop of concurrent PATCHes.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Pool } from 'undici';
import { kubectlLayer } from '../dev/kubectl-layer.ts';
import type { BenchDeployer } from './deployer.ts';
import { ended } from './ended.ts';
import { type Figure, figuresOf } from './figures.ts';
import { CONFIG_MAP, DEPLOYMENT, SERVICE, watchLive } from './live.ts';
import { applicationsYaml, mixedObject, toYaml } from './objects.ts';
import { type Bench, countRequests, type Files, type Rig, withBench, writeFiles } from './rig.ts';

/** The size that the bounds are for. */
const BOUNDED = 1_000;
const SIZES = [100, BOUNDED, 5_000];
const OBJECTS_PER_FILE = 20;
const KINDS = [CONFIG_MAP, SERVICE, DEPLOYMENT];
const RESOURCES = [...KINDS.map(({ plural }) => plural), 'namespaces'];
const CONCURRENT = 32;

/** Measures each size with a deployer of its own. */
export async function benchSync(rig: Rig, sizes: readonly number[] = SIZES): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const size of sizes) figures.push(...(await benchSize(rig, size)));
  return figures;
}

type Seconds = { readonly created: number; readonly changed: number; readonly unchanged: number };

async function benchSize(rig: Rig, size: number): Promise<readonly Figure[]> {
  const kubectl = await withKubectl(rig, size);
  const bare = await withBareLoop(rig, size);
  const files = below('app', manifests(size));
  const namespace = `bench-sync-${size}`;
  await rig.createNamespace(namespace);
  return withBench(rig, { name: `sync-${size}`, files }, async (bench) => {
    const idle = await bench.deployer.usage();
    const ours = await withDeployer(rig, bench, { size, namespace });
    const used = await bench.deployer.usage();
    const name = (metric: string): string => `${size}.${metric}`;
    const wanted = (bound: number): { wanted?: number } => (size === BOUNDED ? { wanted: bound } : {});
    const figure = figuresOf('sync');
    return [
      figure(name('created'), ours.created, { unit: 's' }),
      figure(name('created.kubectl'), kubectl.created, { unit: 's' }),
      figure(name('created.bareLoop'), bare, { unit: 's' }),
      figure(name('created.ratioToKubectl'), ours.created / kubectl.created, { unit: 'x', ...wanted(0.8) }),
      figure(name('created.ratioToBareLoop'), ours.created / bare, { unit: 'x', ...wanted(2.3) }),
      figure(name('changed'), ours.changed, { unit: 's' }),
      figure(name('changed.kubectl'), kubectl.changed, { unit: 's' }),
      figure(name('changed.ratioToKubectl'), ours.changed / kubectl.changed, { unit: 'x', ...wanted(0.1) }),
      figure(name('unchanged'), ours.unchanged, { unit: 's' }),
      figure(name('unchanged.kubectl'), kubectl.unchanged, { unit: 's' }),
      figure(name('unchanged.ratioToKubectl'), ours.unchanged / kubectl.unchanged, { unit: 'x', ...wanted(0.05) }),
      figure(name('unchanged.requests'), ours.requests, { unit: 'requests', ...wanted(KINDS.length + 5) }),
      figure(name('cpu'), used.cpuSeconds - idle.cpuSeconds, { unit: 's' }),
      figure(name('idleMemory'), idle.rssMB, { unit: 'MB' }),
      figure(name('peakMemory'), used.peakRssMB, { unit: 'MB', ...wanted(200) }),
    ];
  });
}

/** From the push to the last object in the cluster; where nothing changes, to the end of the operation. */
async function withDeployer(
  rig: Rig,
  { forge, deployer }: Bench,
  { size, namespace }: { readonly size: number; readonly namespace: string },
): Promise<Seconds & { readonly requests: number }> {
  const all = await watchLive(rig.cluster, { namespace, kinds: KINDS, mark: 'begin', count: size });
  const began = performance.now();
  await deployer.load(applicationsYaml(forge.url, [{ name: 'sync', path: 'app', namespace }]));
  const created = (await all.live) - began;
  await ended(deployer, 'sync', 1);

  const count = size / 100;
  const some = await watchLive(rig.cluster, { namespace, kinds: [CONFIG_MAP], mark: 'changed', count });
  const push = await forge.push('Change one percent', below('app', manifests(size, 'changed')));
  const changed = (await some.live) - push.acceptedAt;
  await ended(deployer, 'sync', 2);

  const before = await countRequests(rig, RESOURCES);
  const unchanged = await unchangedSeconds(deployer, () =>
    forge.push('Say more', { 'app/objects-0.yaml': `# A remark.\n${firstFile(size)}` }),
  );
  const requests = (await countRequests(rig, RESOURCES)) - before;
  return { created: created / 1000, changed: changed / 1000, unchanged, requests };
}

async function unchangedSeconds(
  deployer: BenchDeployer,
  push: () => Promise<{ readonly acceptedAt: number }>,
): Promise<number> {
  const { acceptedAt } = await push();
  // The operation's record has milliseconds since 1970.
  const accepted = performance.timeOrigin + acceptedAt;
  const operation = await ended(deployer, 'sync', 3);
  return (Date.parse(operation.endedAt ?? '') - accepted) / 1000;
}

async function withKubectl(rig: Rig, size: number): Promise<Seconds> {
  const { kubectl } = await kubectlLayer();
  const namespace = `bench-kubectl-${size}`;
  await rig.createNamespace(namespace);
  const folder = join(rig.folder, namespace);
  const apply = async (): Promise<number> => {
    const began = performance.now();
    const args = ['--kubeconfig', rig.kubeconfig, '-n', namespace, 'apply', '--server-side', '-f', folder];
    await promisify(execFile)(kubectl, args, { maxBuffer: 64 * 1024 * 1024 });
    return (performance.now() - began) / 1000;
  };
  await writeFiles(folder, manifests(size));
  const created = await apply();
  await writeFiles(folder, manifests(size, 'changed'));
  const changed = await apply();
  return { created, changed, unchanged: await apply() };
}

/** What any deployer has to do at least: one PATCH for each object. */
async function withBareLoop(rig: Rig, size: number): Promise<number> {
  const { server, caData, clientCert, auth } = rig.access;
  const namespace = `bench-bare-${size}`;
  await rig.createNamespace(namespace);
  const pool = new Pool(server, { connections: CONCURRENT, connect: { ...(caData && { ca: caData }), ...clientCert } });
  const headers = { ...(await auth()), 'content-type': 'application/apply-patch+yaml' };
  const bodies = Array.from({ length: size }, (_, n) => ({
    path: `${pathOf(n, namespace)}/object-${n}?fieldManager=bare&force=true`,
    body: JSON.stringify(mixedObject(n, 'begin')),
  }));
  const began = performance.now();
  const queue = bodies.values();
  const worker = async (): Promise<void> => {
    for (const { path, body } of queue) {
      const reply = await pool.request({ method: 'PATCH', path, headers, body });
      await reply.body.text();
      if (reply.statusCode > 201) throw new Error(`the bare loop was answered HTTP ${reply.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, worker));
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  return seconds;
}

function pathOf(n: number, namespace: string): string {
  const { group, version, plural } = [CONFIG_MAP, SERVICE, CONFIG_MAP, DEPLOYMENT][n % 4] ?? CONFIG_MAP;
  return `${group === '' ? '/api' : `/apis/${group}`}/${version}/namespaces/${namespace}/${plural}`;
}

/** The files of an application; every hundredth object, a ConfigMap, is the one that changes. */
function manifests(size: number, mark: 'begin' | 'changed' = 'begin'): Files {
  const objects = Array.from({ length: size }, (_, n) => mixedObject(n, n % 100 === 0 ? mark : 'begin'));
  const files = Array.from({ length: Math.ceil(size / OBJECTS_PER_FILE) }, (_, file) => [
    `objects-${file}.yaml`,
    toYaml(objects.slice(file * OBJECTS_PER_FILE, (file + 1) * OBJECTS_PER_FILE)),
  ]);
  return Object.fromEntries(files);
}

function firstFile(size: number): string {
  return manifests(size, 'changed')['objects-0.yaml'] ?? '';
}

function below(folder: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}
