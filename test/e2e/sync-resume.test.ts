import { type Harness, startHarness } from './harness.ts';
import { hurriedClock } from './harness-clock.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

let harness: Harness;

// The deployer grants a running step ten seconds when it is stopped; here it is one.
beforeEach(async () => {
  harness = await startHarness({ clock: hurriedClock(10) });
});

afterEach(() => harness.stop());

test('an operation that was stopped while it waited for health goes on, and ends as if nothing had been', async () => {
  const app = await harness.app(
    { 'web.yaml': yaml(configMap('a'), deployment('web', 'slow')) },
    { sync: { timeout: '10m' } },
  );
  await app.until('the wait for health', ({ phase }) => phase === 'wait');
  await harness.halt();
  harness.api.forget();
  await harness.resume();
  const operation = await app.settled();

  expect(operation).toMatchObject({ seq: 1, outcome: { status: 'synced', message: '3 created' } });
  expect(harness.api.writes()).toEqual([]);
  expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/a`, `Deployment/${app.name}/web`]);
  expect(await app.history()).toEqual(['1 config synced']);
});

test('an operation that was stopped in the middle of applying writes what is missing, and the inventory is whole', async () => {
  const app = await harness.app({ 'README.md': '' }, { sync: { allowEmpty: true } });
  await app.settled();
  const names = ['a', 'b', 'c', 'd'];
  const held = harness.api.hold(/^PATCH .*\/configmaps\/c$/);
  await app.repository.push({ 'all.yaml': yaml(...names.map((name) => configMap(name))) });
  await held;
  await harness.halt();
  harness.api.letGo();
  await harness.resume();
  const operation = await app.settled();

  expect(operation).toMatchObject({ seq: 2, outcome: { status: 'synced', message: '4 created' } });
  const live = await Promise.all(names.map((name) => app.live('v1', 'ConfigMap', name)));
  expect(live.map((object) => object?.data)).toEqual(names.map(() => ({ value: '1' })));
  expect(await app.inventory()).toEqual(names.map((name) => `ConfigMap/${app.name}/${name}`));

  harness.api.forget();
  const next = await app.deploy({ 'README.md': 'words' });
  expect(next.outcome).toMatchObject({ status: 'unchanged', message: '4 unchanged' });
  expect(harness.api.writes()).toEqual([]);
});

test('a push while the deployer was away is found when it starts', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) });
  await app.settled();
  await harness.halt();
  harness.announce(undefined);
  await app.repository.push({ 'a.yaml': yaml(configMap('a', '2')) });
  await harness.resume();

  expect((await app.settled()).trigger).toEqual({ kind: 'sweep', by: 'sweep' });
  expect((await app.live('v1', 'ConfigMap', 'a'))?.data).toEqual({ value: '2' });
});
