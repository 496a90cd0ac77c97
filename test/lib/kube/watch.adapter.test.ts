import type { ServerResponse } from 'node:http';
import type { ListQuery } from '../../../lib/model/cluster-api.ts';
import { statusAnswer } from '../../fakes/api-server.ts';
import { CONFIG_MAP, collect, openFake } from './fake-cluster.ts';

const query: ListQuery & { resourceVersion: string } = {
  kind: CONFIG_MAP,
  content: 'full',
  namespace: 'shop',
  resourceVersion: '42',
};
const event = (type: string, name: string) => ({
  type,
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, managedFields: [] } },
});
const seen = (type: string, name: string) => ({
  type,
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } },
});
const lines = (...events: object[]) => events.map((one) => `${JSON.stringify(one)}\n`).join('');
const forever = () => new AbortController().signal;
const expired = {
  type: 'ERROR',
  object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' },
};

test('a watch gives what changes after a version, until the server ends it', async () => {
  const { cluster, server } = await openFake(() => ({
    body: lines(event('ADDED', 'a'), { type: 'BOOKMARK', object: {} }, event('MODIFIED', 'a'), event('DELETED', 'a')),
  }));
  expect(await collect(cluster.watch({ ...query, labelSelector: 'x=y' }, forever()))).toEqual([
    seen('ADDED', 'a'),
    seen('MODIFIED', 'a'),
    seen('DELETED', 'a'),
  ]);
  expect(server.received).toMatchObject([
    {
      path: '/api/v1/namespaces/shop/configmaps',
      query: { watch: '1', resourceVersion: '42', allowWatchBookmarks: 'true', labelSelector: 'x=y' },
    },
  ]);
});

test('metadata alone is watched as such, and has the real kind', async () => {
  const partial = { type: 'ADDED', object: { kind: 'PartialObjectMetadata', metadata: { name: 'a' } } };
  const { cluster, server } = await openFake(() => ({ body: lines(partial) }));
  expect(await collect(cluster.watch({ ...query, content: 'metadata' }, forever()))).toEqual([seen('ADDED', 'a')]);
  expect(server.received[0]?.headers.accept).toBe('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1');
});

test('events may arrive in pieces, cut anywhere, also within a letter', async () => {
  const bytes = Buffer.from(lines(event('ADDED', 'ä'), event('ADDED', 'ö')));
  const { cluster } = await openFake(
    () => (response) =>
      sendSlowly(
        response,
        [...bytes].map((byte) => Buffer.from([byte])),
      ),
  );
  expect(await collect(cluster.watch(query, forever()))).toEqual([seen('ADDED', 'ä'), seen('ADDED', 'ö')]);
});

function sendSlowly(response: ServerResponse, [first, ...rest]: readonly Buffer[]): void {
  if (first === undefined) response.end();
  else response.write(first, () => sendSlowly(response, rest));
}

test('a connection that breaks within a line ends the events', async () => {
  const { cluster } = await openFake(() => (response) => {
    response.write(`${lines(event('ADDED', 'a'))}{"type":"MODIF`, () => response.destroy());
  });
  expect(await collect(cluster.watch(query, forever()))).toEqual([seen('ADDED', 'a')]);
});

test.each([
  ['an event of the stream', { body: lines(event('ADDED', 'a'), expired, event('ADDED', 'b')) }, [seen('ADDED', 'a')]],
  ['the answer itself', statusAnswer(410, { reason: 'Expired', message: 'too old' }), []],
])('a version that the server forgot, said by %s, ends the events', async (_what, answer, events) => {
  const { cluster } = await openFake(() => answer);
  expect(await collect(cluster.watch(query, forever()))).toEqual(events);
});

test('the signal ends a watch that is silent', async () => {
  const { cluster } = await openFake(() => (response) => {
    response.write(lines(event('ADDED', 'a')));
  });
  const stop = new AbortController();
  const events = [];
  for await (const one of cluster.watch(query, stop.signal)) {
    events.push(one);
    stop.abort();
  }
  expect(events).toEqual([seen('ADDED', 'a')]);
});

test('a signal that has been given already means that nothing is asked', async () => {
  const { cluster, server } = await openFake(() => ({}));
  expect(await collect(cluster.watch(query, AbortSignal.abort()))).toEqual([]);
  expect(server.received).toEqual([]);
});

test('a caller that leaves the loop closes the connection', async () => {
  let closed: Promise<void> | undefined;
  const { cluster } = await openFake(() => (response) => {
    closed = new Promise((resolve) => response.on('close', resolve));
    response.write(lines(event('ADDED', 'a')));
  });
  for await (const _one of cluster.watch(query, forever())) break;
  await expect(closed).resolves.toBeUndefined();
});

test('watches take no connection from the other requests', async () => {
  const { cluster } = await openFake(
    ({ query: { watch } }) =>
      watch === undefined
        ? { body: { metadata: {}, items: [] } }
        : (response) => {
            response.write(lines(event('ADDED', 'a')));
          },
    { connections: 1 },
  );
  const stop = new AbortController();
  const watches = [1, 2, 3].map(() => cluster.watch(query, stop.signal)[Symbol.asyncIterator]());
  await Promise.all(watches.map((watch) => watch.next()));
  expect((await cluster.list(query)).items).toEqual([]);
  stop.abort();
  expect(await Promise.all(watches.map((watch) => watch.next()))).toEqual(
    Array(3).fill({ done: true, value: undefined }),
  );
});

test.each([
  ['is no JSON', '{"type": nonsense}\n'],
  ['has no type', '{"object": {}}\n'],
  ['is about nothing with a name', '{"type": "ADDED", "object": {"metadata": {}}}\n'],
  ['never ends', `{"type":"ADDED","x":"${'x'.repeat(17 * 1024 * 1024)}`],
])('an event that %s is an error', async (_what, body) => {
  const { cluster } = await openFake(() => ({ body }));
  await expect(collect(cluster.watch(query, forever()))).rejects.toMatchObject({ code: 'ApiServerRejected' });
});

test('an event that tells of another failure is an error', async () => {
  const failed = {
    type: 'ERROR',
    object: { kind: 'Status', code: 500, reason: 'InternalError', message: 'etcd is gone' },
  };
  const { cluster } = await openFake(() => ({ body: lines(failed) }));
  await expect(collect(cluster.watch(query, forever()))).rejects.toMatchObject({
    code: 'ApiServerRejected',
    message: 'configmaps in namespace shop: watch failed with HTTP 500: etcd is gone',
  });
});

test('a watch that RBAC forbids is an error', async () => {
  const { cluster } = await openFake(() =>
    statusAnswer(403, { reason: 'Forbidden', message: 'configmaps is forbidden' }),
  );
  await expect(collect(cluster.watch(query, forever()))).rejects.toMatchObject({
    code: 'ClusterAccessDenied',
    message: 'configmaps in namespace shop: may not watch: configmaps is forbidden',
  });
});

test('a server that is not available yet is asked again', async () => {
  const { cluster, server } = await openFake((_request, number) =>
    number === 1 ? statusAnswer(503, { message: 'starting' }) : { body: lines(event('ADDED', 'a')) },
  );
  expect(await collect(cluster.watch(query, forever()))).toEqual([seen('ADDED', 'a')]);
  expect(server.received).toHaveLength(2);
});
