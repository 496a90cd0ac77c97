// One application of ten objects; one of them changes with each push. From the moment when the Git server has the push to the changed object in
// the cluster, as a watch sees it.
import { setTimeout } from 'node:timers/promises';
import type { Operation } from '../lib/model/operation.ts';
import { ended } from './ended.ts';
import { type Figure, figuresOf, percentile } from './figures.ts';
import { CONFIG_MAP, DEPLOYMENT, SERVICE, watchLive } from './live.ts';
import { applicationsYaml, mixedObject, toYaml } from './objects.ts';
import { type Bench, countRequests, type Rig, withBench } from './rig.ts';

const OBJECTS = 10;
const PUSHES = 20;
/** Pushes before that, for everything to be loaded and compiled. */
const WARM = 3;
const SETTLE_MS = 100;
const NAMESPACE = 'bench-push';

/** Measures pushes one after another. */
export async function benchPush(rig: Rig): Promise<readonly Figure[]> {
  await rig.createNamespace(NAMESPACE);
  const files = Object.fromEntries(
    Array.from({ length: OBJECTS }, (_, n) => [`app/object-${n}.yaml`, toYaml([mixedObject(n, 'begin')])]),
  );
  return withBench(rig, { name: 'push', files }, async (bench) => {
    const { forge, deployer } = bench;
    await deployer.load(applicationsYaml(forge.url, [{ name: 'push', path: 'app', namespace: NAMESPACE }]));
    await ended(deployer, 'push', 1);
    for (let n = 0; n < WARM; n += 1) await pushOne(rig, bench, { n, seq: 2 + n });

    const requests = await countRequests(rig, ['configmaps', 'services', 'deployments', 'namespaces']);
    const before = await deployer.usage();
    const pushes = [];
    for (let n = WARM; n < WARM + PUSHES; n += 1) pushes.push(await pushOne(rig, bench, { n, seq: 2 + n }));
    const after = await deployer.usage();
    const asked = (await countRequests(rig, ['configmaps', 'services', 'deployments', 'namespaces'])) - requests;

    const figure = figuresOf('push');
    const live = pushes.map(({ liveMs }) => liveMs / 1000);
    return [
      figure('live.p50', percentile(live, 50), { unit: 's', wanted: 0.12 }),
      figure('live.max', Math.max(...live), { unit: 's' }),
      figure('cpuPerPush', (after.cpuSeconds - before.cpuSeconds) / PUSHES, { unit: 's', wanted: 0.06 }),
      // Each push is watched with a LIST of our own.
      figure('requestsPerPush', asked / PUSHES - 1, { unit: 'requests' }),
      ...stageFigures(pushes.map(({ operation }) => operation)),
    ];
  });
}

async function pushOne(
  { cluster }: Rig,
  { forge, deployer }: Bench,
  { n, seq }: { readonly n: number; readonly seq: number },
): Promise<{ readonly liveMs: number; readonly operation: Operation }> {
  const mark = `push-${n}`;
  const changed = n % OBJECTS;
  const kind = [CONFIG_MAP, SERVICE, CONFIG_MAP, DEPLOYMENT][changed % 4] ?? CONFIG_MAP;
  const { live } = await watchLive(cluster, { namespace: NAMESPACE, kinds: [kind], mark, count: 1 });
  const { acceptedAt } = await forge.push(mark, {
    [`app/object-${changed}.yaml`]: toYaml([mixedObject(changed, mark)]),
  });
  const liveMs = (await live) - acceptedAt;
  // Asking for the operation costs the deployer a request to its state, so it is done once, when it has probably ended.
  await setTimeout(SETTLE_MS);
  return { liveMs, operation: await ended(deployer, 'push', seq) };
}

function stageFigures(operations: readonly Operation[]): readonly Figure[] {
  const figure = figuresOf('push');
  return (['resolve', 'render', 'plan', 'apply', 'wait', 'prune'] as const).map((phase) => {
    const times = operations.map(({ timings }) => (timings?.[phase] ?? 0) / 1000);
    return figure(`stage.${phase}.p50`, percentile(times, 50), { unit: 's' });
  });
}
