import { REV_A } from '../../contracts/state-store/fixtures.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { type ApiRig, configure, operate, startApi } from './api-rig.ts';

let api: ApiRig;

beforeEach(async () => {
  api = startApi(await openMemoryStore());
  await configure(api);
});

test('terminate requests an operation that ends the running one, in the name of the user', async () => {
  await api.store.request('shop', { revision: REV_A, trigger: { kind: 'push' } });
  expect(await api.post('/api/applications/shop/terminate', { by: 'ada' })).toMatchObject({
    status: 202,
    body: { app: 'shop', operation: 'shop-2', terminated: 1 },
  });
  expect(await api.store.operation('shop', 2)).toMatchObject({ trigger: { kind: 'terminate', toSeq: 1, by: 'ada' } });
});

test.each([
  ['nothing was ever deployed', async () => undefined],
  ['the last operation has ended', async () => void (await operate(api))],
  [
    'it was terminated before',
    async () => {
      await api.store.request('shop', { trigger: { kind: 'manual' } });
      await api.post('/api/applications/shop/terminate');
    },
  ],
])('where %s, there is nothing to terminate', async (_what, before) => {
  await before();
  expect(await api.post('/api/applications/shop/terminate')).toMatchObject({
    status: 409,
    body: { error: { code: 'NothingRuns', message: 'Application/shop: no operation runs; nothing was ended' } },
  });
});

test('a termination passes the gates of a suspended application', async () => {
  await api.store.request('shop', { revision: REV_A, trigger: { kind: 'push' } });
  await api.store.suspend('shop', { reason: 'incident', at: '2026-01-01T00:00:00.000Z' });
  expect(await api.post('/api/applications/shop/terminate')).toMatchObject({ status: 202 });
});

test('refresh looks at the cluster, and says where Git was not asked', async () => {
  await operate(api, { revision: REV_A });
  expect(await api.post('/api/applications/shop/refresh')).toMatchObject({
    status: 200,
    body: { git: 'swept', application: { name: 'shop', revision: REV_A } },
  });
  expect(await api.post('/api/applications/none/refresh')).toMatchObject({ status: 404 });
});
