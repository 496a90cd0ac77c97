import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { type DriftUnderTest, driftUnderTest } from './harness-drift.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

let harness: Harness;
let drift: DriftUnderTest;
let inGit: AppUnderTest;
let besideGit: AppUnderTest;
let corrected: AppUnderTest;

const report = { drift: { mode: 'report' } };

beforeAll(async () => {
  harness = await startHarness();
  drift = driftUnderTest(harness);
  inGit = await harness.app({ 'all.yaml': yaml(deployment('web'), autoscaler('web')) }, report);
  besideGit = await harness.app({ 'all.yaml': yaml(deployment('web')) }, report);
  corrected = await harness.app(filesOf('v1'));
  const all = [inGit, besideGit, corrected];
  await Promise.all(all.map((app) => app.settled()));
  const { metadata, ...rest } = autoscaler('web');
  await harness.kube.create({ ...rest, metadata: { ...metadata, namespace: besideGit.name } });
  // An autoscaler acts a quarter of a minute after its creation, so the three act at the same time.
  await Promise.all(all.map(({ name }) => scaled(name)));
}, 120_000);

afterAll(() => harness.stop());

/** Scales without metrics: the least that it allows is more than there are. */
function autoscaler(name: string) {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name, annotations: { 'driftless.dev/ignore-health': 'true' } },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name }, minReplicas: 3, maxReplicas: 5 },
  };
}

async function scaled(namespace: string): Promise<void> {
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
  const deadline = performance.now() + 50_000;
  while (performance.now() < deadline) {
    const live = await harness.kube.get(web);
    if (JSON.stringify(live?.spec).includes('"replicas":3')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Deployment/${namespace}/web: no autoscaler has scaled it`);
}

function filesOf(tag: string, value = '1') {
  return {
    'web.yaml': yaml(deployment('web', tag)),
    'rest.yaml': yaml(autoscaler('web'), configMap('rest', value)),
  };
}

test('replicas that an autoscaler of the application has set are not drift, whatever Git says', async () => {
  expect(await drift.drifted(inGit.name)).toEqual([]);
});

test('replicas that an autoscaler outside of Git has set are not drift', async () => {
  expect(await drift.drifted(besideGit.name)).toEqual([]);
});

test('a person who scales is named', async () => {
  const app = await harness.app({ 'all.yaml': yaml(deployment('web')) }, report);
  await app.settled();
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: app.name, name: 'web' };
  await harness.kube.edit(web, { spec: { replicas: 2 } }, 'scale');
  expect(await drift.drifted(app.name)).toEqual([
    `Deployment/${app.name}/web modified by kubectl-edit (Update scale): spec.replicas: 2 → 1`,
  ]);
});

test('replicas stay the autoscaler’s when a correction puts an image back, when a push changes it, and when one changes nothing of it', async () => {
  const app = corrected;
  expect((await app.settled()).outcome?.status).toBe('synced');
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: app.name, name: 'web' };
  const spec = async () => (await harness.kube.get(web))?.spec;
  const running = (tag: string) => ({
    replicas: 3,
    template: { spec: { containers: [{ image: `registry.example/web:${tag}` }] } },
  });

  const containers = [{ name: 'web', image: 'registry.example/web:other' }];
  await harness.kube.edit(web, { spec: { template: { spec: { containers } } } });
  await harness.deployer.scan();
  const correction = await app.settled();
  expect(correction).toMatchObject({ seq: 2, trigger: { kind: 'drift' }, outcome: { status: 'synced' } });
  expect(await app.changes(correction)).toEqual([
    `~ Deployment/${app.name}/web configured (leaves spec.replicas to others)`,
    `    Deployment/${app.name}/web: spec.template.spec.containers[web].image: registry.example/web:other → registry.example/web:v1`,
  ]);
  expect(await spec()).toMatchObject(running('v1'));
  await harness.deployer.scan();
  expect((await app.settled()).seq).toBe(2);
  expect((await harness.deployer.state.drift(app.name))?.status).toBe('InSync');

  expect((await app.deploy(filesOf('v2'))).outcome?.status).toBe('synced');
  expect(await spec()).toMatchObject(running('v2'));

  harness.api.forget();
  const last = await app.deploy(filesOf('v2', '2'));
  expect(last.outcome).toMatchObject({ status: 'synced', message: '1 configured, 2 unchanged' });
  expect(harness.api.writes().filter((write) => write.includes('/deployments/'))).toEqual([]);
  expect(harness.api.writes()).toHaveLength(1);
  expect(await spec()).toMatchObject(running('v2'));
});
