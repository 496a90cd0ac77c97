import { type Harness, startHarness, WEBHOOK_SECRET } from './harness.ts';
import { githubDelivery } from './harness-forge.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

test('a push that touches nothing of the application ends without a single request to the API server', async () => {
  const app = await harness.app({ 'web/a.yaml': yaml(configMap('a')) }, { source: { path: 'web' } });
  await app.settled();
  harness.api.forget();
  const operation = await app.deploy({ 'docs/README.md': 'about something else' });

  const revision = await app.repository.git('rev-parse', 'HEAD');
  expect(operation.outcome).toEqual({
    status: 'unchanged',
    revision,
    message: 'the commit changes none of the files of the application',
  });
  expect(harness.api.requests()).toEqual([]);
  expect((await harness.deployer.state.application(app.name))?.lastSync).toMatchObject({ revision, seq: 2 });
});

test('a push that changes a comment alone is planned, and writes nothing', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) });
  await app.settled();
  harness.api.forget();
  const operation = await app.deploy({ 'a.yaml': `# the same\n${yaml(configMap('a'))}` });

  expect(operation.outcome).toMatchObject({ status: 'unchanged', message: '1 unchanged' });
  expect(harness.api.requests()).toEqual([`GET /api/v1/namespaces/${app.name}/configmaps`]);
});

test('a delivery of a commit that is live already asks for nothing', async () => {
  const app = await harness.app();
  await app.settled();
  const { revision: after = '' } = await app.deploy({ 'a.yaml': yaml(configMap('a')) });
  const delivery = githubDelivery({ url: app.repository.url, ref: 'refs/heads/main', after }, WEBHOOK_SECRET);

  expect(await harness.deliver('github', delivery)).toMatchObject({
    status: 202,
    body: { applications: [{ app: app.name, status: 'alreadyAsked', operation: `${app.name}-2` }] },
  });
  expect(await app.history()).toEqual(['1 config failed', '2 push synced']);
});

test('a sync by hand looks at the cluster even where Git has not changed, and repairs what was lost', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a'), configMap('b')) });
  await app.settled();
  await harness.kube.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace: app.name, name: 'a' });
  harness.api.forget();
  await harness.deployer.state.request(app.name, { trigger: { kind: 'manual', by: 'ann' } });
  await app.configure({});
  const operation = await app.settled();

  expect(operation).toMatchObject({
    trigger: { kind: 'manual', by: 'ann' },
    outcome: { status: 'synced', message: '1 created, 1 unchanged' },
  });
  expect(harness.api.writes()).toEqual([`PATCH /api/v1/namespaces/${app.name}/configmaps/a`]);
});
