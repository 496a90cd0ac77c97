import { type Harness, startHarness } from './harness.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

const RECREATE = 'driftless.dev/recreate';

/** The Deployment with another selector, which cannot be changed. */
function reselected(annotations?: Readonly<Record<string, string>>) {
  const labels = { app: 'web', track: 'stable' };
  return deployment('web', 'v1', {
    metadata: annotations === undefined ? {} : { annotations },
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'registry.example/web:v1' }] } },
  });
}

test('a change of an immutable field is refused with the remedy', async () => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web')) });
  await app.settled();
  harness.api.forget();
  const operation = await app.deploy({ 'web.yaml': yaml(reselected()) });

  expect(operation.outcome?.status).toBe('refused');
  expect(await app.refusals(operation)).toEqual([
    expect.stringMatching(
      /^Deployment\/.*\/web: spec\.selector: .*field is immutable; set sync\.recreate: true, or the annotation driftless\.dev\/recreate: "true", to delete and create it \(web\.yaml:1\)$/,
    ),
  ]);
  expect(harness.api.writes()).toEqual([]);
});

test.each([
  ['the application', { recreate: true }, undefined],
  ['the object’s annotation', {}, { [RECREATE]: 'true' }],
])('it is deleted and created anew where %s says so', async (_who, sync, annotations) => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web')) }, { sync });
  await app.settled();
  const before = await app.live('apps/v1', 'Deployment', 'web');
  harness.api.forget();
  const operation = await app.deploy({ 'web.yaml': yaml(reselected(annotations)) });

  const path = `/apis/apps/v1/namespaces/${app.name}/deployments/web`;
  expect(operation.outcome).toMatchObject({ status: 'synced', message: '1 recreated' });
  expect(await app.changes(operation)).toEqual([
    `± Deployment/${app.name}/web recreated (an immutable field changes)`,
    `    Deployment/${app.name}/web: spec.selector`,
  ]);
  expect(harness.api.writes()).toEqual([`DELETE ${path}`, `PATCH ${path}`]);
  const after = await app.live('apps/v1', 'Deployment', 'web');
  expect(after?.metadata.uid).not.toBe(before?.metadata.uid);
});

test('an annotation that forbids it counts more than the application', async () => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web')) }, { sync: { recreate: true } });
  await app.settled();
  const operation = await app.deploy({ 'web.yaml': yaml(reselected({ [RECREATE]: 'false' })) });

  expect(operation.outcome?.status).toBe('refused');
});

test('nothing is made anew for a change that is merely wrong, or where another object of the commit is refused', async () => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web')) }, { sync: { recreate: true } });
  await app.settled();
  harness.api.forget();
  const wrong = await app.deploy({ 'web.yaml': yaml(deployment('web', 'v1', { replicas: -1 })) });
  const beside = await app.deploy({ 'web.yaml': yaml(reselected()), 'service.yaml': yaml(service('web', 99_999)) });

  expect([wrong.outcome?.status, beside.outcome?.status]).toEqual(['refused', 'refused']);
  expect(harness.api.writes()).toEqual([]);
});

test('an ordinary change is never made by deleting', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) }, { sync: { recreate: true } });
  await app.settled();
  harness.api.forget();
  await app.deploy({ 'a.yaml': yaml(configMap('a', '2')) });

  expect(harness.api.writes()).toEqual([`PATCH /api/v1/namespaces/${app.name}/configmaps/a`]);
});
