import type { ListQuery, WatchEvent } from '../../../../lib/model/cluster-api.ts';
import { type Answer, statusAnswer } from '../../../fakes/api-server.ts';
import { CONFIG_MAP, collect, DEPLOYMENT } from '../fake-cluster.ts';
import { openTunnel } from '../fake-tunnel.ts';

const query: ListQuery & { resourceVersion: string } = {
  kind: CONFIG_MAP,
  content: 'full',
  namespace: 'shop',
  resourceVersion: '42',
};
const event = (type: string, resourceVersion: string) => ({
  type,
  object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', resourceVersion } },
});
/** Sends events and leaves the watch open, as an API server does. */
const open =
  (...events: object[]): Answer =>
  (response) =>
    void response.write(events.map((one) => `${JSON.stringify(one)}\n`).join(''));
const quiet: Answer = (response) => response.flushHeaders();
const gone: Answer = statusAnswer(410, { reason: 'Expired', message: 'too old resource version' });

const versions = (events: readonly WatchEvent[]) => events.map(({ object }) => object.metadata.resourceVersion);

test('events come as they happen, each request from behind the last event', async () => {
  const answers = [open(event('ADDED', '43'), event('MODIFIED', '44')), open(event('DELETED', '45')), gone];
  const { cluster, server } = await openTunnel((_request, number) => answers[number - 1] ?? 'hang up');
  const events = await collect(cluster.watch(query, new AbortController().signal));
  expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  expect(versions(events)).toEqual(['43', '44', '45']);
  expect(server.received.map(({ query: { resourceVersion } }) => resourceVersion)).toEqual(['42', '44', '45']);
  expect(server.received[0]?.query).toMatchObject({ watch: '1', allowWatchBookmarks: 'true', timeoutSeconds: '13' });
});

test('a bookmark is where the next request begins, and no event', async () => {
  const answers = [
    open({ type: 'BOOKMARK', object: { kind: 'ConfigMap', metadata: { resourceVersion: '99' } } }),
    gone,
  ];
  const { cluster, server } = await openTunnel((_request, number) => answers[number - 1] ?? 'hang up');
  expect(await collect(cluster.watch(query, new AbortController().signal))).toEqual([]);
  expect(server.received[1]?.query['resourceVersion']).toBe('99');
});

test('several watches are held in one message, and what one sees does not end the others', async () => {
  const { cluster, messages } = await openTunnel(({ path, query: { resourceVersion } }) => {
    if (path.includes('deployments')) return resourceVersion === '42' ? quiet : gone;
    return resourceVersion === '42' ? open(event('ADDED', '43')) : gone;
  });
  const over = new AbortController();
  const deployments = collect(cluster.watch({ ...query, kind: DEPLOYMENT }, over.signal));
  const events = await collect(cluster.watch(query, over.signal));
  over.abort();
  expect(versions(events)).toEqual(['43']);
  expect(await deployments).toEqual([]);
  expect(messages.slice(0, 2)).toEqual([2, 2]);
});

test('a signal ends a watch at once, although the worker holds it', async () => {
  const over = new AbortController();
  const { cluster } = await openTunnel(() => {
    setImmediate(() => over.abort());
    return quiet;
  });
  expect(await collect(cluster.watch(query, over.signal))).toEqual([]);
});

test('a server that ends the watch ends the events, so that the caller lists anew', async () => {
  const { cluster, server } = await openTunnel(() => ({ body: `${JSON.stringify(event('ADDED', '43'))}\n` }));
  expect(versions(await collect(cluster.watch(query, new AbortController().signal)))).toEqual(['43']);
  expect(server.received).toHaveLength(1);
});

test('a connection that breaks ends the events, those before it are told', async () => {
  const { cluster } = await openTunnel(() => (response) => {
    response.write(`${JSON.stringify(event('ADDED', '43'))}\n{"type":`, () => response.destroy());
  });
  expect(versions(await collect(cluster.watch(query, new AbortController().signal)))).toEqual(['43']);
});

test('a watch that is refused says why', async () => {
  const { cluster } = await openTunnel(() => statusAnswer(403, { reason: 'Forbidden', message: 'may not watch' }));
  await expect(collect(cluster.watch(query, new AbortController().signal))).rejects.toMatchObject({
    code: 'ClusterAccessDenied',
    message: expect.stringContaining('may not watch'),
  });
});
