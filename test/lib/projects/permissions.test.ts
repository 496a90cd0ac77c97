import fc from 'fast-check';
import type { Project } from '../../../lib/model/configuration.ts';
import type { ObjectId } from '../../../lib/model/kube-object.ts';
import { matchesPathGlob } from '../../../lib/model/path-glob.ts';
import {
  destinationProblem,
  objectProblem,
  remoteBasesProblem,
  reservedProblem,
  sourceProblem,
} from '../../../lib/projects/permissions.ts';

const RBAC = 'rbac.authorization.k8s.io';

function project(limits: Partial<Project> = {}): Project {
  return { name: 'team-a', sourceRepos: ['*'], destinations: [{ cluster: 'local', namespace: 'team-a' }], ...limits };
}

const rule = (kind: string, group = '*', name = '*') => ({ group, kind, name });
const configMap = (namespace: string): ObjectId => ({ group: '', kind: 'ConfigMap', namespace, name: 'a' });
const clusterRoleBinding: ObjectId = { group: RBAC, kind: 'ClusterRoleBinding', name: 'x' };

test.each([
  ['a', 'a', true],
  ['*', 'team-a', true],
  ['*', '', true],
  ['*', 'a/b', false],
  ['**', 'a/b', true],
  ['a*c', 'abc', true],
  ['a*c', 'ab', false],
  ['github.com/*/shop', 'github.com/acme/shop', true],
  ['github.com/*/shop', 'github.com/acme/x/shop', false],
  ['github.com/**/shop', 'github.com/acme/x/shop', true],
  ['github.com/**', 'github.com/acme/shop', true],
  ['', '', true],
  ['', 'a', false],
  ['a.c', 'abc', false],
])('T1: the glob "%s" matches "%s": %s', (glob, text, matches) => {
  expect(matchesPathGlob(glob, text)).toBe(matches);
});

test('T1: a glob matches what its expression matches', () => {
  const parts = fc.array(fc.constantFrom('a', 'b', '/', '*', '**'), { maxLength: 8 }).map((some) => some.join(''));
  const texts = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 8 }).map((some) => some.join(''));
  fc.assert(
    fc.property(parts, texts, (glob, text) => {
      const expression = glob.replaceAll(/\*{2,}|\*/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'));
      expect(matchesPathGlob(glob, text)).toBe(new RegExp(`^${expression}$`).test(text));
    }),
  );
});

test.each([
  ['every one', ['*'], true],
  ['those of an owner', ['https://github.com/acme/*'], true],
  ['none', [], false],
  ['those of a host, one level', ['https://github.com/*'], false],
  ['those of a host', ['https://github.com/**'], true],
  ['all but it', ['*', '!https://github.com/acme/shop.git'], false],
  ['it, and not it', ['https://github.com/acme/shop', '!https://GitHub.com/acme/shop/'], false],
  ['all but another one', ['!https://github.com/acme/other'], true],
  ['all but its owner', ['**', '!github.com/acme/*'], false],
])('T1: a project that permits repositories "%s" decides about https://github.com/acme/shop', (_what, globs, isIn) => {
  const problem = sourceProblem(project({ sourceRepos: globs }), 'https://github.com/acme/shop');
  expect(problem === undefined).toBe(isIn);
});

test.each([
  ['team-a', [{ cluster: 'local', namespace: 'team-a' }], true],
  ['team-b', [{ cluster: 'local', namespace: 'team-a' }], false],
  ['team-a', [{ cluster: 'prod', namespace: '*' }], false],
  ['team-a', [], false],
  ['team-a', [{ cluster: 'l*', namespace: 'team-*' }], true],
  ['team-a', [{ cluster: '*', namespace: '!kube-system' }], true],
  ['kube-system', [{ cluster: '*', namespace: '!kube-system' }], false],
  [
    'kube-system',
    [
      { cluster: '*', namespace: '*' },
      { cluster: 'prod', namespace: '!kube-system' },
    ],
    false,
  ],
  [
    'kube-public',
    [
      { cluster: '*', namespace: '*' },
      { cluster: '*', namespace: '!kube-*' },
    ],
    false,
  ],
  [
    'team-a',
    [
      { cluster: '*', namespace: '*' },
      { cluster: '!local', namespace: '*' },
    ],
    false,
  ],
])('T1: namespace "%s" is held against %j', (namespace, destinations, isIn) => {
  const found = destinationProblem(project({ destinations }), { cluster: 'local', namespace });
  expect(found === undefined).toBe(isIn);
});

test.each<[string, Partial<Project>, ObjectId, boolean]>([
  ['an object in its namespace', {}, configMap('team-a'), true],
  ['an object in another one', {}, configMap('team-b'), false],
  ['an object in kube-system', {}, configMap('kube-system'), false],
  ['a cluster-scoped object', {}, clusterRoleBinding, false],
  ['a cluster-scoped object, with an empty list', { clusterResources: { allow: [] } }, clusterRoleBinding, false],
  [
    'a cluster-scoped object that it names',
    { clusterResources: { allow: [rule('ClusterRoleBinding')] } },
    clusterRoleBinding,
    true,
  ],
  [
    'one of another group',
    { clusterResources: { allow: [rule('ClusterRoleBinding', 'apps')] } },
    clusterRoleBinding,
    false,
  ],
  ['one of another name', { clusterResources: { allow: [rule('*', '*', 'team-a-*')] } }, clusterRoleBinding, false],
  [
    'one that it denies too',
    { clusterResources: { allow: [rule('*')], deny: [rule('ClusterRole*')] } },
    clusterRoleBinding,
    false,
  ],
  [
    'one that it denies with !',
    { clusterResources: { allow: [rule('*'), rule('!ClusterRoleBinding')] } },
    clusterRoleBinding,
    false,
  ],
  [
    'another one than it denies with !',
    { clusterResources: { allow: [rule('!Namespace')] } },
    clusterRoleBinding,
    true,
  ],
  ['an object, with an empty list', { namespaceResources: { allow: [] } }, configMap('team-a'), false],
  [
    'an object of a kind that it does not list',
    { namespaceResources: { allow: [rule('Secret')] } },
    configMap('team-a'),
    false,
  ],
  [
    'an object of a kind that it lists',
    { namespaceResources: { allow: [rule('ConfigMap', '')] } },
    configMap('team-a'),
    true,
  ],
  [
    'an object of a kind that it denies',
    { namespaceResources: { deny: [rule('ConfigMap')] } },
    configMap('team-a'),
    false,
  ],
  ['a listed kind elsewhere', { namespaceResources: { allow: [rule('ConfigMap')] } }, configMap('team-b'), false],
  ['a Namespace of its own name', {}, { group: '', kind: 'Namespace', name: 'team-a' }, false],
])('T1: a project permits %s', (_what, limits, id, isIn) => {
  expect(objectProblem(project(limits), 'local', id) === undefined).toBe(isIn);
});

test.each([
  ['RoleBinding', 'driftless:project:team-b', false],
  ['ClusterRole', 'driftless:project:team-b:cluster', false],
  ['RoleBinding', 'project:x', true],
  ['Role', 'projects', true],
])('T1: no application writes the %s %s, which gives a project its rights', (kind, name, isFree) => {
  expect(reservedProblem({ group: RBAC, kind, namespace: 'team-a', name }) === undefined).toBe(isFree);
});

test.each([
  [
    configMap('team-b'),
    'Project/team-a does not permit namespace "team-b" of cluster "local"; add to its spec.destinations: - {cluster: local, namespace: team-b}',
  ],
  [
    clusterRoleBinding,
    'Project/team-a does not permit the cluster-scoped kind ClusterRoleBinding of rbac.authorization.k8s.io; add to its spec.clusterResources.allow: - {group: rbac.authorization.k8s.io, kind: ClusterRoleBinding}',
  ],
])('T1: the refusal of %j has the lines to write', (id, message) => {
  expect(objectProblem(project(), 'local', id)).toBe(message);
});

test.each<[readonly string[], boolean]>([
  [['*'], true],
  [['**'], true],
  [['https://github.com/acme/*', '**'], true],
  [['https://**'], false],
  [['https://github.com/**'], false],
  [['**', '!https://github.com/evil/*'], false],
  [[], false],
])('remote bases in a project with sourceRepos %j are permitted: %s', (sourceRepos, isPermitted) => {
  const problem = remoteBasesProblem(project({ sourceRepos }));
  expect(problem === undefined).toBe(isPermitted);
  expect(problem ?? 'Project/team-a limits spec.sourceRepos').toMatch(/^Project\/team-a limits spec.sourceRepos/);
});

test('T1: the lines that a refusal names are those that permit', () => {
  const ids = fc.record({
    group: fc.constantFrom('', 'apps', RBAC),
    kind: fc.constantFrom('ConfigMap', 'Role', 'Widget'),
    name: fc.constantFrom('a', 'b'),
    namespace: fc.option(fc.constantFrom('team-a', 'team-b'), { nil: undefined }),
  });
  fc.assert(
    fc.property(ids, ({ namespace, ...id }) => {
      const limits = {
        destinations: [{ cluster: 'local', namespace: namespace ?? 'x' }],
        clusterResources: { allow: [rule(id.kind, id.group)] },
        namespaceResources: { allow: [rule(id.kind, id.group)] },
      };
      const whole = { ...id, ...(namespace !== undefined && { namespace }) };
      expect(objectProblem(project(limits), 'local', whole)).toBeUndefined();
      const denied = { deny: [rule(id.kind, id.group)] };
      const closed = { ...limits, clusterResources: denied, namespaceResources: denied };
      expect(objectProblem(project(closed), 'local', whole)).toMatch(/denies/);
    }),
  );
});

test('T1: no glob makes the rule slow', () => {
  const began = performance.now();
  expect(matchesPathGlob('*a**a'.repeat(100), 'a'.repeat(2000))).toBe(true);
  expect(performance.now() - began).toBeLessThan(2000);
});
