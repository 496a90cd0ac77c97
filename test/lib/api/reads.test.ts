import { REV_A, REV_B } from '../../contracts/state-store/fixtures.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { type ApiRig, aDriftedObject, aDriftRecord, configure, operate, startApi } from './api-rig.ts';

let api: ApiRig;

beforeEach(async () => {
  api = startApi(await openMemoryStore());
});

const SCANNED = {
  cluster: 'prod',
  status: 'Reachable',
  since: '2026-01-01T00:00:00.000Z',
  scan: 'scan-9',
  startedAt: '2026-01-01T00:05:00.000Z',
  completedAt: '2026-01-01T00:05:01.000Z',
  ms: 1000,
  orphans: [],
} as const;

async function scanOf(more: object = {}): Promise<void> {
  await api.store.beginScan('prod', 'scan-9', 60);
  await api.store.endScan({ ...SCANNED, ...more });
}

test('an application that was never deployed is out of sync, and its drift is unknown', async () => {
  await configure(api);
  expect(await api.get('/api/applications')).toEqual({
    status: 200,
    body: {
      applications: [
        {
          name: 'shop',
          project: 'default',
          source: { repo: 'https://github.com/acme/shop', ref: 'main', path: 'deploy/prod' },
          destination: { cluster: 'prod', namespace: 'shop' },
          mode: 'auto',
          sync: { status: 'OutOfSync', reason: 'nothing has been deployed yet' },
          drift: {
            mode: 'correct',
            status: 'Unknown',
            reason: 'nothing has been deployed yet',
            deployed: false,
            count: 0,
          },
          held: [],
        },
      ],
    },
  });
});

test('the report on the newest configuration comes with all applications, once there is one', async () => {
  expect(await api.get('/api/applications')).toEqual({ status: 200, body: { applications: [] } });
  const problem = { file: 'shop.yaml', line: 3, field: 'spec.project', message: 'is missing' };
  const report = {
    status: 'invalid',
    source: { repo: 'https://github.com/acme/config', ref: 'main', path: '' },
    revision: REV_B,
    problems: [problem],
    count: 1,
    since: '2026-01-01T00:00:00.000Z',
  } as const;
  api.reports(report);
  expect((await api.get('/api/applications')).body).toEqual({ applications: [], configuration: report });
});

test('an application that was deployed and scanned is synced, with its commit, health and last operation', async () => {
  await configure(api);
  await operate(api);
  await scanOf();
  expect(await api.get('/api/applications/shop')).toMatchObject({
    status: 200,
    body: {
      sync: { status: 'Synced' },
      health: { status: 'Healthy' },
      revision: REV_A,
      lastOperation: { seq: 1, trigger: { kind: 'push' }, outcome: { status: 'synced' } },
      drift: { status: 'InSync', scannedAt: '2026-01-01T00:05:01.000Z', scan: 'scan-9' },
    },
  });
});

test('applications are listed by name, each with its own drift', async () => {
  await configure(api, 'zoo');
  await configure(api);
  await operate(api);
  await api.store.putDrift(aDriftRecord([aDriftedObject()]));
  const { body } = await api.get('/api/applications');
  expect(body).toMatchObject({
    applications: [
      { name: 'shop', sync: { status: 'OutOfSync', reason: '1 object has drifted' }, drift: { status: 'Drifted' } },
      { name: 'zoo', drift: { status: 'Unknown' } },
    ],
  });
  expect(JSON.stringify(body)).not.toContain('firstSeen');
});

test('an operation that goes on is Progressing, in its stage', async () => {
  await configure(api);
  await api.store.request('shop', { revision: REV_A, trigger: { kind: 'push' } });
  expect(await api.get('/api/applications/shop')).toMatchObject({
    body: { sync: { status: 'Progressing', reason: 'pending' } },
  });
});

test.each(['refused', 'failed', 'rolledBack'] as const)(
  'after an operation that was %s it is out of sync',
  async (status) => {
    await configure(api);
    await operate(api, { status });
    expect(await api.get('/api/applications/shop')).toMatchObject({
      body: { sync: { status: 'OutOfSync', reason: expect.stringContaining('all objects are healthy') } },
    });
  },
);

test('a suspension is shown until its time is over', async () => {
  await configure(api);
  await api.store.suspend('shop', { reason: 'freeze', at: 'x', until: '2026-01-01T00:01:00.000Z' });
  expect(await api.get('/api/applications/shop')).toMatchObject({ body: { suspended: { reason: 'freeze' } } });
  await api.clock.advance(60_000);
  expect((await api.get('/api/applications/shop')).body).not.toHaveProperty('suspended');
});

test('the history is given newest first, as long as it is wanted', async () => {
  await configure(api);
  await operate(api);
  await operate(api, { revision: REV_B });
  const { body } = await api.get('/api/applications/shop/operations');
  expect(body).toMatchObject({
    operations: [
      { seq: 2, revision: REV_B },
      { seq: 1, revision: REV_A },
    ],
  });
  expect(await api.get('/api/applications/shop/operations?limit=1')).toMatchObject({
    body: { operations: [{ seq: 2 }] },
  });
  expect(await api.get('/api/applications/shop/operations/1')).toMatchObject({ status: 200, body: { seq: 1 } });
});

test('the drift of an application is given with every object, who changed it and since when', async () => {
  const object = aDriftedObject({
    drift: 'modified',
    fields: [{ path: 'spec.replicas', from: 5, to: 2 }],
    by: [{ manager: 'kubectl', operation: 'Update scale', at: '2026-01-01T00:00:00.000Z' }],
  });
  await configure(api);
  await operate(api);
  await api.store.putDrift(aDriftRecord([object]));
  await scanOf();
  const expected = {
    app: 'shop',
    cluster: 'prod',
    mode: 'correct',
    status: 'Drifted',
    since: '2026-01-01T00:00:00.000Z',
    scannedAt: '2026-01-01T00:05:01.000Z',
    scan: 'scan-1',
    count: 1,
    objects: [object],
  };
  expect(await api.get('/api/applications/shop/drift')).toEqual({ status: 200, body: expected });
  expect(await api.get('/api/drift')).toEqual({ status: 200, body: { applications: [expected] } });
});

test('a cluster that cannot be reached makes the drift of its applications Unknown, with the reason', async () => {
  await configure(api);
  await operate(api);
  await scanOf({ status: 'Unknown', reason: 'connect ECONNREFUSED' });
  expect(await api.get('/api/applications/shop')).toMatchObject({
    body: { sync: { status: 'Unknown', reason: 'connect ECONNREFUSED' }, drift: { status: 'Unknown' } },
  });
});

test.each([
  ['an application', '/api/applications/nope', 'ApplicationUnknown', 'Application/nope: is not configured'],
  [
    'the drift of an application',
    '/api/applications/nope/drift',
    'ApplicationUnknown',
    'Application/nope: is not configured',
  ],
  [
    'an operation',
    '/api/applications/shop/operations/9',
    'OperationUnknown',
    'Application/shop: operation 9 does not exist',
  ],
])('%s that does not exist is answered with 404', async (_what, path, code, message) => {
  await configure(api);
  expect(await api.get(path)).toEqual({ status: 404, body: { error: { code, message, hint: expect.any(String) } } });
});

test.each([
  ['a limit that is none', '/api/applications/shop/operations?limit=all', /^limit: /],
  ['a limit that is too high', '/api/applications/shop/operations?limit=1000', /^limit: /],
  ['a parameter that is not known', '/api/applications/shop/operations?limt=1', /limt/],
  ['a number that is none', '/api/applications/shop/operations/first', /^seq: /],
])('%s is answered with 400', async (_what, path, message) => {
  await configure(api);
  expect(await api.get(path)).toEqual({
    status: 400,
    body: { error: { code: 'RequestInvalid', message: expect.stringMatching(message), hint: expect.any(String) } },
  });
});

test('a selector keeps the applications whose labels fit, in both lists', async () => {
  await configure(api, 'shop', { labels: { team: 'a' } });
  await configure(api, 'blog', { labels: { team: 'b' } });
  await configure(api, 'wiki');
  const namesAt = async (path: string): Promise<readonly string[]> => {
    const { body } = await api.get(path);
    const { items, applications } = body as Record<string, readonly { readonly name: string }[]>;
    return (items ?? applications ?? []).map(({ name }) => name);
  };
  for (const list of ['/api/v1/applications', '/api/applications']) {
    expect(await namesAt(`${list}?selector=team%3Da`)).toEqual(['shop']);
    expect(await namesAt(`${list}?selector=${encodeURIComponent('team notin (a)')}`)).toEqual(['blog', 'wiki']);
    expect(await namesAt(`${list}?selector=`)).toEqual(['blog', 'shop', 'wiki']);
  }
  expect(await api.get('/api/v1/applications?selector=team%3D%3D%3D')).toMatchObject({
    status: 400,
    body: { error: { code: 'RequestInvalid' } },
  });
  expect(await namesAt('/api/v1/applications?selector=team&limit=1')).toEqual(['blog']);
});
