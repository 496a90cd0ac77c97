import { builtinKind, offlineKind } from '../../../lib/plan/builtin-scopes.ts';

test.each([
  ['v1', 'ConfigMap', { group: '', version: 'v1', namespaced: true }],
  ['v1', 'Namespace', { group: '', version: 'v1', namespaced: false }],
  ['apps/v1', 'Deployment', { group: 'apps', version: 'v1', namespaced: true }],
  [
    'rbac.authorization.k8s.io/v1',
    'ClusterRole',
    { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: false },
  ],
  ['rbac.authorization.k8s.io/v1', 'Role', { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true }],
])('%s %s is known without a cluster', (apiVersion, kind, known) => {
  expect(builtinKind(apiVersion, kind)).toEqual({ ...known, kind, plural: '' });
});

test.each([
  ['example.com/v1', 'Widget'],
  ['k8s.io.example.com/v1', 'Widget'],
  ['argoproj.io/v1alpha1', 'Application'],
])('%s %s is not known, and counts as namespaced', (apiVersion, kind) => {
  expect(builtinKind(apiVersion, kind)).toBeUndefined();
  expect(offlineKind(apiVersion, kind)).toMatchObject({ kind, namespaced: true });
});
