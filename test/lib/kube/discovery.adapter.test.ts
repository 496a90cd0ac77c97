import type { Cluster } from '../../../lib/ports/cluster.ts';
import { type Answer, type Received, statusAnswer } from '../../fakes/api-server.ts';
import { CONFIG_MAP, DEPLOYMENT, objectOf, openFake } from './fake-cluster.ts';

const DEPLOYED = { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'api' };

const resource = (plural: string, kind: string, rest: object = {}) => ({
  resource: plural,
  responseKind: { group: '', version: '', kind },
  scope: 'Namespaced',
  ...rest,
});
const aggregated = (...items: object[]) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  items,
});
const core = aggregated({
  metadata: {},
  versions: [
    {
      version: 'v1',
      resources: [resource('configmaps', 'ConfigMap'), resource('namespaces', 'Namespace', { scope: 'Cluster' })],
      freshness: 'Current',
    },
  ],
});
const apps = {
  metadata: { name: 'apps' },
  versions: [
    {
      version: 'v1',
      freshness: 'Current',
      resources: [
        resource('deployments', 'Deployment', { responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' } }),
        resource('oddities', 'Scale', { responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } }),
      ],
    },
  ],
};
const metrics = { metadata: { name: 'metrics.k8s.io' }, versions: [{ version: 'v1beta1', freshness: 'Stale' }] };
const widgets = {
  metadata: { name: 'example.com' },
  versions: [{ version: 'v1', resources: [resource('widgets', 'Widget')] }],
};

/** A server whose groups a test can change. */
function serving(groups: object[]) {
  return ({ path }: Received): Answer => {
    if (path === '/api') return { body: core };
    if (path === '/apis') return { body: aggregated(...groups) };
    if (path === '/version') return { body: { gitVersion: 'v1.36.3' } };
    return { status: 404, body: '404 page not found\n' };
  };
}

test('two requests tell all kinds, once for many questions', async () => {
  const { cluster, server } = await openFake(serving([apps]));
  const kinds = await Promise.all([
    cluster.kind('v1', 'ConfigMap'),
    cluster.kind('v1', 'Namespace'),
    cluster.kind('apps/v1', 'Deployment'),
  ]);
  expect(kinds).toEqual([
    CONFIG_MAP,
    { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false },
    DEPLOYMENT,
  ]);
  expect(server.received.map(({ path }) => path).sort()).toEqual(['/api', '/apis']);
  expect(server.received[0]?.headers.accept).toMatch(
    /^application\/json;g=apidiscovery\.k8s\.io;v=v2;as=APIGroupDiscoveryList,/,
  );
});

test('capabilities are those of Helm', async () => {
  const { cluster } = await openFake(serving([apps, metrics]));
  expect(await cluster.capabilities()).toEqual({
    version: 'v1.36.3',
    apiVersions: ['apps/v1', 'apps/v1/Deployment', 'metrics.k8s.io/v1beta1', 'v1', 'v1/ConfigMap', 'v1/Namespace'],
  });
});

test('a kind that is not known is looked up anew, so that of a new CRD is found', async () => {
  const groups = [apps];
  const { cluster, server } = await openFake(serving(groups));
  expect(await cluster.kind('example.com/v1', 'Widget')).toBeUndefined();
  groups.push(widgets as never);
  const found = await Promise.all([1, 2, 3].map(() => cluster.kind('example.com/v1', 'Widget')));
  expect(found).toEqual(
    Array(3).fill({ group: 'example.com', version: 'v1', kind: 'Widget', plural: 'widgets', namespaced: true }),
  );
  expect(server.received).toHaveLength(4);
});

test('what is served is asked for again after ten minutes', async () => {
  const { cluster, server, clock } = await openFake(serving([apps]));
  await cluster.kind('apps/v1', 'Deployment');
  await clock.sleep(10 * 60 * 1000);
  await cluster.kind('apps/v1', 'Deployment');
  expect(server.received).toHaveLength(4);
});

test('what is served is asked for again after an apply met a kind that is gone', async () => {
  const groups: object[] = [apps];
  const { cluster } = await openFake(serving(groups));
  expect(await cluster.kind('apps/v1', 'Deployment')).toEqual(DEPLOYMENT);
  groups.pop();
  expect(await cluster.apply(DEPLOYMENT, objectOf(DEPLOYMENT, 'api'), {})).toMatchObject({ reason: 'kindMissing' });
  expect(await cluster.kind('apps/v1', 'Deployment')).toBeUndefined();
});

test.each<[string, (cluster: Cluster) => Promise<unknown>]>([
  ['a list', (cluster) => cluster.list({ kind: DEPLOYMENT, content: 'metadata' })],
  ['a read', (cluster) => cluster.get(DEPLOYMENT, DEPLOYED)],
  ['a deletion', (cluster) => cluster.delete(DEPLOYMENT, { ...DEPLOYED, uid: 'u' }, {})],
])('what is served is asked for again after %s met a kind that is gone', async (_what, meet) => {
  const groups: object[] = [apps];
  const { cluster } = await openFake(serving(groups));
  expect(await cluster.kind('apps/v1', 'Deployment')).toEqual(DEPLOYMENT);
  groups.pop();
  await expect(meet(cluster)).rejects.toMatchObject({ code: 'KindNotFound', retry: true });
  expect(await cluster.kind('apps/v1', 'Deployment')).toBeUndefined();
});

test('a group whose server is down breaks no other group, and is not taken for unknown', async () => {
  const { cluster } = await openFake(serving([apps, metrics]));
  expect(await cluster.kind('apps/v1', 'Deployment')).toEqual(DEPLOYMENT);
  await expect(cluster.kind('metrics.k8s.io/v1beta1', 'PodMetrics')).rejects.toMatchObject({
    code: 'ApiServerRejected',
    message:
      'PodMetrics: the server behind API group "metrics.k8s.io/v1beta1" does not answer; see kubectl get apiservices',
  });
});

const legacy: Readonly<Record<string, Answer>> = {
  '/api': { body: { kind: 'APIVersions', versions: ['v1'] } },
  '/apis': {
    body: {
      kind: 'APIGroupList',
      groups: [
        { name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }] },
        { name: 'metrics.k8s.io', versions: [{ groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1' }] },
      ],
    },
  },
  '/api/v1': {
    body: { kind: 'APIResourceList', resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] },
  },
  '/apis/apps/v1': {
    body: {
      kind: 'APIResourceList',
      resources: [
        { name: 'deployments', kind: 'Deployment', namespaced: true },
        { name: 'deployments/scale', kind: 'Scale', namespaced: true },
      ],
    },
  },
  '/apis/metrics.k8s.io/v1beta1': statusAnswer(503, { message: 'service unavailable' }),
};

test('a server that does not aggregate discovery is asked version by version', async () => {
  const { cluster, server } = await openFake(({ path }) => legacy[path] ?? { status: 404, body: '' });
  expect(await cluster.kind('apps/v1', 'Deployment')).toEqual(DEPLOYMENT);
  expect(await cluster.kind('v1', 'ConfigMap')).toEqual(CONFIG_MAP);
  await expect(cluster.kind('metrics.k8s.io/v1beta1', 'PodMetrics')).rejects.toMatchObject({
    code: 'ApiServerRejected',
  });
  expect(new Set(server.received.map(({ path }) => path))).toEqual(new Set(Object.keys(legacy)));
});

test.each([
  ['forbids discovery', statusAnswer(403, { reason: 'Forbidden', message: 'forbidden' }), 'ClusterAccessDenied'],
  ['is not available', statusAnswer(503, { message: 'starting' }), 'ApiServerUnreachable'],
  ['is something else', { body: { kind: 'Teapot' } }, 'ApiServerRejected'],
  ['is a web page', { body: '<html></html>' }, 'ApiServerRejected'],
])('a server that %s is an error, not a cluster without kinds', async (_what, answer, code) => {
  const { cluster } = await openFake(() => answer);
  await expect(cluster.kind('v1', 'ConfigMap')).rejects.toMatchObject({ code });
  await expect(cluster.capabilities()).rejects.toMatchObject({ code });
});
