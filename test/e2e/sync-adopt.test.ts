import { type Harness, startHarness } from './harness.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

test('an object that was there before is adopted: labelled, entered into the inventory, not made anew', async () => {
  const app = await harness.app({ 'kept.yaml': yaml(configMap('kept')) });
  await app.settled();
  const before = await harness.kube.create(configMap('old', '1', { namespace: app.name, labels: { team: 'shop' } }));
  const operation = await app.deploy({ 'old.yaml': yaml(configMap('old')) });

  expect(await app.changes(operation)).toEqual([
    `~ ConfigMap/${app.name}/old configured`,
    `    ConfigMap/${app.name}/old: metadata.labels["driftless.dev/app"]: (none) → ${app.name}`,
  ]);
  const live = await app.live('v1', 'ConfigMap', 'old');
  expect(live?.metadata).toMatchObject({
    uid: before.metadata.uid,
    labels: { team: 'shop', 'driftless.dev/app': app.name },
  });
  expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/kept`, `ConfigMap/${app.name}/old`]);
});

test('an object of another application is waited for, and stays the other’s', async () => {
  const owner = await harness.app({ 'a.yaml': yaml(configMap('a', 'of the owner')) });
  await owner.settled();
  const other = await harness.app(
    { 'a.yaml': yaml(configMap('a', 'of the other')) },
    { destination: { namespace: owner.name } },
  );
  const operation = await other.settled();

  expect(operation.outcome).toMatchObject({
    status: 'waiting',
    message: `waits for 1 object of other applications: ConfigMap/${owner.name}/a belongs to application ${owner.name}, which has not released it; it is taken over once ${owner.name} has deployed a commit without it`,
  });
  expect(await owner.live('v1', 'ConfigMap', 'a')).toMatchObject({
    data: { value: 'of the owner' },
    metadata: { labels: { 'driftless.dev/app': owner.name } },
  });
  expect(await other.inventory()).toEqual([]);
});
