import { CONFIG_MAP, DEPLOYMENT, NAMESPACE, objectOf, openFake } from './fake-cluster.ts';

const deployment = objectOf(DEPLOYMENT, 'api');

test('an apply is a server-side apply of the whole object as driftless, strictly validated', async () => {
  const live = { ...deployment, metadata: { ...deployment.metadata, uid: 'u1', resourceVersion: '7' } };
  const { cluster, server } = await openFake(() => ({ status: 201, body: live }));

  const result = await cluster.apply(DEPLOYMENT, deployment, {});

  expect(result).toEqual({ status: 'applied', object: live });
  expect(server.received).toEqual([
    {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/shop/deployments/api',
      query: { fieldManager: 'driftless', fieldValidation: 'Strict', force: 'false' },
      headers: expect.objectContaining({
        'content-type': 'application/apply-patch+yaml',
        'user-agent': 'driftless/1.2.3',
        authorization: 'Bearer token',
      }),
      body: JSON.stringify(deployment),
    },
  ]);
});

test('a dry-run that forces says both', async () => {
  const { cluster, server } = await openFake(() => ({ body: deployment }));
  await cluster.apply(DEPLOYMENT, deployment, { dryRun: true, force: true });
  expect(server.received[0]?.query).toMatchObject({ dryRun: 'All', force: 'true' });
});

test('an API server below a path is reached there', async () => {
  const { cluster, server } = await openFake(() => ({ body: deployment }), {
    access: ({ url }) => ({ server: `${url}/k8s/clusters/c-1/` }),
  });
  await cluster.apply(DEPLOYMENT, deployment, {});
  expect(server.received[0]?.path).toBe('/k8s/clusters/c-1/apis/apps/v1/namespaces/shop/deployments/api');
});

test('an apply to an unknown group, a plain-text 404, is a missing kind', async () => {
  const { cluster } = await openFake(() => ({ status: 404, body: '404 page not found\n' }));
  expect(await cluster.apply(DEPLOYMENT, deployment, {})).toMatchObject({ status: 'refused', reason: 'kindMissing' });
});

test.each([
  ['an empty name', CONFIG_MAP, { name: '', namespace: 'shop' }, 'metadata.name'],
  ['a name that would reach a subresource', CONFIG_MAP, { name: 'a/scale', namespace: 'shop' }, 'metadata.name'],
  ['an escaped slash in the name', CONFIG_MAP, { name: 'a%2Fscale', namespace: 'shop' }, 'metadata.name'],
  ['a namespace that leads elsewhere', CONFIG_MAP, { name: 'a', namespace: '..' }, 'metadata.namespace'],
  ['no namespace for a namespaced kind', CONFIG_MAP, { name: 'a' }, 'metadata.namespace'],
  ['a cluster-scoped name with a slash', NAMESPACE, { name: 'a/finalize' }, 'metadata.name'],
])('an object with %s is refused without asking the server', async (_what, kind, metadata, field) => {
  const { cluster, server } = await openFake(() => ({ body: deployment }));
  const result = await cluster.apply(kind, { apiVersion: 'v1', kind: kind.kind, metadata }, {});
  expect(result).toMatchObject({ status: 'refused', reason: 'invalid', causes: [{ field }] });
  expect(server.received).toEqual([]);
});

test.each([
  ['JSON that ends early', '{"apiVersion": "apps/v1", "ki'],
  ['a web page', '<html>login</html>'],
  ['a JSON list', '[]'],
  ['JSON that is no object of Kubernetes', '{"hello": "world"}'],
])('an apply that returns 200 with %s is an error', async (_what, body) => {
  const { cluster } = await openFake(() => ({ body }));
  await expect(cluster.apply(DEPLOYMENT, deployment, {})).rejects.toMatchObject({
    code: 'ApiServerRejected',
    message: expect.stringMatching(/^Deployment\/shop\/api: the API server returned/),
  });
});
