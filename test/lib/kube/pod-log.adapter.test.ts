// The logs of pods, from a server that speaks the Kubernetes API: no kubelet runs where tests do.
import { statusAnswer } from '../../fakes/api-server.ts';
import { openFake } from './fake-cluster.ts';

const query = { namespace: 'shop', pod: 'api-1', container: 'web', limitBytes: 1_000 };

test('a log is read with the time of each line, and within a size', async () => {
  const text = '2026-01-01T00:00:00.5Z one\n2026-01-01T00:00:01Z zwei €\n';
  const { cluster, server } = await openFake(() => ({ body: text }));
  expect(await cluster.podLog(query)).toEqual({ status: 'read', text });
  expect(server.received[0]).toMatchObject({
    method: 'GET',
    path: '/api/v1/namespaces/shop/pods/api-1/log',
    query: { container: 'web', timestamps: 'true', limitBytes: '1000' },
  });
});

test('the former instance, a time and a number of lines are asked for as they are given', async () => {
  const { cluster, server } = await openFake(() => ({ body: '' }));
  await cluster.podLog({ ...query, previous: true, sinceTime: '2026-01-01T00:00:00Z', tailLines: 0 });
  expect(server.received[0]?.query).toEqual({
    container: 'web',
    timestamps: 'true',
    limitBytes: '1000',
    previous: 'true',
    sinceTime: '2026-01-01T00:00:00Z',
    tailLines: '0',
  });
});

test.each([
  [400, 'BadRequest', 'container "web" in pod "api-1" is waiting to start: ContainerCreating'],
  [400, 'BadRequest', 'previous terminated container "web" in pod "api-1" not found'],
  [404, 'NotFound', 'pods "api-1" not found'],
  [500, 'InternalError', 'dial tcp 10.0.0.1:10250: connect: connection refused'],
])('HTTP %i means that there is no log now, in the words of the server', async (status, reason, message) => {
  const { cluster } = await openFake(() => statusAnswer(status, { reason, message, details: {} }));
  expect(await cluster.podLog(query)).toEqual({ status: 'unavailable', message });
});

test('a log that may not be read is an error', async () => {
  const message = 'pods "api-1" is forbidden: User "joe" cannot get resource "pods/log"';
  const { cluster } = await openFake(() => statusAnswer(403, { reason: 'Forbidden', message, details: {} }));
  await expect(cluster.podLog(query)).rejects.toMatchObject({ code: 'ClusterAccessDenied' });
});

test.each(['..', 'a/b', 'a%2Fb', ''])('the pod %j is not asked for', async (pod) => {
  const { cluster, server } = await openFake(() => ({ body: '' }));
  await expect(cluster.podLog({ ...query, pod })).rejects.toMatchObject({ code: 'ManifestInvalid' });
  expect(server.received).toEqual([]);
});
