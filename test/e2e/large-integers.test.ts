// Integers up to 2^63-1 in custom resources, through a real API server: nothing on the way rounds them.
import { formatFieldChange } from '../../lib/diff/format.ts';
import { type Harness, startHarness } from './harness.ts';
import { driftUnderTest } from './harness-drift.ts';
import { yaml } from './harness-manifests.ts';

let harness: Harness;

beforeAll(async () => {
  harness = await startHarness();
});

afterAll(() => harness.stop());

function definition(app: string) {
  const integer = { type: 'integer', format: 'int64' };
  const ids = { type: 'array', items: integer, 'x-kubernetes-list-type': 'set' };
  const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const spec = { type: 'object', properties: { id: integer, ids, free } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `ledgers.${app}.example.org` },
    spec: {
      group: `${app}.example.org`,
      scope: 'Namespaced',
      names: { kind: 'Ledger', plural: 'ledgers', singular: 'ledger' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
        },
      ],
    },
  };
}

const ledger = (app: string, id: string): string => `apiVersion: ${app}.example.org/v1
kind: Ledger
metadata: { name: l }
spec:
  id: ${id}
  ids: [9007199254740993, 9007199254740995, 3]
  free: { max: 9223372036854775807, min: -9223372036854775808, one: 1.0, big: 1e20 }
`;

test('an integer above 2^53 is deployed, compared, reported and put right with all of its digits', async () => {
  const app = await harness.app((name) => ({
    'a.yaml': yaml(definition(name)),
    'l.yaml': ledger(name, '9007199254740993'),
  }));
  expect((await app.settled()).outcome).toMatchObject({ status: 'synced' });
  const apiVersion = `${app.name}.example.org/v1`;
  const spec = async (): Promise<unknown> => (await app.live(apiVersion, 'Ledger', 'l'))?.spec;
  expect(await spec()).toMatchObject({
    id: 9007199254740993n,
    ids: [9007199254740993n, 9007199254740995n, 3],
    free: { max: 9223372036854775807n, min: -9223372036854775808n, one: 1, big: 100000000000000000000 },
  });

  const changed = await app.deploy({ 'l.yaml': ledger(app.name, '9007199254740992') });
  expect(changed.outcome).toMatchObject({ status: 'synced', message: '1 configured, 1 unchanged' });
  expect((await app.changes(changed)).join('\n')).toContain('spec.id: 9007199254740993 → 9007199254740992');
  expect((await app.deploy({ 'README.md': 'more' })).outcome).toMatchObject({ status: 'unchanged' });

  const drift = driftUnderTest(harness);
  expect(await drift.drifted(app.name)).toEqual([]);
  const live = { apiVersion, kind: 'Ledger', namespace: app.name, name: 'l' };
  await harness.kube.edit(live, { spec: { id: 9007199254740991, ids: [9007199254740993n, 3] } });
  await drift.scan();
  const fields = (await drift.record(app.name)).objects.flatMap((object) => object.fields).map(formatFieldChange);
  expect(fields).toEqual([
    'spec.id: 9007199254740991 → 9007199254740992',
    'spec.ids: [9007199254740993,3] → [9007199254740993,9007199254740995,3]',
  ]);
});

test('an integer above 2^63-1 is what the API server makes of it', async () => {
  const app = await harness.app((name) => ({
    'a.yaml': yaml(definition(name)),
    'l.yaml': ledger(name, '9223372036854775808'),
  }));
  const { outcome } = await app.settled();
  expect(outcome?.status).toBe('refused');
  expect(outcome?.message).toMatch(/spec\.id in body must be of type int64/);
});
