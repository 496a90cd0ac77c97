import fc from 'fast-check';
import { objectPath } from '../../../lib/kube/path.ts';
import { CONFIG_MAP, DEPLOYMENT, NAMESPACE } from './fake-cluster.ts';

test.each([
  ['a kind of the core group', CONFIG_MAP, 'shop', 'a', '/api/v1/namespaces/shop/configmaps/a'],
  ['a kind of another group', DEPLOYMENT, 'shop', 'a', '/apis/apps/v1/namespaces/shop/deployments/a'],
  ['a cluster-scoped kind', NAMESPACE, undefined, 'shop', '/api/v1/namespaces/shop'],
  ['a cluster-scoped kind with a namespace that means nothing', NAMESPACE, 'x', 'shop', '/api/v1/namespaces/shop'],
  ['a name with a colon, as RBAC has', NAMESPACE, undefined, 'system:node', '/api/v1/namespaces/system%3Anode'],
])('the path of %s', (_what, kind, namespace, name, path) => {
  expect(objectPath({ kind, namespace, name })).toBe(path);
});

test('whatever the name, the path is one of the asked kind in the asked namespace, or there is none', () => {
  const awkward = fc.oneof(fc.string(), fc.constantFrom('..', '.', '', '%2e%2e', 'a/b', 'a%2Fb', '?', '#', 'a\\b'));
  fc.assert(
    fc.property(awkward, awkward, (namespace, name) => {
      try {
        const { pathname } = new URL(objectPath({ kind: DEPLOYMENT, namespace, name }), 'https://server');
        const segments = pathname.split('/').map(decodeURIComponent);
        expect(segments).toEqual(['', 'apis', 'apps', 'v1', 'namespaces', namespace, 'deployments', name]);
      } catch (error) {
        expect(error).toMatchObject({ code: 'ManifestInvalid' });
      }
    }),
  );
});
