// Drift that a scan finds is put right by an operation, on a real API server; everything else stays as it is.
import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { configMap, deployment, job, service, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

const web = (app: AppUnderTest) => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: app.name, name: 'web' });
const map = (app: AppUnderTest, name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name, name });

/** A scan, and the correction that it asked for. */
async function scanned(app: AppUnderTest) {
  await harness.deployer.scan();
  return app.settled();
}

test('a deployment that was scaled by hand and a deleted service are put right; nothing else is written, and no hook runs', async () => {
  const app = await harness.app({
    'all.yaml': yaml(
      deployment('web'),
      service('web'),
      configMap('a'),
      job('migrate', { 'argocd.argoproj.io/hook': 'PreSync' }),
    ),
  });
  expect((await app.settled()).outcome?.status).toBe('synced');
  const { lastSync } = (await harness.deployer.state.application(app.name)) ?? {};
  const versions = [await app.version('v1', 'ConfigMap', 'a'), await app.version('batch/v1', 'Job', 'migrate')];
  await harness.kube.edit(web(app), { spec: { replicas: 3 } }, 'scale');
  await harness.kube.delete({ apiVersion: 'v1', kind: 'Service', namespace: app.name, name: 'web' });

  const operation = await scanned(app);
  expect(operation).toMatchObject({
    seq: 2,
    trigger: { kind: 'drift' },
    revision: lastSync?.revision,
    outcome: { status: 'synced', message: 'drift was corrected: 1 created, 1 configured' },
  });
  expect((await app.live('apps/v1', 'Deployment', 'web'))?.spec).toMatchObject({ replicas: 1 });
  expect(await app.live('v1', 'Service', 'web')).toBeDefined();
  expect([await app.version('v1', 'ConfigMap', 'a'), await app.version('batch/v1', 'Job', 'migrate')]).toEqual(
    versions,
  );
  expect((await harness.deployer.state.application(app.name))?.lastSync).toEqual({ ...lastSync, seq: 2 });

  expect((await scanned(app)).seq).toBe(2);
  expect((await harness.deployer.state.drift(app.name))?.status ?? 'InSync').toBe('InSync');
});

test('a field that another tool has applied by force is taken back', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) });
  await app.settled();
  await harness.kube.applyAs('rival', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: app.name },
    data: { value: 'theirs' },
  });
  expect((await scanned(app)).outcome).toMatchObject({ status: 'synced' });
  expect((await app.live('v1', 'ConfigMap', 'a'))?.data).toEqual({ value: '1' });
});

test('an object whose annotation says report is left as it is, beside one that is put right', async () => {
  const annotations = { 'driftless.dev/drift': 'report' };
  const app = await harness.app({ 'all.yaml': yaml(configMap('a'), configMap('b', '1', { annotations })) });
  await app.settled();
  for (const name of ['a', 'b']) await harness.kube.edit(map(app, name), { data: { value: '2' } });
  expect((await scanned(app)).trigger.kind).toBe('drift');
  const values = [await app.live('v1', 'ConfigMap', 'a'), await app.live('v1', 'ConfigMap', 'b')].map(
    (live) => live?.data,
  );
  expect(values).toEqual([{ value: '1' }, { value: '2' }]);
});

test('a suspended application is neither corrected nor deployed by a push; once resumed, the sweep brings its head', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) });
  await app.settled();
  await app.deploy({ 'a.yaml': yaml(configMap('a', '2')) });
  await harness.deployer.state.suspend(app.name, { reason: 'night of the sale', at: new Date().toISOString() });
  await harness.kube.edit(map(app, 'a'), { data: { value: '3' } });
  expect((await scanned(app)).seq).toBe(2);
  await app.repository.push({ 'a.yaml': yaml(configMap('a', '4')) });
  expect((await app.settled()).seq).toBe(2);
  await harness.deployer.state.suspend(app.name, undefined);
  await app.configure({});
  expect(await app.settled()).toMatchObject({ seq: 3, trigger: { kind: 'sweep' }, outcome: { status: 'synced' } });
  expect((await app.live('v1', 'ConfigMap', 'a'))?.data).toEqual({ value: '4' });
});
