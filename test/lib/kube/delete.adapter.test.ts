import { type Answer, statusAnswer } from '../../fakes/api-server.ts';
import { CONFIG_MAP, openFake } from './fake-cluster.ts';

const id = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings', uid: 'u1' };
const absent = statusAnswer(404, {
  reason: 'NotFound',
  message: 'not found',
  details: { name: 'settings', kind: 'configmaps' },
});
test('a delete is for one uid only, and lets dependants go in the background', async () => {
  const { cluster, server } = await openFake(() => ({ body: { kind: 'Status', status: 'Success' } }));
  expect(await cluster.delete(CONFIG_MAP, id, {})).toEqual({ status: 'deleted' });
  expect(server.received).toMatchObject([{ method: 'DELETE', path: '/api/v1/namespaces/shop/configmaps/settings' }]);
  expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    preconditions: { uid: 'u1' },
    propagationPolicy: 'Background',
  });
});

test('a dry-run of a delete deletes nothing', async () => {
  const { cluster, server } = await openFake(() => ({}));
  expect(await cluster.delete(CONFIG_MAP, id, { dryRun: true })).toEqual({ status: 'deleted' });
  expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({ dryRun: ['All'] });
});

const forbidden = { reason: 'Forbidden', message: 'configmaps "settings" is forbidden', details: { name: 'settings' } };

test.each<readonly [string, Answer, object]>([
  ['is gone', absent, { status: 'absent' }],
  [
    'may not be deleted',
    statusAnswer(403, forbidden),
    { status: 'refused', message: 'configmaps "settings" is forbidden' },
  ],
])('an object that %s has the result of its kind', async (_what, toDelete, result) => {
  const { cluster } = await openFake(() => toDelete);
  expect(await cluster.delete(CONFIG_MAP, id, {})).toEqual(result);
});

test('a delete may name the version, too', async () => {
  const { cluster, server } = await openFake(() => ({ body: { kind: 'Status', status: 'Success' } }));
  await cluster.delete(CONFIG_MAP, { ...id, resourceVersion: '7' }, {});
  expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({
    preconditions: { uid: 'u1', resourceVersion: '7' },
  });
});

test.each([
  'the UID in the precondition (u1) does not match the UID in record (u2)',
  'Precondition failed: ResourceVersion in precondition: 5, ResourceVersion in object meta: 7',
])('an object with another uid or version is a conflict at once, and stays: %s', async (message) => {
  const { cluster, server } = await openFake(() =>
    statusAnswer(409, { reason: 'Conflict', message, details: { name: 'settings' } }),
  );
  expect(await cluster.delete(CONFIG_MAP, id, {})).toEqual({ status: 'conflict' });
  expect(server.received.map(({ method }) => method)).toEqual(['DELETE']);
});

test('a kind that is no longer served is an error, not an absent object', async () => {
  const { cluster } = await openFake(() => ({ status: 404, body: '404 page not found\n' }));
  await expect(cluster.delete(CONFIG_MAP, id, {})).rejects.toMatchObject({
    code: 'KindNotFound',
    message: 'ConfigMap/shop/settings: v1 ConfigMap is no longer served',
  });
});

test('a delete whose answer was lost finds the object gone', async () => {
  const { cluster } = await openFake((_request, number) => (number === 1 ? 'hang up' : absent));
  expect(await cluster.delete(CONFIG_MAP, id, {})).toEqual({ status: 'absent' });
});
