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

test('edits, a deleted object and a lost label are found, named and dated; what is extra is told and left alone', async () => {
  const app = await harness.app(
    { 'all.yaml': yaml(configMap('a'), configMap('b'), configMap('c'), deployment('web'), service('web')) },
    report,
  );
  await app.settled();
  expect(await drift.drifted(app.name)).toEqual([]);

  const { name: namespace } = app;
  const [map, web] = [
    { apiVersion: 'v1', kind: 'ConfigMap', namespace },
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' },
  ];
  await harness.kube.edit({ ...map, name: 'a' }, { data: { value: '2', more: 'x' } });
  await harness.kube.edit({ ...map, name: 'b' }, { metadata: { labels: null } });
  await harness.kube.delete({ ...map, name: 'c' });
  await harness.kube.edit(web, { spec: { replicas: 3 } }, 'scale');
  const image = [{ name: 'web', image: 'registry.example/web:v9' }];
  await harness.kube.edit(web, { spec: { template: { spec: { containers: image } } } });
  const labels = { 'driftless.dev/app': app.name };
  await harness.kube.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'd', namespace, labels } });

  const before = await app.version('v1', 'ConfigMap', 'a');
  expect(await drift.drifted(app.name)).toEqual([
    `ConfigMap/${app.name}/a modified by kubectl-edit (Update): data.value: 2 → 1`,
    `ConfigMap/${app.name}/b modified: metadata.labels: (none) → {"driftless.dev/app":"${app.name}"}`,
    `ConfigMap/${app.name}/c missing`,
    `ConfigMap/${app.name}/d extra`,
    `Deployment/${app.name}/web modified by kubectl-edit (Update scale), kubectl-edit (Update): spec.replicas: 3 → 1, spec.template.spec.containers[web].image: registry.example/web:v9 → registry.example/web:v1`,
  ]);
  const { objects, status } = await drift.record(app.name);
  expect(status).toBe('Drifted');
  expect(objects.every(({ handling }) => handling === 'report')).toBe(true);
  expect(Math.abs(Date.parse(objects[0]?.since ?? '') - Date.now())).toBeLessThan(60_000);
  expect(await app.version('v1', 'ConfigMap', 'a')).toBe(before);
});

test('what stays drifted is not asked about again, but for what has to be looked up by name, and is told once', async () => {
  const app = await harness.app({ 'all.yaml': yaml(configMap('a'), configMap('b')) }, report);
  await app.settled();
  const map = { apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name };
  await harness.kube.edit({ ...map, name: 'a' }, { data: { value: '2' } });
  await harness.kube.delete({ ...map, name: 'b' });
  await drift.scan();
  const told = drift.told.length;

  const requests = (await drift.requestsOfScan()).filter((line) => line.includes(`/${app.name}/`));
  expect(requests).toEqual([`GET /api/v1/namespaces/${app.name}/configmaps/b`]);
  expect(drift.told).toHaveLength(told);
  expect((await drift.record(app.name)).count).toBe(2);
});

test('values of a Secret are masked wherever drift is shown', async () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { password: 'from-git' } };
  const app = await harness.app({ 's.yaml': yaml(secret) }, report);
  await app.settled();
  const data = { password: Buffer.from('by-hand').toString('base64') };
  await harness.kube.edit({ apiVersion: 'v1', kind: 'Secret', namespace: app.name, name: 's' }, { data });

  expect(await drift.drifted(app.name)).toEqual([
    `Secret/${app.name}/s modified by kubectl-edit (Update): data.password: ••• (before) → ••• (after)`,
  ]);
  const all = JSON.stringify([await drift.record(app.name), drift.told]);
  for (const value of ['from-git', 'by-hand'])
    for (const text of [value, Buffer.from(value).toString('base64')]) expect(all).not.toContain(text);
});

test('a field that others own although its value is right is taken over; so is what kubectl apply brings beyond Git', async () => {
  const app = await harness.app({ 'all.yaml': yaml(configMap('a'), configMap('b')) }, report);
  await app.settled();
  const live = (name: string, data: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: app.name },
    data,
  });
  await harness.kube.applyAs('other', live('a', { value: '2' }));
  await harness.kube.applyAs('other', live('a', { value: '1' }));
  await harness.kube.applyAs('kubectl', live('b', { value: '1', more: 'x' }));

  expect(await drift.drifted(app.name)).toEqual([
    `ConfigMap/${app.name}/a takenOver by other (Apply)`,
    `ConfigMap/${app.name}/b modified by kubectl (Apply): data.more: x → (none)`,
  ]);
});

test('a check of one application looks at that one alone', async () => {
  const [one, other] = [
    await harness.app({ 'a.yaml': yaml(configMap('a')) }, report),
    await harness.app({ 'a.yaml': yaml(configMap('a')) }, report),
  ];
  await Promise.all([one.settled(), other.settled()]);
  for (const { name: namespace } of [one, other])
    await harness.kube.edit({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'a' }, { data: { value: '2' } });

  expect(await drift.check(one.name)).toEqual([
    `ConfigMap/${one.name}/a modified by kubectl-edit (Update): data.value: 2 → 1`,
  ]);
  expect(await harness.deployer.state.drift(other.name)).toBeUndefined();
});
