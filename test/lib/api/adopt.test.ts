// Orders to take objects over, and the list of orphans.
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { RecordingLog } from '../../fakes/recording-log.ts';
import { type ApiRig, configure, startApi } from './api-rig.ts';

let api: ApiRig;

beforeEach(async () => {
  const { store, clock } = await openMemoryStore();
  api = startApi({ store, clock, log: new RecordingLog() });
});

test('adopt requests an operation that names the deployer', async () => {
  await configure(api);
  expect(await api.post('/api/applications/shop/adopt', { by: 'ada', from: 'west' })).toMatchObject({
    status: 202,
    body: { app: 'shop', seq: 1, status: 'started' },
  });
  expect((await api.store.operation('shop', 1))?.trigger).toEqual({ kind: 'adopt', by: 'ada', from: 'west' });
});

test.each([
  ['its own identity', 'shop/adopt', { from: 'test' }, 400, 'RequestInvalid'],
  ['what is no identity', 'shop/adopt', { from: 'a b' }, 400, 'RequestInvalid'],
  ['an application that is not configured', 'none/adopt', {}, 404, 'ApplicationUnknown'],
])('adopt refuses %s', async (_what, path, wish, status, code) => {
  await configure(api);
  expect(await api.post(`/api/applications/${path}`, wish)).toMatchObject({ status, body: { error: { code } } });
  expect(api.started).toEqual([]);
});

test('adopt refuses a held commit, and a suspended application is adopted as by sync', async () => {
  await configure(api);
  await api.store.suspend('shop', { reason: 'freeze', at: '2026-01-01T00:00:00.000Z' });
  const { seq } = await api.store.request('shop', { trigger: { kind: 'push' }, revision: 'a'.repeat(40) });
  expect(await api.post('/api/applications/shop/adopt', { from: 'west' })).toMatchObject({ body: { seq: seq + 1 } });
  await api.store.hold('shop', [{ revision: 'a'.repeat(40), reason: 'alarm', at: '2026-01-01T00:00:00.000Z' }]);
  expect(await api.post('/api/applications/shop/adopt', { from: 'west' })).toMatchObject({
    status: 409,
    body: { error: { code: 'RevisionHeld' } },
  });
});

test('adopt --all notes the identity in place of the old one, and requests every application that is not suspended', async () => {
  await api.store.noteDeployer('old');
  for (const name of ['shop', 'blog', 'wiki']) await configure(api, name);
  await api.store.suspend('wiki', { reason: 'freeze', at: '2026-01-01T00:00:00.000Z' });
  expect(await api.get('/api/applications')).toMatchObject({
    status: 200,
    body: { deployer: { code: 'DeployerChanged', message: expect.stringContaining('adopt --all --from old') } },
  });
  expect(await api.get('/api/applications/shop')).toMatchObject({ body: { deployer: { code: 'DeployerChanged' } } });

  expect(await api.post('/api/adopt', { from: 'other' })).toMatchObject({
    status: 409,
    body: { error: { code: 'DeployerNotNoted', message: expect.stringContaining('driftless adopt --all --from old') } },
  });
  expect(await api.store.noteDeployer('test')).toBe('old');

  for (const _time of ['at first', 'again']) {
    const { status, body } = await api.post('/api/adopt', { from: 'old', by: 'ada' });
    expect([status, body]).toMatchObject([202, { deployer: 'test', from: 'old' }]);
    expect(body).toMatchObject({ blocked: [{ app: 'wiki', code: 'ApplicationSuspended' }] });
  }
  expect(await api.store.noteDeployer('test')).toBe('test');
  expect((await api.store.operation('blog', 1))?.trigger).toEqual({ kind: 'adopt', by: 'ada', from: 'old' });
  expect(await api.store.operations('wiki', 1)).toEqual([]);
  expect((await api.get('/api/applications')).body).not.toHaveProperty('deployer');
});

const SCANNED = {
  cluster: 'prod',
  status: 'Reachable',
  since: '2026-01-01T00:00:00.000Z',
  scan: 'scan-1',
  startedAt: '2026-01-01T00:05:00.000Z',
  completedAt: '2026-01-01T00:05:01.000Z',
  ms: 1000,
  orphans: [{ app: 'gone', group: '', kind: 'ConfigMap', namespace: 'shop', name: 'old' }],
  orphansAt: '2026-01-01T00:05:00.000Z',
} as const;

test.each([
  ['after a scan', {}, { status: 'Known', count: 1 }],
  ['cut', { orphanCount: 300 }, { status: 'Known', count: 300 }],
  ['of an older version', { orphansAt: undefined }, { status: 'Known', scannedAt: SCANNED.completedAt }],
  ['unreachable', { status: 'Unknown', reason: 'no route' }, { status: 'Unknown', reason: 'no route', count: 1 }],
  [
    'after a scan that failed',
    { startedAt: '2026-01-01T00:09:00.000Z', reason: 'denied' },
    { status: 'Unknown', reason: 'denied', scannedAt: SCANNED.orphansAt },
  ],
] as const)('the orphans of a cluster: %s', async (_what, more, view) => {
  await configure(api);
  await api.store.beginScan('prod', 'scan-1', 60);
  const record = { ...SCANNED, ...more };
  const { orphansAt, ...older } = record;
  await api.store.endScan(orphansAt === undefined ? older : { ...older, orphansAt });
  expect(await api.get('/api/orphans?cluster=prod')).toMatchObject({
    status: 200,
    body: { clusters: [{ cluster: 'prod', orphans: SCANNED.orphans, ...view }] },
  });
});

test('a cluster that was not scanned is unknown, and so is one that no application uses; another name is an error', async () => {
  expect(await api.get('/api/orphans')).toEqual({ status: 200, body: { clusters: [] } });
  await configure(api);
  expect(await api.get('/api/orphans')).toMatchObject({
    body: { clusters: [{ cluster: 'prod', status: 'Unknown', reason: 'not scanned yet' }] },
  });
  await api.store.removeApplication('shop');
  await api.store.beginScan('prod', 'scan-1', 60);
  await api.store.endScan(SCANNED);
  expect(await api.get('/api/orphans')).toMatchObject({ body: { clusters: [{ status: 'Unknown', count: 1 }] } });
  expect(await api.get('/api/orphans?cluster=none')).toMatchObject({ status: 404 });
});
