import { type Harness, startHarness } from './harness.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

test('a push takes over while the operation before it waits for health', async () => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web', 'slow')) });
  await app.until('the wait for health', ({ phase }) => phase === 'wait');
  const operation = await app.deploy({ 'web.yaml': yaml(deployment('web', 'v2')) });

  expect(operation.outcome?.status).toBe('synced');
  expect(await app.history()).toEqual(['1 config superseded', '2 push synced']);
  expect(JSON.stringify((await app.live('apps/v1', 'Deployment', 'web'))?.spec)).toContain('registry.example/web:v2');
});

test('pushes right after one another end at the newest, each one in the history', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a', '0')) });
  await app.settled();
  for (const value of ['1', '2', '3', '4']) await app.repository.push({ 'a.yaml': yaml(configMap('a', value)) });
  const operation = await app.settled();

  expect(operation).toMatchObject({ seq: 5, revision: await app.repository.git('rev-parse', 'HEAD') });
  expect((await app.live('v1', 'ConfigMap', 'a'))?.data).toEqual({ value: '4' });
  const history = await app.history();
  expect(history).toHaveLength(5);
  expect(history.slice(1).join()).toMatch(/^(\d push (superseded|synced|unchanged),?){4}$/);
});

test('a force push back to the commit before deploys that commit again', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) });
  await app.settled();
  await app.deploy({ 'a.yaml': yaml(configMap('a', '2')), 'b.yaml': yaml(configMap('b')) });
  const revision = await app.repository.pushBack();
  const operation = await app.settled();

  expect(operation).toMatchObject({ seq: 3, revision, outcome: { status: 'synced' } });
  expect((await app.live('v1', 'ConfigMap', 'a'))?.data).toEqual({ value: '1' });
  expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/a`]);
});
