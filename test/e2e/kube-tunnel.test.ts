// The tunnel in front of a real API server: what the client promises holds through a worker too.

import { createCluster } from '../../lib/kube/cluster.ts';
import { tunnelTo } from '../../lib/kube/tunnel/tunnel.ts';
import { createTunnelWorker } from '../../lib/kube/tunnel/worker.ts';
import { idOf } from '../../lib/model/kube-object.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { RecordingLog } from '../fakes/recording-log.ts';
import { kubeUnderTest, PATIENCE_MS } from './kube-cluster.ts';

const NAMESPACE = 'kube-tunnel-test';
const kube = kubeUnderTest(NAMESPACE);

let calls = 0;
let through: ReturnType<typeof createCluster>;
const worker = createTunnelWorker({ clock: systemClock, isApiServer: () => true });

beforeAll(() => {
  const ask = async (message: object): Promise<unknown> => {
    calls += 1;
    return JSON.parse(JSON.stringify(await worker.answer(JSON.parse(JSON.stringify(message)))));
  };
  const connect = tunnelTo(ask, systemClock);
  through = createCluster(kube.access, { clock: systemClock, log: new RecordingLog(), version: 'test', connect });
});

afterAll(async () => {
  await through.close();
  await worker.close();
});

test(
  'many objects are applied, listed and deleted in a few calls of the worker',
  async () => {
    const labels = { tunnel: 'yes' };
    const all = Array.from({ length: 600 }, (_, index) => {
      const object = kube.configMap(`many-${index}`);
      return { ...object, metadata: { ...object.metadata, labels } };
    });
    const kind = await kube.kindOf(kube.configMap('x'));
    calls = 0;
    const applied = await Promise.all(all.map((object) => through.apply(kind, object, { guard: () => undefined })));
    expect(applied.map(({ status }) => status)).toEqual(all.map(() => 'applied'));
    const query = { kind, namespace: NAMESPACE, labelSelector: 'tunnel=yes', content: 'full' } as const;
    const { items } = await through.list(query);
    expect(items.map(({ metadata }) => metadata.name).sort()).toEqual(all.map(({ metadata }) => metadata.name).sort());
    const deleted = await Promise.all(
      items.map((item) => through.delete(kind, { ...idOf(item), uid: item.metadata.uid ?? '' }, {})),
    );
    expect(deleted.map(({ status }) => status)).toEqual(all.map(() => 'deleted'));
    expect((await kube.cluster.list(query)).items).toEqual([]);
    expect(calls).toBeLessThan(60);
  },
  PATIENCE_MS,
);

test('a watch sees what changes after the list, one change after the other', async () => {
  const watched = (value: string) => {
    const object = kube.configMap('watched', { data: { value } });
    return { ...object, metadata: { ...object.metadata, labels: { watched: 'tunnel' } } };
  };
  const kind = await kube.kindOf(watched(''));
  const query = { kind, namespace: NAMESPACE, labelSelector: 'watched=tunnel', content: 'metadata' } as const;
  const { resourceVersion } = await through.list(query);
  const stop = new AbortController();
  const seen: string[] = [];
  await kube.apply(watched('1'));
  for await (const { type, object } of through.watch({ ...query, resourceVersion }, stop.signal)) {
    seen.push(type);
    if (type === 'ADDED') await kube.apply(watched('2'));
    if (type === 'MODIFIED')
      await through.delete(kind, { ...idOf(watched('')), uid: object.metadata.uid ?? '' }, { guard: () => undefined });
    if (type === 'DELETED') stop.abort();
  }
  expect(seen).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
});

test('what the API server refuses is refused with its words', async () => {
  const object = kube.configMap('refused', { data: { a: 1 } });
  const kind = await kube.kindOf(object);
  expect(await through.apply(kind, object, { dryRun: true })).toMatchObject({ status: 'refused', reason: 'invalid' });
});
