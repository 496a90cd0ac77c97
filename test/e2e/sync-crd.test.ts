import { type Harness, startHarness } from './harness.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

/** A definition of its own for each application, since definitions belong to the whole cluster. */
function definition(app: string) {
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer', maximum: 10 } } } },
    },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${app}.example.org` },
    spec: {
      group: `${app}.example.org`,
      scope: 'Namespaced',
      names: { kind: 'Widget', plural: 'widgets', singular: 'widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}

function widget(app: string, size: number) {
  return { apiVersion: `${app}.example.org/v1`, kind: 'Widget', metadata: { name: 'w' }, spec: { size } };
}

const namespaceOf = (app: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${app}-own` } });

test('a definition and its objects, a namespace and its content go in one commit, and the plan says what had to wait', async () => {
  const app = await harness.app((name) => ({
    'a-widget.yaml': yaml(widget(name, 3), configMap('inside', '1', { namespace: `${name}-own` })),
    'z-definition.yaml': yaml(definition(name), namespaceOf(name)),
  }));
  const operation = await app.settled();

  expect(operation.outcome).toMatchObject({ status: 'synced', message: '5 created' });
  expect(await app.changes(operation)).toEqual([
    `+ Namespace/${app.name} created`,
    `+ Namespace/${app.name}-own created`,
    `+ CustomResourceDefinition/widgets.${app.name}.example.org created`,
    `+ ConfigMap/${app.name}-own/inside created (planned after Namespace/${app.name}-own exists)`,
    `+ Widget/${app.name}/w created (planned after CustomResourceDefinition/widgets.${app.name}.example.org exists)`,
  ]);
  expect((await app.live(`${app.name}.example.org/v1`, 'Widget', 'w'))?.spec).toEqual({ size: 3 });
  expect(await app.inventory()).toEqual([
    `ConfigMap/${app.name}-own/inside`,
    `CustomResourceDefinition/widgets.${app.name}.example.org`,
    `Namespace/${app.name}-own`,
    `Widget/${app.name}/w`,
  ]);

  harness.api.forget();
  const again = await app.deploy({ 'README.md': 'the same objects' });
  expect(again.outcome).toMatchObject({ status: 'unchanged', message: '4 unchanged' });
  expect(harness.api.requests().filter((line) => line.includes('dry run'))).toEqual([]);
  expect(harness.api.writes()).toEqual([]);
});

test('an object that its new definition does not allow is refused, and can be corrected', async () => {
  const app = await harness.app((name) => ({ 'all.yaml': yaml(definition(name), widget(name, 11)) }));
  const refused = await app.settled();
  expect(refused.outcome?.status).toBe('refused');
  expect(refused.outcome?.message).toMatch(
    /^1 refused: Widget\/.*\/w: spec\.size: .*should be less than or equal to 10 \(all\.yaml:\d+\)$/,
  );

  const operation = await app.deploy({ 'all.yaml': yaml(definition(app.name), widget(app.name, 10)) });
  expect(operation.outcome).toMatchObject({ status: 'synced', message: '1 created, 1 unchanged' });
});
