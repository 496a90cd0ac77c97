import { statusAnswer } from '../../fakes/api-server.ts';
import { CONFIG_MAP, objectOf, openFake } from './fake-cluster.ts';

const configMap = objectOf(CONFIG_MAP, 'settings');
const id = { group: '', kind: 'ConfigMap', namespace: 'shop', name: 'settings' };

test.each([
  ['is restarted by its load balancer', { status: 502, body: 'bad gateway' }],
  ['is not available', statusAnswer(503, { reason: 'ServiceUnavailable', message: 'service unavailable' })],
  ['is too slow', statusAnswer(504, { reason: 'Timeout', message: 'timeout' })],
  ['has too much to do', statusAnswer(429, { reason: 'TooManyRequests', message: 'too many' })],
  [
    'fails inside',
    statusAnswer(500, { reason: 'InternalError', message: 'Internal error occurred: failed calling webhook "x"' }),
  ],
  [
    'lost a race for the object',
    statusAnswer(409, { reason: 'Conflict', message: 'the object has been modified', details: {} }),
  ],
  ['hangs up', 'hang up' as const],
])('a request is sent again when the server %s', async (_what, answer) => {
  const { cluster, server, clock } = await openFake((_request, number) =>
    number === 1 ? answer : { body: configMap },
  );
  expect(await cluster.apply(CONFIG_MAP, configMap, {})).toEqual({ status: 'applied', object: configMap });
  expect(server.received).toHaveLength(2);
  expect(clock.slept).toHaveLength(1);
});

test('a server that is silent for longer than the time-out is asked again', async () => {
  const { cluster, server } = await openFake(
    (_request, number) => (number === 1 ? 'stay silent' : { body: configMap }),
    {
      timeoutMs: 100,
    },
  );
  expect(await cluster.get(CONFIG_MAP, id)).toEqual(configMap);
  expect(server.received).toHaveLength(2);
});

test('Retry-After is waited for, by all requests after a 429', async () => {
  const busy = {
    status: 429,
    headers: { 'retry-after': '7' },
    body: 'slow down',
  };
  const { cluster, clock } = await openFake((_request, number) => (number === 1 ? busy : { body: configMap }), {
    connections: 1,
  });
  await Promise.all([cluster.get(CONFIG_MAP, id), cluster.get(CONFIG_MAP, id)]);
  expect(clock.slept[0]).toBeGreaterThanOrEqual(7_000);
  expect(clock.slept[0]).toBeLessThan(7_100);
});

test('the pauses grow, and end after half a minute with the last answer', async () => {
  const { cluster, clock, server } = await openFake(() => statusAnswer(503, { message: 'etcd is down' }));
  await expect(cluster.get(CONFIG_MAP, id)).rejects.toMatchObject({
    code: 'ApiServerUnreachable',
    message: 'ConfigMap/shop/settings: the API server cannot get now: etcd is down',
  });
  expect(clock.monotonic()).toBeGreaterThan(20_000);
  expect(clock.monotonic()).toBeLessThanOrEqual(30_000);
  expect(server.received.length).toBe(clock.slept.length + 1);
  for (const [index, ms] of clock.slept.entries()) expect(ms).toBeLessThanOrEqual(Math.min(5_000, 100 * 2 ** index));
});

test('a server that does not listen is unreachable, with its address', async () => {
  const { cluster } = await openFake(() => ({}), { access: () => ({ server: 'http://127.0.0.1:1' }) });
  await expect(cluster.get(CONFIG_MAP, id)).rejects.toMatchObject({
    code: 'ApiServerUnreachable',
    message: 'API server http://127.0.0.1:1: the connection was refused (ECONNREFUSED)',
  });
});

test('an inner failure that stays is thrown in the words of the server', async () => {
  const { cluster } = await openFake(() =>
    statusAnswer(500, { reason: 'InternalError', message: 'Internal error occurred: x' }),
  );
  await expect(cluster.apply(CONFIG_MAP, configMap, {})).rejects.toMatchObject({
    code: 'ApiServerRejected',
    message: 'ConfigMap/shop/settings: patch failed with HTTP 500: Internal error occurred: x',
  });
});

test('a race that is lost three times is refused', async () => {
  const { cluster, server } = await openFake(() =>
    statusAnswer(409, { reason: 'Conflict', message: 'the object has been modified' }),
  );
  expect(await cluster.apply(CONFIG_MAP, configMap, {})).toEqual({
    status: 'refused',
    reason: 'other',
    message: 'the object has been modified',
    causes: [],
  });
  expect(server.received).toHaveLength(3);
});

describe('credentials', () => {
  function auth() {
    const asked: (boolean | undefined)[] = [];
    const headers = async (options?: { readonly refresh?: boolean }) => {
      asked.push(options?.refresh);
      return { authorization: options?.refresh ? 'Bearer new' : 'Bearer old' };
    };
    return { asked, headers };
  }

  test('that have expired are made anew once', async () => {
    const { asked, headers } = auth();
    const { cluster } = await openFake(
      (request) =>
        request.headers.authorization === 'Bearer new'
          ? { body: configMap }
          : statusAnswer(401, { message: 'Unauthorized' }),
      { access: () => ({ auth: headers }) },
    );
    expect(await cluster.get(CONFIG_MAP, id)).toEqual(configMap);
    expect(asked).toEqual([undefined, true]);
  });

  test('that the server does not know are an error, and never a refusal', async () => {
    const { asked, headers } = auth();
    const { cluster } = await openFake(() => statusAnswer(401, { reason: 'Unauthorized', message: 'Unauthorized' }), {
      access: () => ({ auth: headers }),
    });
    await expect(cluster.apply(CONFIG_MAP, configMap, {})).rejects.toMatchObject({
      code: 'ClusterAccessDenied',
      message: 'ConfigMap/shop/settings: the API server does not accept the credentials: Unauthorized',
    });
    expect(asked).toEqual([undefined, true]);
  });
});
