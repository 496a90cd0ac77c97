import { statusAnswer } from '../../fakes/api-server.ts';
import { CONFIG_MAP, objectOf, openFake, SECRET } from './fake-cluster.ts';

const configMap = objectOf(CONFIG_MAP, 'settings');
const id = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };
const notFound = {
  reason: 'NotFound',
  message: 'configmaps "settings" not found',
  details: { name: 'settings', kind: 'configmaps' },
};

test('an object is read as it is', async () => {
  const { cluster, server } = await openFake(() => ({ body: configMap }));
  expect(await cluster.get(CONFIG_MAP, id)).toEqual(configMap);
  expect(server.received[0]).toMatchObject({ method: 'GET', path: '/api/v1/namespaces/shop/configmaps/settings' });
});

test('an object is absent when the server says so by its name', async () => {
  const { cluster } = await openFake(() => statusAnswer(404, notFound));
  expect(await cluster.get(CONFIG_MAP, id)).toBeUndefined();
});

test.each([
  ['a plain-text 404', { status: 404, body: '404 page not found\n' }, 'KindNotFound'],
  [
    'a 404 without details',
    statusAnswer(404, { reason: 'NotFound', message: 'no such resource', details: {} }),
    'KindNotFound',
  ],
  [
    'a 404 about something else',
    statusAnswer(404, { ...notFound, details: { name: 'other', kind: 'configmaps' } }),
    'ApiServerRejected',
  ],
  ['a 404 that is a web page', { status: 404, body: '<html>not here</html>' }, 'KindNotFound'],
  ['400', statusAnswer(400, { reason: 'BadRequest', message: 'bad' }), 'ApiServerRejected'],
  ['a redirect', { status: 302, headers: { location: 'https://login.example' } }, 'ApiServerRejected'],
])('%s does not mean that the object is absent', async (_what, answer, code) => {
  const { cluster } = await openFake(() => answer);
  await expect(cluster.get(CONFIG_MAP, id)).rejects.toMatchObject({ code });
});

test('a read that RBAC forbids names object, verb and user', async () => {
  const message =
    'secrets "s" is forbidden: User "joe" cannot get resource "secrets" in API group "" in the namespace "shop"';
  const { cluster } = await openFake(() =>
    statusAnswer(403, { reason: 'Forbidden', message, details: { name: 's', kind: 'secrets' } }),
  );
  await expect(cluster.get(SECRET, { ...id, kind: 'Secret', name: 's' })).rejects.toMatchObject({
    code: 'ClusterAccessDenied',
    message: `Secret/shop/s: may not get: ${message}`,
  });
});

test.each(['', '..', 'a/b', 'a%2Fb'])('the name %j is not asked for', async (name) => {
  const { cluster, server } = await openFake(() => ({ body: configMap }));
  await expect(cluster.get(CONFIG_MAP, { ...id, name })).rejects.toMatchObject({ code: 'ManifestInvalid' });
  expect(server.received).toEqual([]);
});
