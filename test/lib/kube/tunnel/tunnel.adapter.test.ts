import { randomBytes } from 'node:crypto';
import { DriftlessError } from '../../../../lib/errors.ts';
import { packFrame } from '../../../../lib/kube/tunnel/frame.ts';
import { createTunnelWorker } from '../../../../lib/kube/tunnel/worker.ts';
import { statusAnswer } from '../../../fakes/api-server.ts';
import { ManualClock } from '../../../fakes/manual-clock.ts';
import { CONFIG_MAP, objectOf } from '../fake-cluster.ts';
import { openTunnel } from '../fake-tunnel.ts';

const configMap = objectOf(CONFIG_MAP, 'settings', { data: { colour: 'grün' } });
const idOf = (name: string) => ({ group: '', kind: 'ConfigMap', namespace: 'shop', name });
const WRITE = { guard: () => undefined };

test('requests and answers are what they are without it', async () => {
  const { cluster, server } = await openTunnel(() => ({ body: configMap }));
  expect(await cluster.apply(CONFIG_MAP, configMap, WRITE)).toEqual({ status: 'applied', object: configMap });
  expect(server.received).toMatchObject([
    {
      method: 'PATCH',
      path: '/api/v1/namespaces/shop/configmaps/settings',
      query: { fieldManager: 'driftless', force: 'false' },
      headers: {
        authorization: 'Bearer token',
        'content-type': 'application/apply-patch+yaml',
        'user-agent': 'driftless/1.2.3',
      },
      body: JSON.stringify(configMap),
    },
  ]);
});

test('an answer that says no says it here', async () => {
  const missing = { reason: 'NotFound', message: 'not found', details: { name: 'settings', kind: 'configmaps' } };
  const { cluster } = await openTunnel(() => statusAnswer(404, missing));
  expect(await cluster.get(CONFIG_MAP, idOf('settings'))).toBeUndefined();
});

test('requests of one moment go to the worker together, at most 64 at once', async () => {
  const { cluster, messages } = await openTunnel(({ path }) => ({
    body: objectOf(CONFIG_MAP, path.split('/').at(-1) ?? ''),
  }));
  const names = Array.from({ length: 150 }, (_, n) => `settings-${n}`);
  const found = await Promise.all(names.map((name) => cluster.get(CONFIG_MAP, idOf(name))));
  expect(found.map((one) => one?.metadata.name)).toEqual(names);
  expect(messages).toEqual([64, 64, 22]);
});

test('requests of more than four megabytes go in several messages', async () => {
  const { cluster, messages } = await openTunnel(() => ({ body: configMap }));
  const large = objectOf(CONFIG_MAP, 'large', { data: { bytes: randomBytes(1_400_000).toString('base64') } });
  await Promise.all(Array.from({ length: 5 }, () => cluster.apply(CONFIG_MAP, large, WRITE)));
  // What a busy machine is too late to send is sent once more.
  expect(messages.slice(0, 3)).toEqual([2, 2, 1]);
});

test('while the worker is busy with eight messages, requests gather for the next', async () => {
  const gates: (() => void)[] = [];
  const busy = () => new Promise<void>((resolve) => gates.push(resolve));
  const { cluster, messages } = await openTunnel(() => ({ body: configMap }), {
    onMessage: (number) => (number <= 8 ? busy() : undefined),
  });
  const get = () => cluster.get(CONFIG_MAP, idOf('settings'));
  const first: Promise<unknown>[] = [];
  for (let one = 1; one <= 8; one += 1) {
    first.push(get());
    await until(() => messages.length === one);
  }
  const later = [get(), get(), get()];
  for (const open of gates) open();
  await Promise.all([...first, ...later]);
  expect(messages).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 3]);
});

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setImmediate(resolve));
}

test('a passing fault behind the worker is tried again, as it is without it', async () => {
  const { cluster, server } = await openTunnel((_request, number) => (number === 1 ? 'hang up' : { body: configMap }));
  expect(await cluster.get(CONFIG_MAP, idOf('settings'))).toEqual(configMap);
  expect(server.received).toHaveLength(2);
});

test('one request that fails leaves the others of its message alone', async () => {
  const { cluster } = await openTunnel(({ path }) =>
    path.endsWith('/bad') ? statusAnswer(403, { message: 'no' }) : { body: configMap },
  );
  const [good, bad] = await Promise.allSettled([
    cluster.get(CONFIG_MAP, idOf('settings')),
    cluster.get(CONFIG_MAP, idOf('bad')),
  ]);
  expect(good).toEqual({ status: 'fulfilled', value: configMap });
  expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'ClusterAccessDenied' } });
});

test('a worker that cannot be asked is the error of all that were in the message', async () => {
  const away = new DriftlessError('AwsUnavailable', 'function worker: TooManyRequestsException');
  const { cluster, server } = await openTunnel(() => ({ body: configMap }), { onMessage: () => Promise.reject(away) });
  const both = [cluster.get(CONFIG_MAP, idOf('a')), cluster.get(CONFIG_MAP, idOf('b'))];
  for (const one of both) await expect(one).rejects.toBe(away);
  expect(server.received).toEqual([]);
});

describe('a write', () => {
  const over = new Error('the lease is over');

  test('is not given to the worker when its guard throws, and others are', async () => {
    const { cluster, server, messages } = await openTunnel(() => ({ body: configMap }));
    const guard = () => {
      throw over;
    };
    const refused = cluster.apply(CONFIG_MAP, configMap, { guard });
    const allowed = cluster.apply(CONFIG_MAP, configMap, WRITE);
    await expect(refused).rejects.toBe(over);
    expect(await allowed).toMatchObject({ status: 'applied' });
    expect([messages, server.received.length]).toEqual([[1], 1]);
  });

  test('that reaches the worker seconds after its guard is not sent; the guard decides again', async () => {
    const workerClock = new ManualClock(Date.now() + 4_000);
    let asked = 0;
    const guard = () => {
      asked += 1;
      if (asked > 2) throw over;
    };
    const { cluster, server, messages } = await openTunnel(() => ({ body: configMap }), { workerClock });
    await expect(cluster.apply(CONFIG_MAP, configMap, { guard })).rejects.toBe(over);
    expect([messages, server.received]).toEqual([[1, 1], []]);
    expect(await cluster.get(CONFIG_MAP, idOf('settings'))).toEqual(configMap);
  });
});

describe('an answer that is too large for a function', () => {
  const bulky = (name: string) =>
    objectOf(CONFIG_MAP, name, { data: { bytes: randomBytes(300_000).toString('base64') } });

  test('is asked for in smaller pages, and the list is whole', async () => {
    const all = Array.from({ length: 24 }, (_, n) => bulky(`settings-${n}`));
    const { cluster, server } = await openTunnel(({ query }) => {
      const from = Number(query['continue'] ?? 0);
      const end = from + Number(query['limit']);
      const metadata = { resourceVersion: '7', ...(end < all.length && { continue: String(end) }) };
      return { body: { kind: 'ConfigMapList', metadata, items: all.slice(from, end) } };
    });
    const { items, resourceVersion } = await cluster.list({ kind: CONFIG_MAP, content: 'full' });
    expect(items.map(({ metadata }) => metadata.name)).toEqual(all.map(({ metadata }) => metadata.name));
    expect(resourceVersion).toBe('7');
    const limits = server.received.map(({ query }) => Number(query['limit']));
    expect(limits[0]).toBe(500);
    // What was too large once is not asked for again, on any later page.
    expect(limits).toEqual(limits.toSorted((a, b) => b - a));
  });

  test('beside others is asked for alone', async () => {
    const { cluster, messages } = await openTunnel(({ path }) => ({ body: bulky(path.split('/').at(-1) ?? '') }));
    const names = Array.from({ length: 18 }, (_, n) => `settings-${n}`);
    const found = await Promise.all(names.map((name) => cluster.get(CONFIG_MAP, idOf(name))));
    expect(found.map((one) => one?.metadata.name)).toEqual(names);
    expect(messages[0]).toBe(18);
    expect(new Set(messages.slice(1))).toEqual(new Set([1]));
  });

  test('and is one object is refused, with the limit named', async () => {
    const { cluster } = await openTunnel(() => ({ body: randomBytes(5_000_000) }));
    await expect(cluster.get(CONFIG_MAP, idOf('settings'))).rejects.toMatchObject({
      code: 'ApiServerRejected',
      message: expect.stringMatching(
        /settings: the response of 500\d{4} zipped bytes exceeds the 4500000 bytes that fit/,
      ),
    });
  });

  test('and a request that is, likewise', async () => {
    const { cluster } = await openTunnel(() => ({ body: configMap }));
    const object = objectOf(CONFIG_MAP, 'large', { data: { bytes: randomBytes(6_000_000).toString('base64') } });
    await expect(cluster.apply(CONFIG_MAP, object, WRITE)).rejects.toMatchObject({ code: 'ApiServerRejected' });
  });
});

describe('the worker', () => {
  const item = { method: 'GET', path: '/version', headers: { authorization: 'Bearer hunter2' } };
  const worker = createTunnelWorker({ clock: new ManualClock() });

  test.each([
    'https://example.com',
    'https://eks.amazonaws.com.example.com',
    'http://x.gr7.eu-central-1.eks.amazonaws.com',
    'https://169.254.169.254',
    'https://127.0.0.1:9001',
  ])('sends nothing to %s, which is no API server of EKS', async (server) => {
    await expect(worker.answer(packFrame({ server, items: [item] }, []))).rejects.toMatchObject({
      code: 'ConfigInvalid',
      message: `${server}: is no API server of EKS; nothing is sent there`,
    });
  });

  test.each([
    ['nothing', undefined],
    ['no frame', { frame: '' }],
    ['another thing', packFrame({ server: 'https://hunter2.example', items: [{ ...item, method: 'POST' }] }, [])],
  ])('refuses a message that is %s, without its values', async (_what, message) => {
    const refused: unknown = await worker.answer(message).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'Internal',
      message: expect.stringMatching(/^tunnel: a message is malformed/),
    });
    expect(String(refused)).not.toContain('hunter2');
  });
});
