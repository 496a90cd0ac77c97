import { REV_A, REV_B } from '../../contracts/state-store/fixtures.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { type ApiRig, aDriftedObject, aDriftRecord, configure, operate, startApi } from './api-rig.ts';

let api: ApiRig;

beforeEach(async () => {
  api = startApi(await openMemoryStore());
  await configure(api);
});

const error = (code: string, message: unknown): object => ({ error: { code, message, hint: expect.any(String) } });

test('sync requests an operation in the name of the user, and starts it', async () => {
  expect(await api.post('/api/applications/shop/sync', { by: 'ada' })).toEqual({
    status: 202,
    body: { app: 'shop', seq: 1, operation: 'shop-1', status: 'started' },
  });
  expect(await api.store.operation('shop', 1)).toMatchObject({ trigger: { kind: 'manual', by: 'ada' } });
  expect(api.started).toEqual(['shop-1']);
});

test('sync while an operation runs is queued, and started at the end of that operation', async () => {
  const { seq } = await api.store.request('shop', { revision: REV_A, trigger: { kind: 'push' } });
  await api.store.acquire('shop', seq, 60);
  expect(await api.post('/api/applications/shop/sync')).toMatchObject({
    status: 202,
    body: { seq: 2, status: 'queued' },
  });
  expect(api.started).toEqual([]);
});

test('a newest commit that was rolled back is deployed only when that is said', async () => {
  await operate(api, { revision: REV_B });
  await operate(api, { status: 'rolledBack', trigger: { kind: 'rollback', by: 'shop-5xx' } });
  await api.store.hold('shop', [{ revision: REV_B, reason: 'alarm shop-5xx', at: '2026-01-01T00:00:00.000Z' }]);
  expect(await api.post('/api/applications/shop/sync')).toEqual({
    status: 409,
    body: error('RevisionHeld', 'Application/shop: its newest commit bbbbbbb was rolled back and is held'),
  });
  expect(api.started).toEqual([]);
  expect(await api.post('/api/applications/shop/sync', { release: true })).toMatchObject({ status: 202 });
  expect(api.started).toEqual(['shop-3']);
});

test('a commit that was rolled back long ago does not stand in the way of a newer one', async () => {
  await api.store.hold('shop', [{ revision: REV_B, reason: 'alarm', at: '2026-01-01T00:00:00.000Z' }]);
  await operate(api, { revision: REV_A });
  expect(await api.post('/api/applications/shop/sync')).toMatchObject({ status: 202 });
});

test('rollback requests the last good deployment of another commit', async () => {
  await operate(api, { revision: REV_A });
  const seq = await operate(api, { revision: REV_B });
  const { lease } = await held(await api.store.request('shop', { trigger: { kind: 'manual' } }));
  const previous = {
    revision: REV_A,
    seq: 1,
    specHash: 'h',
    inputs: [],
    renderedKey: 'rendered/1',
    status: 'synced',
  } as const;
  const operation = {
    ...(await operationOf(lease.seq)),
    phase: 'done',
    outcome: { status: 'unchanged', message: '' },
  } as const;
  await api.store.conclude(lease, { operation, previous });
  expect(await api.post('/api/applications/shop/rollback', { by: 'ada' })).toMatchObject({
    status: 202,
    body: { seq: seq + 2 },
  });
  expect(await operationOf(seq + 2)).toMatchObject({ trigger: { kind: 'rollback', by: 'ada' } });
  expect(api.started).toEqual([`shop-${seq + 2}`]);
});

test('rollback to an operation of the history names it', async () => {
  await operate(api, { revision: REV_A });
  await operate(api, { revision: REV_B });
  expect(await api.post('/api/applications/shop/rollback', { toSeq: 1 })).toMatchObject({
    status: 202,
    body: { seq: 3 },
  });
  expect(await operationOf(3)).toMatchObject({ trigger: { kind: 'rollback', toSeq: 1 } });
});

test('a rollback without an earlier deployment is refused, and nothing is requested', async () => {
  await operate(api);
  const { body, status } = await api.post('/api/applications/shop/rollback');
  expect({ status, body }).toEqual({
    status: 409,
    body: error('RollbackImpossible', expect.stringMatching(/^Application\/shop: /)),
  });
  expect(await api.store.operations('shop', 9)).toHaveLength(1);
});

test('a rollback to an operation that deployed nothing is refused with its outcome', async () => {
  const { seq } = await api.store.request('shop', { trigger: { kind: 'push' } });
  expect(await api.post('/api/applications/shop/rollback', { toSeq: seq })).toEqual({
    status: 409,
    body: error('RollbackImpossible', 'Application/shop: operation 1 (pending) deployed nothing: it has not ended'),
  });
});

test('a rollback to an operation that rendered and deployed nothing is refused with its outcome', async () => {
  const seq = await operate(api, { status: 'waiting' });
  expect(await api.post('/api/applications/shop/rollback', { toSeq: seq })).toEqual({
    status: 409,
    body: error(
      'RollbackImpossible',
      `Application/shop: operation ${seq} (waiting) deployed nothing: all objects are healthy`,
    ),
  });
});

test('suspend records the reason, who and until when', async () => {
  const until = '2026-01-01T02:00:00.000Z';
  const suspension = { reason: 'freeze', by: 'ada', at: '2026-01-01T00:00:00.000Z', until };
  expect(await api.post('/api/applications/shop/suspend', { reason: 'freeze', by: 'ada', until })).toEqual({
    status: 200,
    body: suspension,
  });
  expect(await api.store.application('shop')).toMatchObject({ suspended: suspension });
});

test('resume ends the suspension, lets corrections start again and deploys the newest commit', async () => {
  await api.store.suspend('shop', { reason: 'freeze', at: '2026-01-01T00:00:00.000Z' });
  const correction = { attempts: 6, seq: 3, notBefore: 'x', fighting: { managers: ['other'], since: 'x' } };
  await api.store.putDrift(aDriftRecord([aDriftedObject()], { correction }));
  expect(await api.post('/api/applications/shop/resume', { by: 'ada' })).toEqual({
    status: 200,
    body: { app: 'shop', next: 'deploys', operation: 'shop-1' },
  });
  expect((await api.store.application('shop'))?.suspended).toBeUndefined();
  const drift = await api.store.drift('shop');
  expect([drift?.version, drift?.correction, drift?.count]).toEqual([2, undefined, 1]);
  expect(await operationOf(1)).toMatchObject({ trigger: { kind: 'resume', by: 'ada' } });
  expect(api.started).toEqual(['shop-1']);
});

test('resume of an application that is synced manually deploys nothing', async () => {
  const app = await api.store.application('shop');
  if (app !== undefined) await configure(api, 'shop', { sync: { ...app.app.sync, mode: 'manual' } });
  expect(await api.post('/api/applications/shop/resume')).toEqual({
    status: 200,
    body: { app: 'shop', next: 'manual' },
  });
  expect(api.started).toEqual([]);
});

test.each([
  ['an application', { apps: ['shop'] }, ['shop']],
  ['a cluster', { cluster: 'prod' }, ['prod']],
  ['everything', {}, ['all']],
] as const)('a scan of %s answers with what it has found', async (_what, wish, scanned) => {
  await operate(api);
  const drift = aDriftRecord([aDriftedObject()], { scannedAt: '2026-01-01T00:00:09.000Z' });
  api.finds(drift);
  expect(await api.post('/api/drift/scan', wish)).toMatchObject({
    status: 200,
    body: { applications: [{ app: 'shop', status: 'Drifted', objects: drift.objects }] },
  });
  expect(api.scanned).toEqual(scanned);
});

test('a scan of an application that does not exist scans nothing', async () => {
  expect(await api.post('/api/drift/scan', { apps: ['shop', 'nope'] })).toMatchObject({ status: 404 });
  expect(api.scanned).toEqual([]);
});

test.each([
  ['a reason that is missing', 'applications/shop/suspend', {}, /^reason: /],
  ['an empty reason', 'applications/shop/suspend', { reason: ' ' }, /^reason: /],
  ['a time that is none', 'applications/shop/suspend', { reason: 'x', until: 'noon' }, /^until: /],
  [
    'a time in the past',
    'applications/shop/suspend',
    { reason: 'x', until: '2025-01-01T00:00:00Z' },
    /^until: .* is in the past/,
  ],
  ['a field that is not known', 'applications/shop/sync', { byy: 'ada' }, /byy/],
  ['a number that is none', 'applications/shop/rollback', { toSeq: '3' }, /^toSeq: /],
  ['a list', 'applications/shop/sync', [], /^body: /],
  ['two inputs at once', 'drift/scan', { apps: ['shop'], cluster: 'prod' }, /^body: /],
  ['another format than JSON', 'applications/shop/sync', '{by: ada}', /^body: is not JSON/],
])('%s is answered with 400 and does nothing', async (_what, path, body, message) => {
  expect(await api.post(`/api/${path}`, body)).toEqual({
    status: 400,
    body: error('RequestInvalid', expect.stringMatching(message)),
  });
  expect([await api.store.operations('shop', 9), api.scanned, api.started]).toEqual([[], [], []]);
});

test('a body that is too large is answered with 413', async () => {
  const body = { reason: 'x'.repeat(300_000) };
  expect(await api.post('/api/applications/shop/suspend', body)).toMatchObject({ status: 413 });
});

async function operationOf(seq: number) {
  const operation = await api.store.operation('shop', seq);
  if (operation === undefined) throw new Error(`there is no operation ${seq}`);
  return operation;
}

async function held({ seq }: { readonly seq: number }) {
  const acquisition = await api.store.acquire('shop', seq, 60);
  if (acquisition.status !== 'acquired') throw new Error(acquisition.status);
  return acquisition;
}
