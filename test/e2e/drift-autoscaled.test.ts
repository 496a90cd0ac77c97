import { type Harness, startHarness } from './harness.ts';
import { type DriftUnderTest, driftUnderTest } from './harness-drift.ts';
import { deployment, yaml } from './harness-manifests.ts';

let harness: Harness;
let drift: DriftUnderTest;

const report = { drift: { mode: 'report' } };

beforeAll(async () => {
  harness = await startHarness();
  drift = driftUnderTest(harness);
});

afterAll(() => harness.stop());

/** Scales without metrics: the least that it allows is more than there are. */
function autoscaler(name: string) {
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name },
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
  throw new Error('nobody has scaled the deployment');
}

test('replicas that an autoscaler of the application has set are not drift, whatever Git says', async () => {
  const app = await harness.app({ 'all.yaml': yaml(deployment('web'), autoscaler('web')) }, report);
  await app.settled();
  await scaled(app.name);
  expect(await drift.drifted(app.name)).toEqual([]);
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
