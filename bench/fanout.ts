// One repository of 1,000 files, a hundred applications of ten ConfigMaps: the first deployment of all, then a push that changes one object of
// one application, then one that touches every application.
import { setTimeout } from 'node:timers/promises';
import type { BenchDeployer } from './deployer.ts';
import { ended } from './ended.ts';
import { type Figure, figuresOf, percentile } from './figures.ts';
import { CONFIG_MAP, watchLive } from './live.ts';
import { applicationsYaml, configMapObject, toYaml } from './objects.ts';
import { type Bench, countRequests, type Files, type Rig, withBench } from './rig.ts';

const APPLICATIONS = Array.from({ length: 100 }, (_, n) => `app-${String(n).padStart(2, '0')}`);
const OBJECTS = Array.from({ length: 10 }, (_, n) => n);
const NAMESPACE = 'bench-fanout';
const PUSHES = 5;

/** Measures many applications in one repository. */
export async function benchFanout(rig: Rig): Promise<readonly Figure[]> {
  await rig.createNamespace(NAMESPACE);
  const files: Files = Object.assign({}, ...APPLICATIONS.map((app) => filesOf(app, 'begin', OBJECTS)));
  return withBench(rig, { name: 'fanout', files }, async (bench) => [
    ...(await firstDeployment(rig, bench)),
    ...(await oneObject(rig, bench)),
    ...(await everyApplication(rig, bench)),
  ]);
}

async function firstDeployment(rig: Rig, { forge, deployer }: Bench): Promise<readonly Figure[]> {
  const applications = APPLICATIONS.map((name) => ({ name, path: name, namespace: NAMESPACE }));
  const watch = {
    namespace: NAMESPACE,
    kinds: [CONFIG_MAP],
    mark: 'begin',
    count: APPLICATIONS.length * OBJECTS.length,
  };
  const { live } = await watchLive(rig.cluster, watch);
  const before = await deployer.usage();
  const began = performance.now();
  await deployer.load(applicationsYaml(forge.url, applications));
  const seconds = ((await live) - began) / 1000;
  await allEnded(deployer, 1);
  const after = await deployer.usage();
  const figure = figuresOf('fanout');
  return [
    figure('first.live', seconds, { unit: 's', wanted: 4 }),
    figure('first.cpu', after.cpuSeconds - before.cpuSeconds, { unit: 's' }),
    figure('first.peakMemory', after.peakRssMB, { unit: 'MB' }),
  ];
}

async function oneObject(rig: Rig, { forge, deployer }: Bench): Promise<readonly Figure[]> {
  const times: number[] = [];
  const requests: number[] = [];
  const began = await deployer.usage();
  for (let n = 0; n < PUSHES; n += 1) {
    const mark = `one-${n}`;
    const counted = await countRequests(rig, RESOURCES);
    const { live } = await watchLive(rig.cluster, { namespace: NAMESPACE, kinds: [CONFIG_MAP], mark, count: 1 });
    const { acceptedAt } = await forge.push(mark, filesOf('app-42', mark, [n]));
    times.push(((await live) - acceptedAt) / 1000);
    await ended(deployer, 'app-42', 2 + n);
    // The watch began with a LIST of ours.
    requests.push((await countRequests(rig, RESOURCES)) - counted - 1);
  }
  const cpu = (await deployer.usage()).cpuSeconds - began.cpuSeconds;
  const figure = figuresOf('fanout');
  return [
    figure('oneObject.live.p50', percentile(times, 50), { unit: 's', wanted: 0.2 }),
    figure('oneObject.live.max', Math.max(...times), { unit: 's' }),
    figure('oneObject.requests', percentile(requests, 50), { unit: 'requests', wanted: 15 }),
    figure('oneObject.cpu', cpu / PUSHES, { unit: 's' }),
  ];
}

async function everyApplication(rig: Rig, { forge, deployer }: Bench): Promise<readonly Figure[]> {
  const mark = 'every';
  const watch = { namespace: NAMESPACE, kinds: [CONFIG_MAP], mark, count: APPLICATIONS.length };
  const { live } = await watchLive(rig.cluster, watch);
  const files: Files = Object.assign({}, ...APPLICATIONS.map((app) => filesOf(app, mark, [0])));
  const { acceptedAt } = await forge.push(mark, files);
  const seconds = ((await live) - acceptedAt) / 1000;
  await allEnded(deployer, 2);
  return [figuresOf('fanout')('everyApplication.live', seconds, { unit: 's' })];
}

const RESOURCES = ['configmaps', 'namespaces'];

async function allEnded(deployer: BenchDeployer, seq: number): Promise<void> {
  for (const app of APPLICATIONS) await ended(deployer, app, seq);
  await setTimeout(100);
}

function filesOf(app: string, mark: string, objects: readonly number[]): Files {
  return Object.fromEntries(
    objects.map((n) => [`${app}/object-${n}.yaml`, toYaml([configMapObject(`${app}-${n}`, mark)])]),
  );
}
