// The client against a real API server: what it promises, and the words of the server that it relies on.
import { idOf } from '../../lib/model/kube-object.ts';
import { eventually, kubeUnderTest } from './kube-cluster.ts';

const NAMESPACE = 'kube-client-test';
const kube = kubeUnderTest(NAMESPACE);

test('an apply creates, and the same apply again changes nothing', async () => {
  const first = await kube.apply(kube.configMap('noop'));
  const second = await kube.apply(kube.configMap('noop'));
  expect(first).toMatchObject({ status: 'applied', object: { data: { a: '1' } } });
  expect(second).toEqual(first);
});

test('a dry-run shows the result and leaves nothing', async () => {
  const dry = await kube.apply(kube.configMap('dry'), { dryRun: true });
  expect(dry).toMatchObject({ status: 'applied', object: { data: { a: '1' } } });
  expect(await kube.get(kube.configMap('dry'))).toBeUndefined();
});

test('a dry-run answers with the version that it began with', async () => {
  await kube.apply(kube.configMap('version'));
  const live = await kube.get(kube.configMap('version'));
  const dry = await kube.apply(kube.configMap('version', { data: { a: '2' } }), { dryRun: true });
  const { resourceVersion } = live?.metadata ?? {};
  expect(dry).toMatchObject({ status: 'applied', object: { data: { a: '2' }, metadata: { resourceVersion } } });
});

test('a guard that throws leaves nothing', async () => {
  const guard = () => {
    throw new Error('no lease');
  };
  await expect(kube.apply(kube.configMap('guarded'), { guard })).rejects.toThrow('no lease');
  expect(await kube.get(kube.configMap('guarded'))).toBeUndefined();
});

test('a field that another manager owns is a conflict, until it is forced', async () => {
  const deployment = (replicas: number) => kube.workload('Deployment', 'conflict', { replicas });
  const object = { ...deployment(1), metadata: { name: 'contested', namespace: NAMESPACE } };
  await kube.apply(object);
  await asManager('kubectl-edit', '/apis/apps/v1', 'deployments/contested', { spec: { replicas: 5 } });
  expect(await kube.apply(object)).toEqual({
    status: 'conflict',
    conflicts: [{ manager: 'kubectl-edit', field: 'spec.replicas' }],
  });
  expect(await kube.apply(object, { force: true })).toMatchObject({
    status: 'applied',
    object: { spec: { replicas: 1 } },
  });
});

/** Changes an object as somebody else would, which the client itself has no way to. */
async function asManager(manager: string, group: string, path: string, patch: object): Promise<void> {
  const { Agent, request } = await import('undici');
  const { caData, insecureSkipTlsVerify } = kube.access;
  const connect = { ...(caData && { ca: caData }), rejectUnauthorized: insecureSkipTlsVerify !== true };
  const dispatcher = new Agent({ connect });
  const reply = await request(`${kube.access.server}${group}/namespaces/${NAMESPACE}/${path}?fieldManager=${manager}`, {
    dispatcher,
    method: 'PATCH',
    headers: { ...(await kube.access.auth()), 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify(patch),
  });
  expect(reply.statusCode).toBe(200);
  await reply.body.dump();
  await dispatcher.close();
}

test('a uid that differs is not what a new object would cure', async () => {
  await kube.apply(kube.configMap('uid'));
  const other = { ...kube.configMap('uid'), metadata: { name: 'uid', namespace: NAMESPACE, uid: 'other' } };
  expect(await kube.apply(other)).toMatchObject({ status: 'refused', reason: 'invalid' });
});

test.each([
  ['an unknown field', kube.configMap('bad', { dta: {} }), { field: 'dta', message: 'field not declared in schema' }],
  [
    'a field of the wrong type',
    kube.workload('Deployment', 'a', { replicas: 'x' }),
    { field: 'spec.replicas', message: 'expected numeric (int or float), got string' },
  ],
  [
    'a Secret with a number for its value',
    kube.object('v1', 'Secret', 'bad', { stringData: { pin: 271828 } }),
    { field: 'stringData.pin', message: 'expected string' },
  ],
])('%s is invalid, at once and with its path', async (_what, object, cause) => {
  const result = await kube.apply(object, { dryRun: true });
  expect(result).toMatchObject({ status: 'refused', reason: 'invalid', causes: [cause] });
  expect(JSON.stringify(result)).not.toContain('271828');
});

test('a Secret that is not base64 is refused without its value', async () => {
  const result = await kube.apply(kube.object('v1', 'Secret', 'bad', { data: { a: 'hunter2!!' } }), { dryRun: true });
  expect(result).toEqual({ status: 'refused', reason: 'invalid', message: 'illegal base64 data', causes: [] });
});

test.each([false, true])('a namespace that does not exist is named (dry-run: %s)', async (dryRun) => {
  const lost = { ...kube.configMap('lost'), metadata: { name: 'lost', namespace: 'nowhere' } };
  expect(await kube.apply(lost, { dryRun })).toEqual({
    status: 'refused',
    reason: 'namespaceMissing',
    message: 'namespaces "nowhere" not found',
    causes: [],
  });
});

test.each([
  ['group', { group: 'no.such.group', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true }],
  ['kind of a group', { group: 'apps', version: 'v1', kind: 'Thing', plural: 'things', namespaced: true }],
])('a %s that is not served is a missing kind', async (_what, kind) => {
  const object = kube.object(`${kind.group}/v1`, 'Thing', 'x', {});
  expect(await kube.cluster.kind(object.apiVersion, 'Thing')).toBeUndefined();
  expect(await kube.cluster.apply(kind, object, {})).toMatchObject({ status: 'refused', reason: 'kindMissing' });
  await expect(kube.cluster.get(kind, idOf(object))).rejects.toMatchObject({ code: 'KindNotFound' });
  await expect(kube.cluster.list({ kind, content: 'full' })).rejects.toMatchObject({ code: 'KindNotFound' });
});

test('what RBAC forbids is refused for a write and thrown for a read', async () => {
  await kube.apply(kube.configMap('theirs'));
  const joe = kube.open({ 'impersonate-user': 'joe' });
  const kind = await kube.kindOf(kube.configMap('theirs'));
  const live = await kube.get(kube.configMap('theirs'));
  const id = { ...idOf(kube.configMap('theirs')), uid: live?.metadata.uid ?? '' };
  const saying = (verb: string) => expect.stringMatching(new RegExp(`User "joe" cannot ${verb} resource "configmaps"`));

  expect(await joe.apply(kind, kube.configMap('theirs'), { dryRun: true })).toMatchObject({
    status: 'refused',
    reason: 'forbidden',
    message: saying('patch'),
  });
  expect(await joe.delete(kind, id, {})).toEqual({ status: 'refused', message: saying('delete') });
  await expect(joe.get(kind, id)).rejects.toMatchObject({ code: 'ClusterAccessDenied', message: saying('get') });
  await expect(joe.list({ kind, content: 'metadata' })).rejects.toMatchObject({
    code: 'ClusterAccessDenied',
    message: saying('list'),
  });
  await joe.close();
});

test('a token that the server does not know is an error', async () => {
  const stranger = kube.open({ authorization: 'Bearer unknown' });
  await expect(stranger.list({ kind: await kube.kindOf(kube.configMap('x')), content: 'full' })).rejects.toMatchObject({
    code: 'ClusterAccessDenied',
  });
  await stranger.close();
});

test('a delete with the uid of an earlier object leaves the one of today', async () => {
  const object = kube.configMap('reborn');
  const kind = await kube.kindOf(object);
  const first = await kube.apply(object);
  const uid = first.status === 'applied' ? (first.object.metadata.uid ?? '') : '';
  expect(await kube.cluster.delete(kind, { ...idOf(object), uid }, { dryRun: true })).toEqual({ status: 'deleted' });
  expect(await kube.cluster.delete(kind, { ...idOf(object), uid }, {})).toEqual({ status: 'deleted' });
  expect(await kube.cluster.delete(kind, { ...idOf(object), uid }, {})).toEqual({ status: 'absent' });
  await kube.apply(object);
  expect(await kube.cluster.delete(kind, { ...idOf(object), uid }, {})).toEqual({ status: 'conflict' });
  expect(await kube.get(object)).toMatchObject({ metadata: { name: 'reborn' } });
});

test('the kind of a new CRD is found without being told of it', async () => {
  const name = `widgets.${NAMESPACE}.example.com`;
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: `${NAMESPACE}.example.com`,
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  };
  const widget = kube.object(`${NAMESPACE}.example.com/v1`, 'Widget', 'w', {});
  expect(await kube.cluster.kind(widget.apiVersion, 'Widget')).toBeUndefined();
  await kube.apply(crd);
  const wanted = {
    group: `${NAMESPACE}.example.com`,
    version: 'v1',
    kind: 'Widget',
    plural: 'widgets',
    namespaced: true,
  };
  const served = await eventually(() => kube.cluster.kind(widget.apiVersion, 'Widget'));
  expect(served).toEqual(wanted);
  const applied = await eventually(async () => {
    const result = await kube.cluster.apply(wanted, widget, {});
    return result.status === 'applied' ? result : undefined;
  });
  expect(applied).toMatchObject({ object: { kind: 'Widget' } });
  expect((await kube.cluster.capabilities()).apiVersions).toContain(`${widget.apiVersion}/Widget`);
  const { metadata } = (await kube.get(crd)) ?? crd;
  await kube.cluster.delete(await kube.kindOf(crd), { ...idOf(crd), uid: String(Reflect.get(metadata, 'uid')) }, {});
});

test('capabilities name the version and the kinds', async () => {
  const { version, apiVersions } = await kube.cluster.capabilities();
  expect(version).toMatch(/^v1\.\d+\.\d+/);
  expect(apiVersions).toEqual(expect.arrayContaining(['v1', 'v1/Pod', 'apps/v1', 'apps/v1/Deployment']));
});
