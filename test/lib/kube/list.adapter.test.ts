import { gzipSync } from 'node:zlib';
import { statusAnswer } from '../../fakes/api-server.ts';
import { CONFIG_MAP, DEPLOYMENT, NAMESPACE, openFake } from './fake-cluster.ts';

const item = (name: string) => ({
  metadata: { name, namespace: 'shop', managedFields: [{ manager: 'x' }] },
  data: { a: '1' },
});
const listed = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop' },
  data: { a: '1' },
});
const page = (items: object[], next?: string) => ({
  kind: 'ConfigMapList',
  apiVersion: 'v1',
  metadata: { resourceVersion: '42', ...(next && { continue: next, remainingItemCount: 9 }) },
  items,
});
const query = { kind: CONFIG_MAP, content: 'full' } as const;

test('the pages of a list become one, with kinds filled in and managed fields left out', async () => {
  const { cluster, server } = await openFake(({ query: { continue: next } }) => ({
    body: next === undefined ? page([item('a'), item('b')], 'tok+en/=') : page([item('c')]),
  }));
  expect(await cluster.list({ ...query, namespace: 'shop', labelSelector: 'driftless.dev/app=shop' })).toEqual({
    items: [listed('a'), listed('b'), listed('c')],
    resourceVersion: '42',
  });
  expect(server.received.map(({ path, query }) => [path, query])).toEqual([
    ['/api/v1/namespaces/shop/configmaps', { labelSelector: 'driftless.dev/app=shop', limit: '500' }],
    [
      '/api/v1/namespaces/shop/configmaps',
      { labelSelector: 'driftless.dev/app=shop', limit: '500', continue: 'tok+en/=' },
    ],
  ]);
});

test('metadata alone is asked for as such, JSON being good enough, and has the real kind', async () => {
  const partial = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'api', uid: 'u' } };
  const { cluster, server } = await openFake(() => ({ body: page([partial]) }));
  expect((await cluster.list({ kind: DEPLOYMENT, content: 'metadata' })).items).toEqual([
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'api', uid: 'u' } },
  ]);
  expect(server.received[0]?.headers.accept).toMatch(
    /,application\/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1$/,
  );
  expect(server.received[0]?.path).toBe('/apis/apps/v1/deployments');
});

test('the namespace does not matter for a cluster-scoped kind', async () => {
  const { cluster, server } = await openFake(() => ({ body: page([]) }));
  await cluster.list({ kind: NAMESPACE, namespace: 'shop', content: 'full' });
  expect(server.received[0]?.path).toBe('/api/v1/namespaces');
});

test('a zipped list is unzipped', async () => {
  const { cluster, server } = await openFake(() => ({
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify(page([item('a')]))),
  }));
  expect((await cluster.list(query)).items).toEqual([listed('a')]);
  expect(server.received[0]?.headers['accept-encoding']).toBe('gzip');
});

const expired = statusAnswer(410, { reason: 'Expired', message: 'too old', metadata: { continue: 'inconsistent' } });

test('a list that expires between two pages is asked for once more, in one piece', async () => {
  const { cluster, server } = await openFake(({ query: { limit, continue: next } }) => {
    if (limit === undefined) return { body: page([item('a'), item('b'), item('c')]) };
    return next === undefined ? { body: page([item('a'), item('gone')], 'next') } : expired;
  });
  expect(await cluster.list(query)).toEqual({ items: [listed('a'), listed('b'), listed('c')], resourceVersion: '42' });
  expect(server.received).toHaveLength(3);
});

test('a page that follows itself is an error, and not asked for without end', async () => {
  const { cluster, server } = await openFake(() => ({ body: page([item('a')], 'again') }));
  await expect(cluster.list(query)).rejects.toMatchObject({
    code: 'ApiServerRejected',
    message: 'configmaps: the API server returned the same page again',
  });
  expect(server.received).toHaveLength(2);
});

test('a list that is expired at once is an error', async () => {
  const { cluster } = await openFake(() => expired);
  await expect(cluster.list(query)).rejects.toMatchObject({
    code: 'ApiServerRejected',
    message: 'configmaps: list failed with HTTP 410: too old',
  });
});

test.each([
  ['null for its items', { ...page([]), items: null }],
  ['no items', { kind: 'ConfigMapList', metadata: { resourceVersion: '42' } }],
])('a list with %s is empty', async (_what, body) => {
  const { cluster } = await openFake(() => ({ body }));
  expect(await cluster.list(query)).toEqual({ items: [], resourceVersion: '42' });
});

test.each([
  ['that ends early', { body: '{"kind":"ConfigMapList","items":[' }],
  ['without metadata', { body: { items: [] } }],
  ['whose items are no list', { body: { metadata: {}, items: { a: 1 } } }],
  ['of things without a name', { body: page([{ metadata: {} }]) }],
  ['that claims to be zipped', { headers: { 'content-encoding': 'gzip' }, body: 'not at all' }],
])('a list %s is an error', async (_what, answer) => {
  const { cluster } = await openFake(() => answer);
  await expect(cluster.list(query)).rejects.toMatchObject({ code: 'ApiServerRejected' });
});

test('a failure on a later page is thrown: half a list is none', async () => {
  const forbidden = statusAnswer(403, { reason: 'Forbidden', message: 'no more', details: {} });
  const { cluster } = await openFake(({ query: next }) =>
    next['continue'] ? forbidden : { body: page([item('a')], 'next') },
  );
  await expect(cluster.list({ ...query, namespace: 'shop' })).rejects.toMatchObject({
    code: 'ClusterAccessDenied',
    message: 'configmaps in namespace shop: may not list: no more',
  });
});

test('a kind whose CRD is gone is an error, not an empty list', async () => {
  const { cluster } = await openFake(() => ({ status: 404, body: '404 page not found\n' }));
  await expect(cluster.list(query)).rejects.toMatchObject({ code: 'KindNotFound' });
});

test('R8: a kind whose list the server does not allow is told from an empty one', async () => {
  const { cluster } = await openFake(() => statusAnswer(405, { reason: 'MethodNotAllowed' }));
  expect(await cluster.list(query)).toEqual({ items: [], resourceVersion: '', unlistable: true });
});

test('R8: a kind that discovery does not list is not asked for', async () => {
  const { cluster, server } = await openFake(() => ({ body: page([]) }));
  expect(await cluster.list({ ...query, kind: { ...CONFIG_MAP, unlistable: true } })).toMatchObject({
    unlistable: true,
  });
  expect(server.received).toEqual([]);
});
