// The functions as they are put on Lambda, from a schedule, an audit log and an alarm to what has drifted.
import { gzipSync } from 'node:zlib';
import { alarmEvent } from '../functions/events.ts';
import { openWorld, type World } from '../functions/world.ts';
import { configMap, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(120_000);

let world: World;
beforeAll(async () => {
  world = await openWorld({ spec: { drift: { mode: 'report' }, rollback: { alarms: ['shop-5xx'], bakeTime: '5m' } } });
  await world.push({ 'deploy/settings.yaml': yaml(configMap('settings', 'ours')) });
  await world.functions.sweep.invoke({});
  await world.settled(1);
  await world.functions.drift.invoke({});
});
afterAll(() => world.stop());
afterEach(async () => {
  await restore();
  await world.functions.drift.invoke({});
  world.aws.published.splice(0);
});

const edit = (value: string) =>
  world.kube.edit({ apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', namespace: world.app }, { data: { value } });

/** As the deployer applies it, so that it owns the field again. */
const restore = () =>
  world.kube.applyAs('driftless', {
    ...configMap('settings', 'ours'),
    metadata: { name: 'settings', namespace: world.app, labels: { 'driftless.dev/app': world.app } },
  });

const drifted = async () => {
  const record = await world.state.drift(world.app);
  return {
    status: record?.status,
    fields: record?.objects.flatMap(({ fields }) => fields),
    users: record?.objects.flatMap(({ by }) => by.flatMap(({ user }) => user ?? [])),
  };
};

const FIELDS = [{ path: 'data.value', from: 'theirs', to: 'ours' }];

test('a schedule ends in a report of what has drifted, a message to people and metrics', async () => {
  await edit('theirs');
  const summary = await world.functions.drift.invoke({});

  expect(summary).toMatchObject({ clusters: [{ cluster: 'prod', status: 'scanned', objectsDrifted: 1 }] });
  expect(await drifted()).toMatchObject({ status: 'Drifted', fields: FIELDS });
  expect(world.aws.published.map(({ topic, attributes }) => [topic, attributes])).toEqual([
    [expect.stringMatching(/:driftless$/), expect.objectContaining({ kind: 'drift.opened', app: world.app })],
  ]);
  const metrics = world.printed.findLast((line) => line.includes('"objectsDrifted":1'));
  expect(metrics).toMatch(/"Namespace":"Driftless"/);
});

test('a line of the audit log ends in a report that names the user', async () => {
  await edit('theirs');
  const written = {
    kind: 'Event',
    auditID: '1',
    stage: 'ResponseComplete',
    verb: 'patch',
    requestURI: `/api/v1/namespaces/${world.app}/configmaps/settings?fieldManager=kubectl-edit`,
    user: { username: 'ada' },
    sourceIPs: ['192.0.2.7'],
    userAgent: 'kubectl/v1.36.3',
    objectRef: { resource: 'configmaps', namespace: world.app, name: 'settings', apiVersion: 'v1' },
    responseStatus: { code: 200 },
    stageTimestamp: new Date().toISOString(),
    requestReceivedTimestamp: new Date().toISOString(),
  };
  const delivery = {
    messageType: 'DATA_MESSAGE',
    owner: '123456789012',
    logGroup: '/aws/eks/prod/cluster',
    logStream: 'kube-apiserver-audit-1',
    subscriptionFilters: ['driftless'],
    logEvents: [{ id: '1', timestamp: Date.now(), message: JSON.stringify(written) }],
  };
  const packed = gzipSync(JSON.stringify(delivery)).toString('base64');
  await world.functions.drift.invoke({ awslogs: { data: packed } });

  expect(await drifted()).toMatchObject({ status: 'Drifted', fields: FIELDS, users: ['ada'] });
});

test('an alarm outside of a bake time ends in a look at the clusters, and a message with what was found', async () => {
  await edit('theirs');
  await world.functions.alarm.invoke(alarmEvent('shop-5xx'));

  expect(await drifted()).toMatchObject({ status: 'Drifted', fields: FIELDS });
  const checked = world.aws.published.find(({ attributes }) => attributes['kind'] === 'alarm.checked');
  expect(checked?.message).toContain('data.value');
});

test('what is no event of an alarm is logged and dropped', async () => {
  expect(await world.functions.alarm.invoke({ nothing: true })).toBeNull();
  expect(world.printed.at(-1)).toContain('refused an alarm event');
});

test.each([
  ['the drift function', 'drift', { check: 'shop' }],
  ['the worker', 'worker', {}],
] as const)('%s refuses an event that it does not know', async (_what, name, event) => {
  await expect(world.functions[name].invoke(event)).rejects.toMatchObject({ name: 'DriftlessError' });
});
