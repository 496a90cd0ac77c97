import { type Harness, startHarness } from './harness.ts';
import { type DriftUnderTest, driftUnderTest } from './harness-drift.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

let harness: Harness;
let drift: DriftUnderTest;

const report = { drift: { mode: 'report' } };

beforeAll(async () => {
  harness = await startHarness();
  drift = driftUnderTest(harness);
});

afterAll(() => harness.stop());

const LISTS = ['GET /api/v1/configmaps', 'GET /api/v1/services', 'GET /apis/apps/v1/deployments'];

test('all applications cost one list a kind; a change of status alone one look at the object, which is not asked about again', async () => {
  const files = { 'all.yaml': yaml(configMap('a'), deployment('web'), service('web')) };
  const apps = [await harness.app(files, report), await harness.app(files, report)];
  for (const app of apps) await app.settled();
  await drift.scan();
  for (const { name: namespace } of apps) {
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
    const condition = { type: 'Odd', status: 'True', reason: 'Test', message: `at ${Date.now()}` };
    await harness.kube.edit(web, { status: { conditions: [condition] } }, 'status');
  }

  for (let scan = 1; scan <= 2; scan += 1) {
    // Applications of other tests may have more kinds.
    const requests = await drift.requestsOfScan();
    expect(requests).toEqual(expect.arrayContaining(LISTS));
    expect(requests).toEqual([...new Set(requests)]);
    const looks = apps.map(({ name }) => `GET /apis/apps/v1/namespaces/${name}/deployments/web`);
    expect(requests.filter((line) => line.includes('/namespaces/'))).toEqual(scan === 1 ? looks.toSorted() : []);
  }
  for (const { name } of apps) expect(await harness.deployer.state.drift(name)).toBeUndefined();
});

test('what a controller adds, and what Git leaves to others, is not drift; it is asked about once', async () => {
  const app = await harness.app({ 'all.yaml': yaml(configMap('a'), service('web')) }, report);
  await app.settled();
  const map = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name, name: 'a' };
  await harness.kube.edit(map, { data: { more: 'x' }, metadata: { annotations: { 'example.com/seen': 'yes' } } });

  const first = (await drift.requestsOfScan()).filter((line) => line.includes(app.name));
  const path = `/api/v1/namespaces/${app.name}/configmaps/a`;
  expect(first).toEqual([`GET ${path}`, `PATCH ${path} (dry run)`]);
  expect((await drift.requestsOfScan()).filter((line) => line.includes(app.name))).toEqual([]);
  expect(await harness.deployer.state.drift(app.name)).toBeUndefined();
});

test('hooks that have removed themselves, and objects that carry a label for their owner’s sake, are not drift', async () => {
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'before',
      annotations: {
        'argocd.argoproj.io/hook': 'PreSync',
        'argocd.argoproj.io/hook-delete-policy': 'HookSucceeded',
      },
    },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'b', image: 'registry.example/b:v1' }] } },
    },
  };
  const app = await harness.app({ 'all.yaml': yaml(job, service('web'), deployment('web')) }, report);
  await app.settled();
  expect(await drift.drifted(app.name)).toEqual([]);
  const again = (await drift.requestsOfScan()).filter((line) => line.includes(app.name));
  expect(again).toEqual([]);
});

test('an annotation in Git keeps an object from being looked at, and a rule a field', async () => {
  const off = configMap('off', '1', { annotations: { 'driftless.dev/drift': 'off' } });
  const ignore = [
    { kind: 'Deployment', fields: ['/spec/template/spec/containers/0/image'] },
    { kind: 'ConfigMap', name: 'gone', fields: ['*'] },
    { managers: ['vendor-*'] },
  ];
  const files = { 'all.yaml': yaml(off, configMap('gone'), configMap('theirs'), deployment('web')) };
  const app = await harness.app(files, { drift: { mode: 'report', ignore } });
  await app.settled();
  const { name: namespace } = app;
  const map = { apiVersion: 'v1', kind: 'ConfigMap', namespace };
  await harness.kube.edit({ ...map, name: 'off' }, { data: { value: '2' } });
  await harness.kube.delete({ ...map, name: 'gone' });
  await harness.kube.applyAs('vendor-sync', { ...configMap('theirs', '2'), metadata: { name: 'theirs', namespace } });
  const containers = [{ name: 'web', image: 'registry.example/web:v7' }];
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
  await harness.kube.edit(web, { spec: { template: { spec: { containers } } } });
  expect(await drift.drifted(app.name)).toEqual([]);

  await harness.kube.edit(web, { spec: { replicas: 2 } });
  expect(await drift.drifted(app.name)).toEqual([
    `Deployment/${app.name}/web modified by kubectl-edit (Update): spec.replicas: 2 → 1`,
  ]);
});
