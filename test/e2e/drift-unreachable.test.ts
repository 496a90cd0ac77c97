import { type Harness, startHarness } from './harness.ts';
import { hurriedClock } from './harness-clock.ts';
import { type DriftUnderTest, driftUnderTest } from './harness-drift.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;
let drift: DriftUnderTest;

// Half a minute of trying again becomes a second.
beforeAll(async () => {
  harness = await startHarness({ clock: hurriedClock(25) });
  drift = driftUnderTest(harness);
});

afterEach(() => harness.api.setAway(false));

afterAll(() => harness.stop());

test('a cluster that cannot be reached makes its applications Unknown and nothing missing, is told once, and so is its return', async () => {
  const files = { 'all.yaml': yaml(configMap('a'), configMap('b')) };
  const [clean, drifted] = [
    await harness.app(files, { drift: { mode: 'report' } }),
    await harness.app(files, { drift: { mode: 'report' } }),
  ];
  await Promise.all([clean.settled(), drifted.settled()]);
  const map = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: drifted.name };
  await harness.kube.edit(map, { data: { value: '2' } });
  await drift.scan();

  harness.api.setAway(true);
  expect(await drift.scan()).toMatchObject({ status: 'unreachable', objectsDrifted: 0, corrections: 0 });
  await drift.scan();
  const reason = expect.stringContaining(harness.api.url);
  expect(await drift.record(clean.name)).toMatchObject({ status: 'Unknown', reason, count: 0 });
  expect(await drift.record(drifted.name)).toMatchObject({ status: 'Unknown', reason, count: 1 });
  expect(await harness.deployer.state.cluster('local')).toMatchObject({ status: 'Unknown', reason });

  harness.api.setAway(false);
  expect(await drift.scan()).toMatchObject({ status: 'scanned', objectsDrifted: 1 });
  expect(await drift.record(clean.name)).toMatchObject({ status: 'InSync' });
  expect(await drift.record(drifted.name)).toMatchObject({ status: 'Drifted', count: 1 });
  expect(await harness.deployer.state.cluster('local')).not.toHaveProperty('reason');
  const kinds = drift.told.map(({ kind }) => kind);
  expect(kinds).toEqual(['drift.opened', 'cluster.unreachable', 'cluster.reachable']);
});
