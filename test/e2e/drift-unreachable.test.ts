import { getApplication } from '../../lib/queries/application.ts';
import { listPage } from '../../lib/queries/application-list.ts';
import type { HealthView } from '../../lib/queries/health-view.ts';
import { driftless } from '../cli/driftless.ts';
import { type Harness, startHarness } from './harness.ts';
import { hurriedClock } from './harness-clock.ts';
import { type DriftUnderTest, driftUnderTest } from './harness-drift.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

let harness: Harness;
let drift: DriftUnderTest;

// Half a minute of trying again becomes a second.
beforeAll(async () => {
  const clock = hurriedClock(25);
  harness = await startHarness({ clock });
  drift = driftUnderTest(harness, { clock });
});

afterEach(() => harness.api.setAway(false));

afterAll(() => harness.stop());

test('S5: a cluster that cannot be reached makes its applications Unknown and nothing missing, is told once, and so is its return', async () => {
  const files = { 'all.yaml': yaml(configMap('a'), configMap('b')) };
  const [clean, drifted] = [
    await harness.app(files, { drift: { mode: 'report' } }),
    await harness.app(files, { drift: { mode: 'report' } }),
  ];
  await Promise.all([clean.settled(), drifted.settled()]);
  // Another test may have left the cluster away.
  await drift.scan();
  const before = drift.told.length;
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

  const { url, token } = harness.deployer;
  const told = await driftless(['drift'], { env: { DRIFTLESS_URL: url, DRIFTLESS_TOKEN: token } });
  expect(told.exitCode).toBe(2);
  expect(told.stdout).toMatch(/\n0 of (\d) applications has drifted, \1 unknown\n$/);

  harness.api.setAway(false);
  expect(await drift.scan()).toMatchObject({ status: 'scanned', objectsDrifted: 1 });
  expect(await drift.record(clean.name)).toMatchObject({ status: 'InSync' });
  expect(await drift.record(drifted.name)).toMatchObject({ status: 'Drifted', count: 1 });
  expect(await harness.deployer.state.cluster('local')).not.toHaveProperty('reason');
  const kinds = drift.told.slice(before).map(({ kind }) => kind);
  expect(kinds).toEqual(['drift.opened', 'cluster.unreachable', 'cluster.reachable']);
});

test('S14: while the API server is away, the health is Unknown since then and why, at rest and during an operation', async () => {
  const app = await harness.app({ 'all.yaml': yaml(deployment('web')) }, { drift: { mode: 'report' } });
  await app.settled();
  await drift.scan();
  const health = async (): Promise<HealthView | undefined> => (await getApplication(app.name, drift.ports)).health;
  expect(await health()).toMatchObject({ status: 'Healthy' });
  harness.api.setAway(true);
  await drift.scan();
  const atRest = await health();
  expect(atRest).toMatchObject({ status: 'Unknown', message: expect.stringContaining(harness.api.url) });
  await app.repository.push({ 'all.yaml': yaml(deployment('web', 'v2')) });
  await app.until('an operation', ({ seq }) => seq === 2);
  await drift.scan();
  expect(await health()).toEqual(atRest);
  const { items } = await listPage({ limit: 1_000 }, drift.ports);
  expect(items.find(({ name }) => name === app.name)?.health).toBe('Unknown');
});
