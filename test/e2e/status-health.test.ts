// What status says of the health after an operation has ended: what is so now, as the scans see it.

import { getApplication } from '../../lib/queries/application.ts';
import { listPage } from '../../lib/queries/application-list.ts';
import type { HealthView } from '../../lib/queries/health-view.ts';
import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { type DriftUnderTest, driftUnderTest } from './harness-drift.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

let harness: Harness;
let drift: DriftUnderTest;

const report = { drift: { mode: 'report' } };

beforeAll(async () => {
  harness = await startHarness();
  drift = driftUnderTest(harness);
});

afterAll(() => harness.stop());

async function viewed({ name }: AppUnderTest): Promise<{ readonly health?: HealthView; readonly sync: string }> {
  const { health, sync } = await getApplication(name, drift.ports);
  return { ...(health && { health }), sync: sync.status };
}

async function listed({ name }: AppUnderTest): Promise<string | undefined> {
  const { items } = await listPage({ limit: 1_000 }, drift.ports);
  return items.find((item) => item.name === name)?.health;
}

/** Scans until status says so. */
async function until(app: AppUnderTest, status: string): Promise<HealthView | undefined> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    await drift.scan();
    const { health } = await viewed(app);
    if (health?.status === status) return health;
    if (performance.now() > deadline) throw new Error(`waited for ${status}: ${JSON.stringify(health)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function told({ name }: AppUnderTest): readonly string[] {
  const own = drift.told.filter(({ app, kind }) => app === name && kind.startsWith('health.'));
  return own.map(({ title }) => title.replaceAll(/web-\w+-\w+/g, 'web-…').replaceAll(name, 'APP'));
}

/** What the kubelet would report of the only pod. */
async function setPod({ name: namespace }: AppUnderTest, isReady: boolean): Promise<void> {
  const pods = await harness.kube.list('v1', 'Pod');
  const pod = pods.find(({ metadata }) => metadata.namespace === namespace);
  if (pod === undefined) throw new Error('there is no pod');
  const message = 'back-off 40s restarting failed container=web';
  const last = { terminated: { exitCode: 1, reason: 'Error', startedAt: null, finishedAt: null } };
  const container = {
    name: 'web',
    image: 'registry.example/web:v1',
    imageID: '',
    ready: isReady,
    restartCount: isReady ? 4 : 3,
    state: isReady
      ? { running: { startedAt: new Date().toISOString() } }
      : { waiting: { reason: 'CrashLoopBackOff', message } },
    ...(!isReady && { lastState: last }),
  };
  const time = new Date().toISOString();
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => {
    const isTrue = isReady || type === 'Initialized' || type === 'PodScheduled';
    return { type, status: isTrue ? 'True' : 'False', lastTransitionTime: time };
  });
  const what = { apiVersion: 'v1', kind: 'Pod', namespace, name: pod.metadata.name };
  await harness.kube.edit(what, { status: { phase: 'Running', conditions, containerStatuses: [container] } }, 'status');
}

test('S1: pods that crash after the deployment make it Degraded in the words of the pod, their recovery Healthy without a sync, and a slow rollout gets Healthy after its time-out', async () => {
  const slow = await harness.app({ 'all.yaml': yaml(deployment('web', 'slow')) }, { sync: { timeout: '1s' } });
  expect((await slow.settled()).outcome).toMatchObject({ status: 'degraded', health: { status: 'Progressing' } });
  await drift.scan();
  expect((await viewed(slow)).health).toMatchObject({ status: 'Progressing' });
  const app = await harness.app({ 'all.yaml': yaml(deployment('web'), configMap('a')) });
  expect((await app.settled()).outcome).toMatchObject({ status: 'synced', health: { status: 'Healthy' } });
  await drift.scan();
  expect(await viewed(app)).toMatchObject({ health: { status: 'Healthy', message: '' }, sync: 'Synced' });

  const began = new Date().toISOString();
  await setPod(app, false);
  const ill = await until(app, 'Degraded');
  expect(ill?.message).toMatch(/^Deployment\/.*\/web: Pod web-\S+: container web: CrashLoopBackOff/);
  expect(ill?.since?.localeCompare(began)).toBe(1);
  expect(await listed(app)).toBe('Degraded');
  await drift.scan();
  expect((await viewed(app)).health).toMatchObject({ status: 'Degraded', since: ill?.since });

  await setPod(app, true);
  await until(app, 'Healthy');
  expect(await listed(app)).toBe('Healthy');
  expect(await app.history()).toEqual(['1 config synced']);
  expect(told(app)).toEqual([
    expect.stringMatching(/^APP: Degraded: Deployment\/APP\/web: Pod web-…: container web: CrashLoopBackOff/),
    'APP: Healthy again',
  ]);

  await until(slow, 'Healthy');
  expect(await slow.history()).toEqual(['1 config degraded']);
  expect(told(slow)).toEqual([
    expect.stringMatching(/^APP: still Progressing after its operation: Deployment\/APP\/web: /),
    'APP: Healthy again',
  ]);
});

test('S1: deleted objects are Missing and out of sync, told once', async () => {
  const app = await harness.app({ 'all.yaml': yaml(configMap('a'), configMap('b')) }, report);
  await app.settled();
  const map = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name };
  await harness.kube.delete({ ...map, name: 'a' });
  await drift.scan();
  const objects = [{ id: { name: 'a' }, status: 'Missing' }];
  expect(await viewed(app)).toMatchObject({ health: { status: 'Healthy', objects }, sync: 'OutOfSync' });
  await harness.kube.delete({ ...map, name: 'b' });
  await drift.scan();
  await drift.scan();
  expect(await viewed(app)).toMatchObject({ health: { status: 'Missing' }, sync: 'OutOfSync' });
  expect(told(app)).toEqual(['APP: Missing: none of the 2 objects exists in the cluster']);
});
