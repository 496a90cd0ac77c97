// The API on AWS, where it is told beside each request who has signed it.

import { createSignedApi, type GatewayContext } from '../../../lib/api/auth-iam.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import { REV_B } from '../../contracts/state-store/fixtures.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { type ApiRig, configure, operate, startApi } from './api-rig.ts';

const ADA = 'arn:aws:sts::123456789012:assumed-role/Deployer/ada';

let api: ApiRig;
let told: Partial<GatewayContext>;

beforeEach(async () => {
  told = { caller: ADA };
  api = startApi(await openMemoryStore(), (path) => ({ path: path.replace(/\?.*/, ''), ...told }));
  await configure(api);
});

const refused = (code: string): object => ({
  error: { code, message: expect.any(String), hint: expect.any(String) },
});

test.each([
  ['nothing', {}],
  ['somebody else', { by: 'mallory' }],
  ['somebody else by an ARN', { by: 'arn:aws:sts::123456789012:assumed-role/Deployer/mallory' }],
])('commands are those of the signer, when the body says %s', async (_what, claim) => {
  await operate(api, { status: 'synced' });
  expect(await api.post('/api/applications/shop/sync', claim)).toMatchObject({ status: 202, body: { seq: 2 } });
  expect(await api.store.operation('shop', 2)).toMatchObject({ trigger: { kind: 'manual', by: ADA } });

  expect(await api.post('/api/applications/shop/suspend', { reason: 'freeze', ...claim })).toMatchObject({
    status: 200,
    body: { reason: 'freeze', by: ADA },
  });
  expect((await api.store.application('shop'))?.suspended).toMatchObject({ by: ADA });

  expect(await api.post('/api/applications/shop/resume', claim)).toMatchObject({ status: 200 });
  expect(await api.store.operation('shop', 3)).toMatchObject({ trigger: { kind: 'resume', by: ADA } });

  expect(await api.post('/api/applications/shop/rollback', { toSeq: 1, ...claim })).toMatchObject({ status: 202 });
  const newest = await api.store.operations('shop', 1);
  expect(newest).toMatchObject([{ trigger: { kind: 'rollback', by: ADA, toSeq: 1 } }]);
  expect(JSON.stringify(api.log.lines)).not.toContain('mallory');
});

test('questions are answered, with their queries', async () => {
  await operate(api);
  await operate(api, { revision: REV_B });
  expect(await api.get('/api/applications')).toMatchObject({ status: 200, body: { applications: [{ name: 'shop' }] } });
  expect(await api.get('/api/applications/shop/operations?limit=1')).toMatchObject({
    status: 200,
    body: { operations: [{ seq: 2 }] },
  });
});

test('an unsigned request is refused, also when it only reads', async () => {
  told = {};
  expect(await api.get('/api/applications')).toEqual({ status: 403, body: refused('RequestRefused') });
  expect(await api.post('/api/applications/shop/sync', { by: 'ada' })).toEqual({
    status: 403,
    body: refused('RequestRefused'),
  });
  expect(api.started).toEqual([]);
});

test.each([
  ['leads up', '/api/applications/web/../shop/sync'],
  ['leads up in other words', '/api/applications/web/%2e%2e/shop/sync'],
  ['has a slash of another kind', '/api/applications/web/..\\shop/sync'],
  ['was decoded on the way', '/api/applications/shop/sync?x'],
])('a path that %s is not taken for another one than rights were judged by', async (_how, path) => {
  told = { caller: ADA, path };
  expect(await api.post(path)).toEqual({ status: 400, body: refused('RequestInvalid') });
  expect(api.started).toEqual([]);
});

test('what is not there is an error as any other', async () => {
  expect(await api.get('/healthz')).toEqual({ status: 404, body: refused('EndpointUnknown') });
  expect(await api.get('/api/nothing')).toEqual({ status: 404, body: refused('EndpointUnknown') });
});

test('a scan that takes too long is no error of the server, and the hint says how to see its result', async () => {
  const slow = async (): Promise<never> => {
    throw new DriftlessError('ScanUnfinished', 'function driftless-drift: did not respond within 23 s, and continues');
  };
  const { store: state, blobs, clock, log } = api;
  const routes = createSignedApi({
    state,
    blobs,
    clock,
    log,
    deployer: 'test',
    operations: { start: slow },
    scan: slow,
    check: slow,
  });
  for (const body of ['{}', '{"apps":["shop"]}']) {
    const headers = { 'content-type': 'application/json' };
    const request = new Request('https://api.example/api/drift/scan', { method: 'POST', headers, body });
    const reply = await routes.fetch(request, { path: '/api/drift/scan', caller: ADA });
    expect([reply.status, await reply.json()]).toEqual([
      409,
      {
        error: {
          code: 'ScanUnfinished',
          message: 'function driftless-drift: did not respond within 23 s, and continues',
          hint: expect.stringContaining('driftless drift'),
        },
      },
    ]);
  }
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
