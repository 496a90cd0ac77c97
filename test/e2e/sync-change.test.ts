import { type Harness, startHarness } from './harness.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

test('a push shows its field changes in readable words, and writes nothing but what changed', async () => {
  const app = await harness.app({
    'config.yaml': yaml(configMap('a'), configMap('b')),
    'web.yaml': yaml(service('web'), deployment('web')),
  });
  await app.settled();
  const unchanged = () =>
    Promise.all([
      app.version('v1', 'ConfigMap', 'a'),
      app.version('v1', 'ConfigMap', 'b'),
      app.version('v1', 'Service', 'web'),
    ]);
  const before = await unchanged();
  harness.api.forget();

  const operation = await app.deploy({ 'web.yaml': yaml(service('web'), deployment('web', 'v2', { replicas: 2 })) });

  const ref = `Deployment/${app.name}/web`;
  expect(operation.outcome).toEqual({
    status: 'synced',
    message: '1 configured, 3 unchanged',
    revision: await app.repository.git('rev-parse', 'HEAD'),
    health: { status: 'Healthy', message: '' },
  });
  expect(await app.changes(operation)).toEqual([
    `~ ${ref} configured`,
    `    ${ref}: spec.replicas: 1 → 2`,
    `    ${ref}: spec.template.spec.containers[web].image: registry.example/web:v1 → registry.example/web:v2`,
  ]);
  expect(harness.api.writes()).toEqual([`PATCH /apis/apps/v1/namespaces/${app.name}/deployments/web`]);
  expect(await unchanged()).toEqual(before);
  expect((await app.live('apps/v1', 'Deployment', 'web'))?.status).toMatchObject({ availableReplicas: 2 });
});

test('a field that Git does not name any more is taken out of the object', async () => {
  const labelled = configMap('a', '1', { annotations: { team: 'shop' } });
  const app = await harness.app({ 'config.yaml': yaml(labelled) });
  await app.settled();
  const operation = await app.deploy({ 'config.yaml': yaml(configMap('a')) });

  const ref = `ConfigMap/${app.name}/a`;
  expect(await app.changes(operation)).toEqual([
    `~ ${ref} configured`,
    `    ${ref}: metadata.annotations: {"team":"shop"} → (none)`,
  ]);
  expect((await app.live('v1', 'ConfigMap', 'a'))?.metadata.annotations).toBeUndefined();
});

test('a field that somebody else has added and Git never named stays', async () => {
  const app = await harness.app({ 'config.yaml': yaml(configMap('a')) });
  await app.settled();
  await harness.kube.edit(
    { apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name, name: 'a' },
    { data: { own: 'x' } },
  );
  await app.deploy({ 'config.yaml': yaml(configMap('a', '2')) });

  expect((await app.live('v1', 'ConfigMap', 'a'))?.data).toEqual({ value: '2', own: 'x' });
});
