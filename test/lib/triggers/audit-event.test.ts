import { gzipSync } from 'node:zlib';
import { DriftlessError } from '../../../lib/errors.ts';
import { checkAudited, eksNameOf } from '../../../lib/triggers/audit-event.ts';
import { parseAuditDelivery } from '../../../lib/triggers/audit-log.ts';
import { configMap, inStore, withDriftRig } from '../drift/drift-rig.ts';

const rigs = withDriftRig();

const LOG_GROUP = '/aws/eks/prod-eu/cluster';
const clusterOf = (logGroup: string): string | undefined => (eksNameOf(logGroup) === 'prod-eu' ? 'prod' : undefined);

const edit = {
  kind: 'Event',
  stage: 'ResponseComplete',
  verb: 'patch',
  requestURI: '/api/v1/namespaces/store/configmaps/a?fieldManager=kubectl-edit&fieldValidation=Strict',
  userAgent: 'kubectl/v1.36.0 (linux/amd64)',
  user: {
    username: 'arn:aws:sts::111122223333:assumed-role/Admin/alice',
    extra: { sessionName: ['alice'], arn: ['x'] },
  },
  sourceIPs: ['203.0.113.7'],
  objectRef: { resource: 'configmaps', namespace: 'store', name: 'a', apiVersion: 'v1' },
  responseStatus: { metadata: {}, code: 200 },
  requestReceivedTimestamp: '2026-01-01T00:00:05.000000Z',
};

function delivery(...entries: readonly object[]) {
  const logEvents = entries.map((entry, n) => ({ id: `${n}`, timestamp: n, message: JSON.stringify(entry) }));
  return { messageType: 'DATA_MESSAGE', logGroup: LOG_GROUP, logStream: 's', logEvents };
}

function eventOf(content: unknown) {
  return { awslogs: { data: gzipSync(JSON.stringify(content)).toString('base64') } };
}

const author = {
  manager: 'kubectl-edit',
  user: 'alice (arn:aws:sts::111122223333:assumed-role/Admin/alice)',
  verb: 'patch',
  sourceIp: '203.0.113.7',
  at: '2026-01-01T00:00:05.000000Z',
};

test.each([
  ['an edit', edit, 1],
  ['one by the deployer, by its user agent', { ...edit, userAgent: 'driftless/1.0' }, 0],
  ['one by the deployer, by its field manager', { ...edit, requestURI: '/x?fieldManager=driftless' }, 0],
  ['one that was only tried out', { ...edit, requestURI: '/x?dryRun=All' }, 0],
  ['one that was refused', { ...edit, responseStatus: { code: 403 } }, 0],
  ['one that is not done yet', { ...edit, stage: 'RequestReceived' }, 0],
  ['a read', { ...edit, verb: 'get' }, 0],
  ['a change of status', { ...edit, objectRef: { ...edit.objectRef, subresource: 'status' } }, 0],
  ['a change of scale', { ...edit, objectRef: { ...edit.objectRef, subresource: 'scale' } }, 1],
  ['something else', { hello: 'world' }, 0],
])('of an audit log, %s is a write: %#', (_what, entry, count) => {
  expect(parseAuditDelivery(delivery(entry)).writes).toHaveLength(count);
});

test('a write names its object, the user, the verb, the source and the time', () => {
  const place = { group: '', resource: 'configmaps', namespace: 'store', name: 'a' };
  expect(parseAuditDelivery(delivery(edit))).toEqual({ logGroup: LOG_GROUP, writes: [{ ...place, author }] });
});

test('an edited object is scanned immediately, and the report names the user', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('a', '2')), 'kubectl-edit');
  const [record] = await checkAudited(eventOf(delivery(edit)), { clusterOf }, rig.drift);
  expect(record).toMatchObject({
    status: 'Drifted',
    objects: [{ by: [{ ...author, operation: 'Apply' }], since: author.at }],
  });
  await rig.scan();
  expect((await rig.record())?.objects[0]?.by).toMatchObject([{ user: author.user }]);
});

test('only written objects are read; the recorded drift of other objects stays', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'), configMap('c'));
  await rig.handle({ mode: 'report' });
  const extra = configMap('extra');
  const labels = { 'driftless.dev/app': 'shop' };
  rig.cluster.put({ ...inStore(extra), metadata: { ...inStore(extra).metadata, labels } }, 'kubectl-create');
  rig.cluster.put(inStore(configMap('b', '2')), 'kubectl-edit');
  await rig.scan();
  rig.cluster.put(inStore(configMap('a', '2')), 'kubectl-edit');
  rig.cluster.put(inStore(configMap('c', '2')), 'kubectl-edit');
  rig.requests();
  const [record] = await checkAudited(eventOf(delivery(edit)), { clusterOf }, rig.drift);
  expect(rig.requests().toSorted()).toEqual([
    'DRY-RUN ConfigMap/store/a',
    'GET ConfigMap/store/a',
    'GET ConfigMap/store/a',
  ]);
  expect(record?.objects.map(({ id, drift }) => `${id.name} ${drift}`)).toEqual([
    'a modified',
    'b modified',
    'extra extra',
  ]);
  await checkAudited(eventOf(delivery(edit)), { clusterOf }, rig.drift);
  expect(rig.requests()).toEqual(['GET ConfigMap/store/a']);
  rig.cluster.edit('ConfigMap/store/a', () => undefined);
  const [gone] = await checkAudited(eventOf(delivery(edit)), { clusterOf }, rig.drift);
  expect(gone?.objects.map(({ id, drift }) => `${id.name} ${drift}`)).toEqual([
    'a missing',
    'b modified',
    'extra extra',
  ]);
  rig.requests();
  await rig.scan();
  expect(rig.requests().filter((request) => request.startsWith('DRY-RUN'))).toEqual(['DRY-RUN ConfigMap/store/c']);
  expect((await rig.record())?.objects.map(({ id }) => id.name)).toEqual(['a', 'b', 'c', 'extra']);
});

test('an application without a complete record is scanned as a whole', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  await rig.handle({ mode: 'report' });
  rig.cluster.before = () => {
    throw new DriftlessError('ClusterAccessDenied', 'may not list');
  };
  await rig.scan();
  expect((await rig.record())?.status).toBe('Unknown');
  rig.cluster.before = () => undefined;
  rig.cluster.put(inStore(configMap('b', '2')), 'kubectl-edit');
  const [record] = await checkAudited(eventOf(delivery(edit)), { clusterOf }, rig.drift);
  expect(record).toMatchObject({ status: 'Drifted', objects: [{ id: { name: 'b' } }] });
});

test('who deleted an object is named, and still is after the next scan', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await rig.handle({ mode: 'report' });
  rig.cluster.edit('ConfigMap/store/a', () => undefined);
  const deletion = { ...edit, verb: 'delete', requestURI: '/api/v1/namespaces/store/configmaps/a' };
  await checkAudited(eventOf(delivery(deletion)), { clusterOf }, rig.drift);
  await rig.scan();
  expect(await rig.record()).toMatchObject({
    objects: [{ drift: 'missing', by: [{ user: author.user, verb: 'delete', manager: 'kubectl' }], since: author.at }],
  });
});

test.each([
  ['an object that nobody deployed', { ...edit, objectRef: { ...edit.objectRef, name: 'other' } }, LOG_GROUP],
  ['a cluster that is not ours', edit, '/aws/eks/other/cluster'],
])('a write to %s starts no scan', async (_what, entry, logGroup) => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.requests();
  expect(await checkAudited(eventOf({ ...delivery(entry), logGroup }), { clusterOf }, rig.drift)).toEqual([]);
  expect(rig.requests()).toEqual([]);
});

test('deleting all of a kind concerns each of them', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  for (const name of ['a', 'b']) rig.cluster.edit(`ConfigMap/store/${name}`, () => undefined);
  const { name: _, ...objectRef } = edit.objectRef;
  const all = { ...edit, verb: 'deletecollection', objectRef };
  const [record] = await checkAudited(eventOf(delivery(all)), { clusterOf }, rig.drift);
  expect(record?.objects.map(({ by }) => by[0]?.verb)).toEqual(['deletecollection', 'deletecollection']);
});

test.each([
  ['no event of CloudWatch Logs', {}, 'audit event: awslogs.data is missing; let CloudWatch Logs deliver it'],
  [
    'no gzip',
    { awslogs: { data: 'AAAA' } },
    'audit event: awslogs.data is not gzipped JSON in base64; let CloudWatch Logs deliver it',
  ],
  [
    'another delivery',
    eventOf({ hello: 1 }),
    'audit log: messageType or logEvents is missing; subscribe to the log of an EKS control plane',
  ],
])('%s is refused in one sentence', async (_what, event, message) => {
  const rig = await rigs.open();
  await expect(checkAudited(event, { clusterOf }, rig.drift)).rejects.toMatchObject({
    code: 'PayloadInvalid',
    message,
  });
});

test('a control message is nothing', async () => {
  const rig = await rigs.open();
  const control = { ...delivery(), messageType: 'CONTROL_MESSAGE', logEvents: [{ message: 'CWL CONTROL MESSAGE' }] };
  expect(await checkAudited(eventOf(control), { clusterOf }, rig.drift)).toEqual([]);
});
