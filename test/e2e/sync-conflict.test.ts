import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { configMap, deployment, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

/** A Deployment whose number of pods an autoscaler has set. */
async function scaled(app: AppUnderTest): Promise<void> {
  await harness.kube.applyAs('autoscaler', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: app.name },
    spec: { replicas: 3 },
  });
}

test('a field that an unknown manager owns is refused with manager, field and remedy, and the cluster is untouched', async () => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web', 'v1', { replicas: undefined })) });
  await app.settled();
  await scaled(app);
  harness.api.forget();
  const operation = await app.deploy({ 'web.yaml': yaml(deployment('web', 'v2', { replicas: 1 })) });

  expect(operation.outcome?.status).toBe('refused');
  expect(await app.refusals(operation)).toEqual([
    `Deployment/${app.name}/web: spec.replicas: field manager "autoscaler" owns it; to leave it as it is, write \`drift: { ignore: [{ kind: Deployment, name: "web", fields: ["spec.replicas"] }] }\` in the Application's spec; to take it over, \`sync: { force: true }\` (web.yaml:1)`,
  ]);
  expect(harness.api.writes()).toEqual([]);
});

test('with force the field is taken over', async () => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web', 'v1', { replicas: undefined })) });
  await app.settled();
  await scaled(app);
  await app.configure({ sync: { force: true } });
  await app.settled();
  const operation = await app.deploy({ 'web.yaml': yaml(deployment('web', 'v1', { replicas: 2 })) });

  expect(await app.changes(operation)).toEqual([
    `~ Deployment/${app.name}/web configured`,
    `    Deployment/${app.name}/web: spec.replicas: 3 → 2`,
  ]);
  expect((await app.live('apps/v1', 'Deployment', 'web'))?.spec).toMatchObject({ replicas: 2 });
});

test.each([
  [
    'a variable',
    { env: [{ name: 'A', value: '1' }] },
    { env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
  ],
  ['a named port', { ports: [{ name: 'http', containerPort: 80 }] }, { ports: [{ name: 'http', containerPort: 81 }] }],
])('an edit of %s that does not go with Git is named, and the way out', async (_what, before, edited) => {
  const web = (tag: string, fields: object) => {
    const { spec, ...rest } = deployment('web', tag, { replicas: 0 });
    const containers = spec.template.spec.containers.map((container) => ({ ...container, ...fields }));
    return { ...rest, spec: { ...spec, template: { ...spec.template, spec: { containers } } } };
  };
  const app = await harness.app({ 'web.yaml': yaml(web('v1', before)) }, { drift: { mode: 'report' } });
  await app.settled();
  const name = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: app.name, name: 'web' };
  await harness.kube.edit(name, { spec: web('v1', edited).spec });
  const operation = await app.deploy({ 'web.yaml': yaml(web('v2', before)) });
  expect(operation.outcome?.status).toBe('refused');
  expect((await app.refusals(operation)).join()).toContain(
    'the server accepts it as a new object, so what field manager "kubectl-edit" set in the live object does not go with it: undo that change there, and sync again',
  );
  await harness.kube.edit(name, { spec: web('v1', before).spec });
  expect((await app.deploy({ 'web.yaml': yaml(web('v3', before)) })).outcome?.status).toBe('synced');
});

test('a field that Git does not name stays with whoever owns it', async () => {
  const app = await harness.app({ 'web.yaml': yaml(deployment('web', 'v1', { replicas: undefined })) });
  await app.settled();
  await scaled(app);
  const operation = await app.deploy({ 'web.yaml': yaml(deployment('web', 'v2', { replicas: undefined })) });

  expect(operation.outcome?.status).toBe('synced');
  expect((await app.live('apps/v1', 'Deployment', 'web'))?.spec).toMatchObject({ replicas: 3 });
});

test('fields of tools that deployed before are taken over without being asked', async () => {
  const managers = ['kubectl', 'kubectl-client-side-apply', 'helm', 'argocd-controller', 'kustomize-controller'];
  const app = await harness.app({ 'kept.yaml': yaml(configMap('kept')) });
  await app.settled();
  for (const manager of managers) {
    const object = configMap(manager, 'old', { namespace: app.name });
    await harness.kube.applyAs(manager, object);
  }
  const operation = await app.deploy({ 'taken.yaml': yaml(...managers.map((manager) => configMap(manager, 'new'))) });

  expect(operation.outcome).toMatchObject({ status: 'synced', message: '5 configured, 1 unchanged' });
  const live = await Promise.all(managers.map((manager) => app.live('v1', 'ConfigMap', manager)));
  expect(live.map((object) => object?.data)).toEqual(managers.map(() => ({ value: 'new' })));
});

test('an ignored image that somebody else sets stays as it is, in a container that Git has', async () => {
  const ignore = [{ kind: 'Deployment', fields: ['spec.template.spec.containers[*].image'] }];
  const app = await harness.app({ 'web.yaml': yaml(deployment('web', 'v1')) }, { drift: { ignore } });
  await app.settled();
  const container = { name: 'web', image: 'registry.example/web:tested' };
  await harness.kube.edit(
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: app.name, name: 'web' },
    { spec: { template: { spec: { containers: [container] } } } },
  );
  const operation = await app.deploy({ 'web.yaml': yaml(deployment('web', 'v2', { replicas: 2 })) });

  expect(operation.outcome?.status).toBe('synced');
  expect(await app.changes(operation)).toEqual([
    `~ Deployment/${app.name}/web configured (leaves spec.template.spec.containers[web].image to others)`,
    `    Deployment/${app.name}/web: spec.replicas: 1 → 2`,
  ]);
  const live = await app.live('apps/v1', 'Deployment', 'web');
  expect(live?.spec).toMatchObject({ replicas: 2, template: { spec: { containers: [container] } } });
});
