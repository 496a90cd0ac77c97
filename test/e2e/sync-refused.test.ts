import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

describe('a commit with several invalid objects beside a valid change', () => {
  let app: AppUnderTest;
  let refusals: readonly string[];
  let message: string | undefined;
  let writes: readonly string[];

  beforeAll(async () => {
    const files = { 'a.yaml': yaml(configMap('a')), 'web.yaml': yaml(deployment('web')) };
    app = await harness.app(files, { source: { directory: { recurse: true } } });
    await app.settled();
    harness.api.forget();
    const operation = await app.deploy({
      'a.yaml': yaml(configMap('a', '2')),
      'web.yaml': yaml(deployment('web', 'v2', { replicas: -1 }), service('web', 99_999)),
      'more/typo.yaml': yaml(deployment('typo', 'v1', { replicsa: 2 })),
      'more/kind.yaml': yaml({ apiVersion: 'example.org/v1', kind: 'Gadget', metadata: { name: 'g' } }),
      'more/again.yaml': yaml(configMap('a', '3')),
      'more/elsewhere.yaml': yaml(configMap('b', '1', { namespace: 'nowhere-at-all' })),
    });
    expect(operation.outcome?.status).toBe('refused');
    refusals = await app.refusals(operation);
    message = operation.outcome?.message;
    writes = harness.api.writes();
  });

  test.each([
    [
      'a value out of range',
      'Deployment/$/web: spec.replicas: Invalid value: -1: must be greater than or equal to 0 (web.yaml:1)',
    ],
    [
      'another in the same file',
      'Service/$/web: spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive (web.yaml:32)',
    ],
    [
      'a field that does not exist',
      'Deployment/$/typo: spec.replicsa: field not declared in schema (more/typo.yaml:1)',
    ],
    [
      'a kind that is not served',
      'Gadget/g: the cluster does not serve Gadget in example.org/v1; install its CRD first, or correct apiVersion and kind (more/kind.yaml:1)',
    ],
    [
      'an object that stands in two files',
      'ConfigMap/$/a: ConfigMap/$/a is already defined in a.yaml:1; remove one of the two (more/again.yaml:1)',
    ],
    [
      'a namespace that does not exist',
      'ConfigMap/nowhere-at-all/b: namespace "nowhere-at-all" does not exist; create it, add its Namespace to Git, or set sync.createNamespace: true (more/elsewhere.yaml:1)',
    ],
  ])('%s is refused with file, field and words', (_case, expected) => {
    const refusal = expected.replaceAll('$', app.name);
    expect(refusals).toContain(refusal);
    expect(message).toContain(refusal);
  });

  test('all refusals are told at once', () => {
    expect(refusals).toHaveLength(7);
    expect(message).toMatch(/^7 refused: /);
  });

  test('nothing is written, the valid change included', async () => {
    expect(writes).toEqual([]);
    expect((await app.live('v1', 'ConfigMap', 'a'))?.data).toEqual({ value: '1' });
    expect(await app.inventory()).toEqual([`ConfigMap/${app.name}/a`, `Deployment/${app.name}/web`]);
  });
});

test('a destination namespace that does not exist, and is not to be made, is refused', async () => {
  const app = await harness.app({ 'a.yaml': yaml(configMap('a')) }, { sync: { createNamespace: false } });
  const operation = await app.settled();

  expect(operation.outcome).toMatchObject({
    status: 'refused',
    message: `1 refused: ConfigMap/${app.name}/a: namespace "${app.name}" does not exist; create it, add its Namespace to Git, or set sync.createNamespace: true (a.yaml:1)`,
  });
});

test('an object that could be planned only after its namespace was made is refused before any of its like is written', async () => {
  const app = await harness.app({
    'a.yaml': yaml(configMap('a'), service('web', 99_999), deployment('web', 'v1', { replicas: -1 })),
  });
  const refused = await app.settled();
  expect(refused.outcome?.message).toMatch(/^3 refused: Service.*; Service.*; Deployment/);
  expect(await app.live('v1', 'ConfigMap', 'a')).toBeUndefined();

  const operation = await app.deploy({ 'a.yaml': yaml(configMap('a'), service('web'), deployment('web')) });
  expect(operation.outcome).toMatchObject({ status: 'synced', message: '3 created' });
  expect(await app.history()).toEqual(['1 config refused', '2 push synced']);
});
