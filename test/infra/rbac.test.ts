import { parseAllDocuments } from 'yaml';
import { rbacFiles } from '../../infra/rbac.ts';
import { readContext } from '../../infra/read-context.ts';
import { FULL } from './contexts.ts';

type Rule = {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
};
type Rbac = {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly Rule[];
  readonly roleRef?: object;
  readonly subjects?: readonly object[];
};

const files = rbacFiles(readContext(FULL));
const objectsOf = (file: string): readonly Rbac[] => parseAllDocuments(files.get(file) ?? '').map((one) => one.toJS());
const GROUP = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'driftless' };

test('there is a file for each cluster, wherever it is, and one for the reader beside it', () => {
  const [deployers, readers] = [false, true].map((isReader) =>
    [...files.keys()].filter((file) => file.endsWith('.readers.yaml') === isReader),
  );
  expect(readers).toEqual(deployers?.map((file) => file.replace(/yaml$/, 'readers.yaml')));
  expect(deployers).toEqual([
    'prod.eu-central-1.yaml',
    'inner.eu-central-1.yaml',
    'elsewhere.us-east-1.yaml',
    'foreign.222222222222.us-east-1.yaml',
    'given.eu-central-1.yaml',
  ]);
});

const rightsOf = (tenancy: unknown): readonly Rbac[] => {
  const clusters = [{ name: 'prod', region: 'eu-central-1', tenancy }];
  const config = { url: 'https://github.com/acme/platform' };
  const [text = ''] = rbacFiles(readContext({ region: 'eu-central-1', config, clusters })).values();
  return parseAllDocuments(text).map((one) => one.toJS());
};

test('T2: the default tenancy writes no kind that hands out rights', () => {
  const [role, binding, ...more] = objectsOf('prod.eu-central-1.yaml');
  expect(role).toMatchObject({ kind: 'ClusterRole', metadata: { name: 'driftless' } });
  expect(binding).toMatchObject({
    kind: 'ClusterRoleBinding',
    roleRef: { kind: 'ClusterRole', name: 'driftless' },
    subjects: [GROUP],
  });
  expect(more.map(({ kind }) => kind)).toEqual(['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']);
  const [reads, ...writes] = role?.rules ?? [];
  expect(reads).toEqual({ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] });
  for (const { apiGroups, resources, verbs } of writes) {
    expect(verbs).toEqual(['create', 'update', 'patch', 'delete']);
    expect([...apiGroups, ...resources]).not.toContain('*');
    expect(apiGroups.join()).not.toMatch(/rbac|admission|apiregistration|authentication|authorization|certificates/);
    expect(resources.join()).not.toMatch(/token|nodes|\//);
  }
});

test('T3: custom resources are added by their group, and not those that hand out rights', () => {
  const tenancy = { cluster: { apiGroups: ['cert-manager.io'] } };
  expect(rightsOf(tenancy)[0]?.rules?.at(-1)).toMatchObject({ apiGroups: ['cert-manager.io'], resources: ['*'] });
  for (const apiGroup of ['rbac.authorization.k8s.io', 'admissionregistration.k8s.io', 'certificates.k8s.io'])
    expect(() => rightsOf({ cluster: { apiGroups: [apiGroup] } })).toThrow(/tenancy/);
});

test('T3: admin is everything, chosen by its name', () => {
  expect(rightsOf('admin').map(({ kind, rules }) => [kind, rules])).toEqual([
    [
      'ClusterRole',
      [
        { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
        { nonResourceURLs: ['*'], verbs: ['*'] },
      ],
    ],
    ['ClusterRoleBinding', undefined],
  ]);
});

test('a deployer for some namespaces has no rights to anything elsewhere, except to see definitions', () => {
  const objects = objectsOf('inner.eu-central-1.yaml');
  expect(objects.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
    ['ClusterRole', undefined],
    ['ClusterRoleBinding', undefined],
    ['Role', 'shop'],
    ['RoleBinding', 'shop'],
    ['Role', 'payments'],
    ['RoleBinding', 'payments'],
  ]);
  expect(objects[0]?.rules).toEqual([
    { apiGroups: [''], resources: ['namespaces'], resourceNames: ['shop', 'payments'], verbs: ['get'] },
    { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: ['get', 'list', 'watch'] },
  ]);
  for (const { kind, subjects } of objects) if (kind.endsWith('Binding')) expect(subjects).toEqual([GROUP]);
});

describe('the reader of live objects', () => {
  const READERS = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'driftless:readers' };

  test('reads, and never Secrets', () => {
    const [role, ...bindings] = objectsOf('prod.eu-central-1.readers.yaml');
    for (const { verbs, apiGroups, resources } of role?.rules ?? []) {
      expect(['get', 'list', 'watch']).toEqual(expect.arrayContaining([...verbs]));
      expect(apiGroups).not.toContain('*');
      if (apiGroups.includes('')) expect(resources.filter((one) => /\*|secret/.test(one))).toEqual([]);
    }
    expect(role?.rules?.flatMap(({ resources }) => resources)).toContain('pods/log');
    expect(bindings.map(({ roleRef, subjects }) => [roleRef, subjects])).toEqual([
      [expect.objectContaining({ name: 'driftless:readers' }), [READERS]],
      [expect.objectContaining({ name: 'view' }), [READERS]],
    ]);
  });

  test('has rights in the namespaces of the deployer alone', () => {
    const bindings = objectsOf('inner.eu-central-1.readers.yaml').slice(1);
    expect(bindings.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['RoleBinding', 'shop'],
      ['RoleBinding', 'shop'],
      ['RoleBinding', 'payments'],
      ['RoleBinding', 'payments'],
    ]);
  });
});
