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

test('there is a file for each cluster, wherever it is', () => {
  expect([...files.keys()]).toEqual([
    'prod.eu-central-1.yaml',
    'inner.eu-central-1.yaml',
    'elsewhere.us-east-1.yaml',
    'foreign.222222222222.us-east-1.yaml',
    'given.eu-central-1.yaml',
  ]);
});

test('a deployer for the whole cluster may do everything but act as somebody else or hand out more than it has', () => {
  const [role, binding, ...more] = objectsOf('prod.eu-central-1.yaml');
  expect(more).toEqual([]);
  expect(role).toMatchObject({ kind: 'ClusterRole', metadata: { name: 'driftless' } });
  expect(role?.rules).toHaveLength(1);
  expect(role?.rules?.[0]?.verbs).toEqual(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']);
  expect(binding).toMatchObject({
    kind: 'ClusterRoleBinding',
    roleRef: { kind: 'ClusterRole', name: 'driftless' },
    subjects: [GROUP],
  });
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
