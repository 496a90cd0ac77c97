import { type Harness, startHarness } from './harness.ts';
import { hurriedClock } from './harness-clock.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;

// Minutes of trying again become seconds.
beforeAll(async () => {
  harness = await startHarness({ clock: hurriedClock(25) });
});

afterEach(() => harness.api.setAway(false));

afterAll(() => harness.stop());

test('S14: an API server that stays away fails the operation with its address; nothing is lost, and a scan that reaches it deploys', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) });
  await app.settled();
  harness.api.setAway(true);
  const { outcome } = await app.deploy({ 'a.yaml': yaml(configMap('a', '2')), 'b.yaml': yaml(configMap('b')) });

  expect(outcome).toMatchObject({
    status: 'failed',
    message: expect.stringContaining(`API server ${harness.api.url}: `),
    error: { code: 'ApiServerUnreachable', hint: 'check the endpoint access of the cluster' },
  });
  expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/a`]);

  harness.api.setAway(false);
  await harness.deployer.scan();
  const { trigger, outcome: again } = await app.settled();
  expect([trigger, again?.message]).toEqual([{ kind: 'sweep', by: 'scan' }, '1 created, 1 configured']);
});

test('S14: an API server that comes back in time is nothing but a delay, whose reason is recorded at once', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) });
  await app.settled();
  harness.api.setAway(true);
  await app.repository.push({ 'a.yaml': yaml(configMap('a', '2')) });
  const tried = () =>
    harness.log.some(
      ({ fields }) =>
        fields['operation'] === undefined &&
        fields['code'] === 'ApiServerUnreachable' &&
        String(fields['execution']).startsWith(app.name),
    );
  await app.until('the first step that failed', tried);
  // Status says it, too.
  await app.until('the reason', ({ trouble }) => trouble?.code === 'ApiServerUnreachable');
  harness.api.setAway(false);

  const settled = await app.settled();
  expect(settled.outcome).toMatchObject({ status: 'synced', message: '1 configured' });
  expect(settled).not.toHaveProperty('trouble');
});
