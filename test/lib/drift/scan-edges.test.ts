import { scanNamed } from '../../../lib/drift/scan-now.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import { specHash } from '../../../lib/model/stored-application.ts';
import { isFullScanDue } from '../../../lib/policy/full-scan-schedule.ts';
import { outboxOf } from '../../fakes/outbox.ts';
import { configMap, type DriftRig, deployment, inStore, withDriftRig } from './drift-rig.ts';

const rigs = withDriftRig();

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

test('every application has its time of the day for the check in full, and they are spread', () => {
  const start = Date.UTC(2026, 0, 1);
  const checkedAt = new Date(start).toISOString();
  const due = Array.from({ length: 240 }, (_, n) => `app-${n}`).map((app) =>
    Array.from({ length: 24 }, (_hour, hour) => hour + 1).find((hour) =>
      isFullScanDue(app, checkedAt, start + hour * HOUR),
    ),
  );
  expect(due.every((hour) => hour !== undefined)).toBe(true);
  expect(new Set(due).size).toBe(24);
  expect(isFullScanDue('app-1', undefined, start + DAY)).toBe(false);
});

test('once a day every object is dry-run, also those that have not moved, and the record says when', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), deployment('web'));
  await rig.scan();
  await rig.clock.advance(DAY);
  expect(await rig.requestsOfScan()).toEqual(
    expect.arrayContaining(['DRY-RUN ConfigMap/store/a', 'DRY-RUN Deployment/store/web']),
  );
  expect(await rig.record()).toMatchObject({
    status: 'InSync',
    checkedInFullAt: new Date(rig.clock.now()).toISOString(),
  });
  expect(await rig.requestsOfScan()).toEqual(['LIST ConfigMap', 'LIST Deployment']);
});

test('who asks for a scan is told when the application was looked at, although nothing has drifted, and no scan looked before', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  for (const later of [0, 60_000]) {
    await rig.clock.advance(later);
    const scannedAt = new Date(rig.clock.now()).toISOString();
    expect(await scanNamed(['shop'], rig.drift)).toMatchObject([{ status: 'InSync', count: 0, scannedAt }]);
  }
  expect(rig.told).toEqual([]);
});

test('an application with an operation under way is left out, and looked at when that has ended', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('a', '2')));
  rig.commit(configMap('a', '3'));
  const seq = await rig.ask();
  expect(await rig.scan()).toMatchObject({ objectsDrifted: 0 });
  await rig.state.acquire('shop', seq, 60);
  expect(await rig.scan()).toMatchObject({ objectsDrifted: 0 });
  expect(await rig.record()).toBeUndefined();
});

test('an operation that begins while objects are judged makes what they say worthless', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('a', '2')));
  rig.cluster.before = async (request) => {
    if (request.startsWith('DRY-RUN')) await rig.ask('manual');
  };
  expect(await rig.scan()).toMatchObject({ objectsDrifted: 0, corrections: 0 });
  expect(await rig.record()).toBeUndefined();
  expect(rig.told).toEqual([]);
});

test('what a failed operation had meant to change is nobody’s drift', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  rig.cluster.before = (request) => {
    if (request === 'APPLY ConfigMap/store/b') throw new DriftlessError('ApiServerRejected', 'no');
  };
  const outcome = await rig.deploy(configMap('a', '2'), configMap('b', '2'));
  rig.cluster.before = () => undefined;
  expect(outcome).toMatchObject({ status: 'failed' });
  expect(await rig.scan()).toMatchObject({ objectsDrifted: 0 });
});

test('a kind that must not be listed is Unknown with the reason; what had drifted of it stays, and the rest is judged', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), deployment('web'));
  await rig.handle({ mode: 'report' });
  rig.cluster.put(inStore(deployment('web', 3)));
  await rig.scan();
  rig.cluster.put(inStore(configMap('a', '2')));
  rig.cluster.before = (request) => {
    if (request === 'LIST Deployment') throw new DriftlessError('ClusterAccessDenied', 'Deployment: may not list');
  };
  await rig.scan();
  expect(await rig.record()).toMatchObject({ status: 'Unknown', reason: 'Deployment: may not list', count: 2 });
  expect(await rig.drifted()).toEqual([
    'ConfigMap/store/a modified: data.value: 2 → 1',
    'Deployment/store/web modified: spec.replicas: 3 → 1',
  ]);
});

test('an object that the server refuses to judge is Unknown, and the others are judged', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  for (const name of ['a', 'b']) rig.cluster.put(inStore(configMap(name, '2')));
  rig.cluster.refuse('ConfigMap/store/a', {
    status: 'refused',
    reason: 'forbidden',
    message: 'may not patch',
    causes: [],
  });
  await rig.scan();
  expect(await rig.record()).toMatchObject({
    status: 'Unknown',
    reason: 'ConfigMap/store/a: cannot be compared: may not patch',
    objects: [{ id: { name: 'b' } }],
  });
});

test('a rendering that is no longer stored makes an application Unknown, not missing', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.edit('ConfigMap/store/a', () => undefined);
  Object.assign(rig.drift, { blobs: { get: async () => undefined, put: async () => undefined } });
  await rig.scan();
  expect(await rig.record()).toMatchObject({
    status: 'Unknown',
    reason: expect.stringMatching(
      /^the deployed rendering is no longer stored \(rendered\/.*\); sync the application once$/,
    ),
    count: 0,
  });
});

test('a cluster that cannot be reached is told once and back; its applications keep what had drifted', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await rig.handle({ mode: 'report' });
  rig.cluster.put(inStore(configMap('a', '2')));
  await rig.scan();
  rig.cluster.before = () => {
    throw new DriftlessError('ApiServerUnreachable', 'API server https://x: away');
  };
  expect(await rig.scan()).toMatchObject({ status: 'unreachable', reason: 'API server https://x: away' });
  await rig.scan();
  expect(await rig.record()).toMatchObject({ status: 'Unknown', reason: 'API server https://x: away', count: 1 });
  rig.cluster.before = () => undefined;
  await rig.scan();
  expect(await rig.record()).toMatchObject({ status: 'Drifted', count: 1 });
  expect(rig.told.map(({ kind }) => kind)).toEqual(['drift.opened', 'cluster.unreachable', 'cluster.reachable']);
  expect(rig.metrics.map(({ clustersUnreachable }) => clustersUnreachable)).toEqual([0, 1, 1, 0]);
});

test('a cluster that lets nobody list anything any more cannot be reached either', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), deployment('web'));
  rig.cluster.before = () => {
    throw new DriftlessError('ClusterAccessDenied', 'the API server does not accept the credentials');
  };
  expect(await rig.scan()).toMatchObject({ status: 'unreachable' });
  expect(await rig.record()).toMatchObject({ status: 'Unknown', count: 0 });
  expect(rig.told.map(({ kind }) => kind)).toEqual(['cluster.unreachable']);
});

test('a scan that runs out of time compares nothing that needs a request, and the next one continues there', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('a', '2')));
  expect(await rig.scan({ deadlineMs: rig.clock.monotonic() - 1 })).toMatchObject({
    status: 'partial',
    reason: 'shop: the scan ran out of time',
    objectsDrifted: 0,
  });
  expect(await rig.state.cluster('prod')).not.toHaveProperty('completedAt');
  expect(await rig.scan()).toMatchObject({ status: 'scanned', objectsDrifted: 1 });
  expect(await rig.state.cluster('prod')).toHaveProperty('completedAt');
});

test('news that cannot be sent is recorded all the same', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('a', '2')));
  const notify = () => Promise.reject(new DriftlessError('StateUnavailable', 'the topic is away'));
  Object.assign(rig.drift, { outbox: outboxOf(rig.state, { log: rig.log, notify }) });
  expect(await rig.scan()).toMatchObject({ status: 'scanned', objectsDrifted: 1, corrections: 1 });
  expect(rig.log.lines).toContainEqual(
    expect.objectContaining({ message: 'could not notify', reason: 'the topic is away' }),
  );
});

test('a record that cannot be written leaves the scan unfinished, and nothing is told', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.put(inStore(configMap('a', '2')));
  const putDrift = () => Promise.reject(new DriftlessError('StateUnavailable', 'the table is away'));
  Object.assign(rig.drift, { state: Object.assign(Object.create(rig.state), { putDrift }) });
  expect(await rig.scan()).toMatchObject({ status: 'partial', reason: 'shop: the table is away' });
  expect(rig.told).toEqual([]);
});

test('a cluster that another scan is at is left to that one', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await rig.state.beginScan('prod', 'another', 60);
  expect(await rig.scan()).toMatchObject({ status: 'busy' });
  await rig.clock.advance(61_000);
  expect(await rig.scan()).toMatchObject({ status: 'scanned' });
});

test('several applications of a cluster share its lists, and each has its own record', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  await addApplication(rig, 'cart');
  rig.cluster.put(inStore(configMap('a', '2')));
  expect(await rig.scan()).toMatchObject({ applications: 2, applicationsDrifted: 1 });
  expect(await rig.state.drift('cart')).toBeUndefined();
});

async function addApplication(rig: DriftRig, name: string): Promise<void> {
  const shop = await rig.state.application('shop');
  if (shop === undefined) throw new Error('shop is not configured');
  const app = { ...shop.app, name };
  await rig.state.putApplication(app, specHash(app));
}

test('R8: a kind that the server no longer lists makes the drift unknown, with the reason, and nothing counts as missing', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), deployment('web'));
  rig.cluster.unlistable.add('Deployment');
  await rig.scan();
  expect(await rig.record()).toMatchObject({
    status: 'Unknown',
    reason: 'Deployment: the API server does not list this kind',
    objects: [],
  });
});
