// The client against a real API server: what it promises, and the words of the server that it relies on.
import { readKubeconfig } from '../../cli/kubeconfig.ts';
import { createCluster } from '../../lib/kube/cluster.ts';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';
import type { ApplyResult, ServedKind, WriteOptions } from '../../lib/model/cluster-api.ts';
import { idOf, type KubeObject } from '../../lib/model/kube-object.ts';
import type { Clock, Cluster, Log } from '../../lib/ports.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

const NAMESPACE = 'kube-client-test';
const PATIENCE_MS = 60_000;

const log: Log = { info() {}, warn() {}, error() {}, bind: () => log };
const clock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

let access: ClusterAccess;
let cluster: ReturnType<typeof open>;

function open(headers: Readonly<Record<string, string>> = {}) {
  const auth: ClusterAccess['auth'] = async (options) => ({ ...(await access.auth(options)), ...headers });
  return createCluster({ ...access, auth }, { clock, log, version: 'test' });
}

beforeAll(async () => {
  access = await readKubeconfig({ path: kubeconfigPath() });
  cluster = open();
  await apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
}, PATIENCE_MS);

afterAll(() => cluster.close());

async function kindOf({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string;
  readonly kind: string;
}): Promise<ServedKind> {
  const served = await cluster.kind(apiVersion, kind);
  if (served === undefined) throw new Error(`${apiVersion} ${kind} is not served`);
  return served;
}

async function apply(object: KubeObject, options: WriteOptions = {}, by: Cluster = cluster): Promise<ApplyResult> {
  return by.apply(await kindOf(object), object, options);
}

async function get(object: KubeObject): Promise<KubeObject | undefined> {
  return cluster.get(await kindOf(object), idOf(object));
}

function namespaced(apiVersion: string, kind: string, name: string, rest: object): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE }, ...rest };
}

function configMap(name: string, rest: object = { data: { a: '1' } }): KubeObject {
  return namespaced('v1', 'ConfigMap', name, rest);
}

const containers = (image: string) => [{ name: 'c', image }];

function workload(kind: string, label: string, spec: object = {}): KubeObject {
  const template = { metadata: { labels: { a: label } }, spec: { containers: containers('i') } };
  return namespaced('apps/v1', kind, 'fixed', { spec: { selector: { matchLabels: { a: label } }, template, ...spec } });
}

test('an apply creates, and the same apply again changes nothing', async () => {
  const first = await apply(configMap('noop'));
  const second = await apply(configMap('noop'));
  expect(first).toMatchObject({ status: 'applied', object: { data: { a: '1' } } });
  expect(second).toEqual(first);
});

test('a dry-run shows the result and leaves nothing', async () => {
  const dry = await apply(configMap('dry'), { dryRun: true });
  expect(dry).toMatchObject({ status: 'applied', object: { data: { a: '1' } } });
  expect(await get(configMap('dry'))).toBeUndefined();
});

test('a guard that throws leaves nothing', async () => {
  const guard = () => {
    throw new Error('no lease');
  };
  await expect(apply(configMap('guarded'), { guard })).rejects.toThrow('no lease');
  expect(await get(configMap('guarded'))).toBeUndefined();
});

test('a field that another manager owns is a conflict, until it is forced', async () => {
  const deployment = (replicas: number) => workload('Deployment', 'conflict', { replicas });
  const object = { ...deployment(1), metadata: { name: 'contested', namespace: NAMESPACE } };
  await apply(object);
  await asManager('kubectl-edit', '/apis/apps/v1', 'deployments/contested', { spec: { replicas: 5 } });
  expect(await apply(object)).toEqual({
    status: 'conflict',
    conflicts: [{ manager: 'kubectl-edit', field: 'spec.replicas' }],
  });
  expect(await apply(object, { force: true })).toMatchObject({ status: 'applied', object: { spec: { replicas: 1 } } });
});

/** Changes an object as somebody else would, which the client itself has no way to. */
async function asManager(manager: string, group: string, path: string, patch: object): Promise<void> {
  const { Agent, request } = await import('undici');
  const { caData, insecureSkipTlsVerify } = access;
  const connect = { ...(caData && { ca: caData }), rejectUnauthorized: insecureSkipTlsVerify !== true };
  const dispatcher = new Agent({ connect });
  const reply = await request(`${access.server}${group}/namespaces/${NAMESPACE}/${path}?fieldManager=${manager}`, {
    dispatcher,
    method: 'PATCH',
    headers: { ...(await access.auth()), 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify(patch),
  });
  expect(reply.statusCode).toBe(200);
  await reply.body.dump();
  await dispatcher.close();
}

const job = (image: string) =>
  namespaced('batch/v1', 'Job', 'fixed', {
    spec: { template: { spec: { restartPolicy: 'Never', containers: containers(image) } } },
  });
const service = (spec: object) => namespaced('v1', 'Service', 'fixed', { spec: { ports: [{ port: 80 }], ...spec } });
const claim = (accessMode: string) =>
  namespaced('v1', 'PersistentVolumeClaim', 'fixed', {
    spec: { accessModes: [accessMode], resources: { requests: { storage: '1Gi' } } },
  });
const binding = (name: string) =>
  namespaced('rbac.authorization.k8s.io/v1', 'RoleBinding', 'fixed', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  });
const storageClass = (reclaimPolicy: string) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: NAMESPACE },
  provisioner: 'example.com/none',
  reclaimPolicy,
});
const priorityClass = (value: number) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: NAMESPACE },
  value,
});

test.each([
  ['the selector of a Deployment', workload('Deployment', 'a'), workload('Deployment', 'b'), 'spec.selector'],
  ['the selector of a DaemonSet', workload('DaemonSet', 'a'), workload('DaemonSet', 'b'), 'spec.selector'],
  [
    'the service of a StatefulSet',
    workload('StatefulSet', 'a', { serviceName: 'x' }),
    workload('StatefulSet', 'a', { serviceName: 'y' }),
    'spec',
  ],
  ['the template of a Job', job('a'), job('b'), 'spec.template'],
  ['the cluster IP of a Service', service({}), service({ clusterIP: 'None' }), 'spec.clusterIPs[0]'],
  ['the access mode of a PersistentVolumeClaim', claim('ReadWriteOnce'), claim('ReadWriteMany'), 'spec'],
  ['the role of a RoleBinding', binding('view'), binding('edit'), 'roleRef'],
  ['the policy of a StorageClass', storageClass('Delete'), storageClass('Retain'), 'reclaimPolicy'],
  ['the value of a PriorityClass', priorityClass(1), priorityClass(2), 'value'],
  [
    'the contents of an immutable ConfigMap',
    configMap('fixed', { immutable: true, data: { a: '1' } }),
    configMap('fixed', { immutable: true, data: { a: '2' } }),
    'data',
  ],
  [
    'the contents of an immutable Secret',
    namespaced('v1', 'Secret', 'fixed', { immutable: true, stringData: { a: '1' } }),
    namespaced('v1', 'Secret', 'fixed', { immutable: true, stringData: { a: '2' } }),
    'data',
  ],
])('%s is immutable', async (_what, before, after, field) => {
  expect(await apply(before)).toMatchObject({ status: 'applied' });
  // A Job's fields get a second owner at once, its controller; whether they may change is another question.
  expect(await apply(after, { dryRun: true, force: true })).toMatchObject({
    status: 'refused',
    reason: 'immutable',
    causes: [{ field }],
  });
});

test('a wrong field beside an immutable one is merely invalid', async () => {
  const name = { metadata: { name: 'both', namespace: NAMESPACE } };
  await apply({ ...workload('Deployment', 'a'), ...name });
  const result = await apply({ ...workload('Deployment', 'b', { replicas: -1 }), ...name }, { dryRun: true });
  expect(result).toMatchObject({ status: 'refused', reason: 'invalid' });
});

test('a uid that differs is not what a new object would cure', async () => {
  await apply(configMap('uid'));
  const other = { ...configMap('uid'), metadata: { name: 'uid', namespace: NAMESPACE, uid: 'other' } };
  expect(await apply(other)).toMatchObject({ status: 'refused', reason: 'invalid' });
});

test.each([
  ['an unknown field', configMap('bad', { dta: {} }), { field: 'dta', message: 'field not declared in schema' }],
  [
    'a field of the wrong type',
    workload('Deployment', 'a', { replicas: 'x' }),
    { field: 'spec.replicas', message: 'expected numeric (int or float), got string' },
  ],
  [
    'a Secret with a number for its value',
    namespaced('v1', 'Secret', 'bad', { stringData: { pin: 271828 } }),
    { field: 'stringData.pin', message: 'expected string' },
  ],
])('%s is invalid, at once and with its path', async (_what, object, cause) => {
  const result = await apply(object, { dryRun: true });
  expect(result).toMatchObject({ status: 'refused', reason: 'invalid', causes: [cause] });
  expect(JSON.stringify(result)).not.toContain('271828');
});

test('a Secret that is not base64 is refused without its value', async () => {
  const result = await apply(namespaced('v1', 'Secret', 'bad', { data: { a: 'hunter2!!' } }), { dryRun: true });
  expect(result).toEqual({ status: 'refused', reason: 'invalid', message: 'illegal base64 data', causes: [] });
});

test.each([false, true])('a namespace that does not exist is named (dry-run: %s)', async (dryRun) => {
  const lost = { ...configMap('lost'), metadata: { name: 'lost', namespace: 'nowhere' } };
  expect(await apply(lost, { dryRun })).toEqual({
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
  const object = namespaced(`${kind.group}/v1`, 'Thing', 'x', {});
  expect(await cluster.kind(object.apiVersion, 'Thing')).toBeUndefined();
  expect(await cluster.apply(kind, object, {})).toMatchObject({ status: 'refused', reason: 'kindMissing' });
  await expect(cluster.get(kind, idOf(object))).rejects.toMatchObject({ code: 'KindNotFound' });
  await expect(cluster.list({ kind, content: 'full' })).rejects.toMatchObject({ code: 'KindNotFound' });
});

test('what RBAC forbids is refused for a write and thrown for a read', async () => {
  await apply(configMap('theirs'));
  const joe = open({ 'impersonate-user': 'joe' });
  const kind = await kindOf(configMap('theirs'));
  const live = await get(configMap('theirs'));
  const id = { ...idOf(configMap('theirs')), uid: live?.metadata.uid ?? '' };
  const saying = (verb: string) => expect.stringMatching(new RegExp(`User "joe" cannot ${verb} resource "configmaps"`));

  expect(await joe.apply(kind, configMap('theirs'), { dryRun: true })).toMatchObject({
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
  const stranger = open({ authorization: 'Bearer unknown' });
  await expect(stranger.list({ kind: await kindOf(configMap('x')), content: 'full' })).rejects.toMatchObject({
    code: 'ClusterAccessDenied',
  });
  await stranger.close();
});

test('a delete with the uid of an earlier object leaves the one of today', async () => {
  const object = configMap('reborn');
  const kind = await kindOf(object);
  const first = await apply(object);
  const uid = first.status === 'applied' ? (first.object.metadata.uid ?? '') : '';
  expect(await cluster.delete(kind, { ...idOf(object), uid }, { dryRun: true })).toEqual({ status: 'deleted' });
  expect(await cluster.delete(kind, { ...idOf(object), uid }, {})).toEqual({ status: 'deleted' });
  expect(await cluster.delete(kind, { ...idOf(object), uid }, {})).toEqual({ status: 'absent' });
  await apply(object);
  expect(await cluster.delete(kind, { ...idOf(object), uid }, {})).toEqual({ status: 'replaced' });
  expect(await get(object)).toMatchObject({ metadata: { name: 'reborn' } });
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
  const widget = namespaced(`${NAMESPACE}.example.com/v1`, 'Widget', 'w', {});
  expect(await cluster.kind(widget.apiVersion, 'Widget')).toBeUndefined();
  await apply(crd);
  const wanted = {
    group: `${NAMESPACE}.example.com`,
    version: 'v1',
    kind: 'Widget',
    plural: 'widgets',
    namespaced: true,
  };
  const served = await eventually(() => cluster.kind(widget.apiVersion, 'Widget'));
  expect(served).toEqual(wanted);
  const applied = await eventually(async () => {
    const result = await cluster.apply(wanted, widget, {});
    return result.status === 'applied' ? result : undefined;
  });
  expect(applied).toMatchObject({ object: { kind: 'Widget' } });
  expect((await cluster.capabilities()).apiVersions).toContain(`${widget.apiVersion}/Widget`);
  const { metadata } = (await get(crd)) ?? crd;
  await cluster.delete(await kindOf(crd), { ...idOf(crd), uid: String(Reflect.get(metadata, 'uid')) }, {});
});

/** The first answer that there is; each question is a request, so this does not spin. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const until = performance.now() + 30_000;
  while (performance.now() < until) {
    const answer = await ask();
    if (answer !== undefined) return answer;
  }
  throw new Error('not within 30 s');
}

test(
  'a list of more than a page is whole, in full and as metadata',
  async () => {
    const labels = { page: 'yes' };
    const all = Array.from({ length: 1_100 }, (_, index) => {
      const object = configMap(`page-${index}`);
      return { ...object, metadata: { ...object.metadata, labels } };
    });
    await Promise.all(all.map((object) => apply(object)));
    const query = { kind: await kindOf(configMap('x')), namespace: NAMESPACE, labelSelector: 'page=yes' };
    const full = await cluster.list({ ...query, content: 'full' });
    const metadata = await cluster.list({ ...query, content: 'metadata' });
    const names = all.map((object) => object.metadata.name).sort();
    expect(full.items.map((item) => item.metadata.name).sort()).toEqual(names);
    expect(metadata.items.map((item) => item.metadata.name).sort()).toEqual(names);
    expect(full.items[0]).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: expect.objectContaining({ namespace: NAMESPACE, labels, uid: expect.any(String) }),
      data: { a: '1' },
    });
    expect(metadata.items[0]).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: expect.objectContaining({ namespace: NAMESPACE, labels, uid: expect.any(String) }),
    });
  },
  PATIENCE_MS,
);

test.each(['full', 'metadata'] as const)('a watch for %s sees what changes after the list', async (content) => {
  const watched = (value: string) => {
    const object = configMap(`watched-${content}`, { data: { value } });
    return { ...object, metadata: { ...object.metadata, labels: { watched: content } } };
  };
  const kind = await kindOf(watched(''));
  const query = { kind, namespace: NAMESPACE, labelSelector: `watched=${content}`, content };
  const { items, resourceVersion } = await cluster.list(query);
  expect(items).toEqual([]);
  const stop = new AbortController();
  const seen: object[] = [];
  const result = await apply(watched('1'));
  for await (const { type, object } of cluster.watch({ ...query, resourceVersion }, stop.signal)) {
    seen.push({ type, kind: object.kind, data: object.data });
    if (type === 'ADDED') await apply(watched('2'));
    const uid = result.status === 'applied' ? (result.object.metadata.uid ?? '') : '';
    if (type === 'MODIFIED') await cluster.delete(kind, { ...idOf(watched('')), uid }, {});
    if (type === 'DELETED') stop.abort();
  }
  const data = (value: string) => (content === 'full' ? { value } : undefined);
  expect(seen).toEqual([
    { type: 'ADDED', kind: 'ConfigMap', data: data('1') },
    { type: 'MODIFIED', kind: 'ConfigMap', data: data('2') },
    { type: 'DELETED', kind: 'ConfigMap', data: data('2') },
  ]);
});

test('capabilities name the version and the kinds', async () => {
  const { version, apiVersions } = await cluster.capabilities();
  expect(version).toMatch(/^v1\.\d+\.\d+/);
  expect(apiVersions).toEqual(expect.arrayContaining(['v1', 'v1/Pod', 'apps/v1', 'apps/v1/Deployment']));
});
