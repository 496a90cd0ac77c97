import { parseAllDocuments } from 'yaml';
import type { Project } from '../../../lib/model/configuration.ts';
import { projectRights } from '../../../lib/projects/project-rights.ts';
import { formatObjects, type RbacRule, type RightsObject } from '../../../lib/projects/rbac-object.ts';

function rights(limits: Partial<Project> = {}, cluster = 'local'): readonly RightsObject[] {
  const project = {
    name: 'team-a',
    sourceRepos: ['*'],
    destinations: [{ cluster: 'local', namespace: 'team-a' }],
    ...limits,
  };
  return projectRights(project, 'driftless', cluster);
}

function rulesOf(objects: readonly RightsObject[], name: string): readonly RbacRule[] | undefined {
  const found = objects.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === name);
  return found?.['rules'] as readonly RbacRule[] | undefined;
}

const bindings = (objects: readonly RightsObject[]) =>
  objects.filter(({ kind }) => kind === 'RoleBinding').map(({ metadata }) => metadata.namespace);

test('T1: a project’s user has rights in its namespaces alone', () => {
  const objects = rights();
  expect(bindings(objects)).toEqual(['team-a']);
  expect(rulesOf(objects, 'driftless:project:team-a')).toEqual([{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
  expect(objects.filter(({ kind }) => kind === 'ClusterRoleBinding').map(({ metadata }) => metadata.name)).toEqual([
    'driftless:project:team-a:deployer',
  ]);
});

test('T1: the deployer may act as this user and this group only, and bind this role only', () => {
  const rules = rulesOf(rights(), 'driftless:project:team-a:deployer') ?? [];
  expect(rules.filter(({ verbs }) => verbs.includes('impersonate'))).toEqual([
    { apiGroups: [''], resources: ['users'], resourceNames: ['driftless:project:team-a'], verbs: ['impersonate'] },
    { apiGroups: [''], resources: ['groups'], resourceNames: ['driftless:projects'], verbs: ['impersonate'] },
  ]);
  for (const { resources, resourceNames } of rules)
    if (!resources?.includes('namespaces')) expect(resourceNames).toHaveLength(1);
});

test.each([
  ['a glob', [{ cluster: '*', namespace: 'team-*' }], []],
  [
    'a denied one',
    [
      { cluster: '*', namespace: 'a' },
      { cluster: '*', namespace: '!a' },
    ],
    [],
  ],
  ['another cluster', [{ cluster: 'prod', namespace: 'a' }], []],
  [
    'two entries',
    [
      { cluster: 'local', namespace: 'a' },
      { cluster: '*', namespace: 'a' },
    ],
    ['a'],
  ],
])('T1: namespaces of %s are bound: %j gives %j', (_what, destinations, expected) => {
  expect(bindings(rights({ destinations }))).toEqual(expected);
});

test('T1: a glob of cluster-scoped kinds never becomes a right to what is in namespaces', () => {
  const rule = (group: string, kind: string, name = '*') => ({ group, kind, name });
  const allow = [
    rule('*', '*'),
    rule('example.com', 'Policy', 'mine'),
    rule('rbac.authorization.k8s.io', 'ClusterRole*'),
  ];
  const rules = rulesOf(rights({ clusterResources: { allow } }), 'driftless:project:team-a:cluster') ?? [];
  expect(
    rules.flatMap(({ apiGroups = [], resources = [], verbs }) => [...apiGroups, ...resources, ...verbs]),
  ).not.toContain('*');
  expect(rules).toContainEqual(
    expect.objectContaining({ apiGroups: ['example.com'], resources: ['policies'], resourceNames: ['mine'] }),
  );
  expect(rules.map(({ resources }) => resources?.[0])).toEqual(
    expect.arrayContaining(['namespaces', 'clusterrolebindings', 'storageclasses']),
  );
});

test('T1: listed kinds are the only ones, by the names of their resources', () => {
  const allow = ['Ingress', 'NetworkPolicy', 'Endpoints', 'Gateway'].map((kind) => ({ group: 'x', kind, name: '*' }));
  const rules = rulesOf(rights({ namespaceResources: { allow } }), 'driftless:project:team-a');
  expect(rules?.map(({ resources }) => resources?.[0])).toEqual([
    'ingresses',
    'networkpolicies',
    'endpoints',
    'gateways',
  ]);
  expect(rulesOf(rights({ namespaceResources: { allow: [] } }), 'driftless:project:team-a')).toEqual([]);
});

test('the text of rights is read as what they are', () => {
  const objects = rights({
    destinations: [
      { cluster: '*', namespace: 'on' },
      { cluster: '*', namespace: 'no' },
    ],
  });
  const read = parseAllDocuments(formatObjects(objects), { version: '1.1' }).map((one) => one.toJS());
  expect(read).toEqual(JSON.parse(JSON.stringify(objects)));
});
