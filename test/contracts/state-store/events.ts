import type { EventDraft } from '../../../lib/model/event.ts';
import { aCluster } from './clusters.ts';
import { aDrift } from './drift.ts';
import { type Open, PUSH, withShop } from './fixtures.ts';

const SHOP = 'APP#shop';
const SINK = 'sns';

/** An event that uses every field. */
export function anEvent(key: string, lines: readonly string[] = ['Service/a is missing']): EventDraft {
  return {
    at: '2026-01-01T00:00:00.000Z',
    kind: 'drift.opened',
    app: 'shop',
    cluster: 'prod',
    seq: 7,
    revision: 'a'.repeat(40),
    key,
    data: { title: 'shop: 1 object has drifted', lines },
  };
}

export function eventContract(open: Open): void {
  test('records that nothing follows from write no event', async () => {
    const { store } = await withShop(open);
    await store.putDrift(aDrift(1));
    await store.request('shop', { trigger: PUSH });
    expect(await store.undelivered(SHOP, SINK)).toEqual({ events: [], upTo: 0 });
    expect(await store.openStreams()).toEqual([]);
  });

  test('events are read back whole, in the order of their writes, whatever record they follow from', async () => {
    const { store } = await withShop(open);
    await store.putDrift(aDrift(1), [anEvent('drift 1'), anEvent('drift 2')]);
    await store.request('shop', { trigger: PUSH, events: (seq) => [{ ...anEvent('request'), seq }] });
    await store.putEvents(SHOP, [anEvent('alone')]);
    expect(await store.undelivered(SHOP, SINK)).toEqual({
      events: [
        { ...anEvent('drift 1'), v: 1, stream: SHOP, n: 1 },
        { ...anEvent('drift 2'), v: 1, stream: SHOP, n: 2 },
        { ...anEvent('request'), seq: 1, v: 1, stream: SHOP, n: 3 },
        { ...anEvent('alone'), v: 1, stream: SHOP, n: 4 },
      ],
      upTo: 4,
    });
  });

  test('each stream counts for itself, and is open until it is closed', async () => {
    const { store } = await withShop(open);
    await store.beginScan('prod', 'scan-1', 60);
    await store.endScan(aCluster('prod'), [anEvent('cluster')]);
    await store.putEvents(SHOP, [anEvent('app')]);
    await store.putEvents('CONFIG', [anEvent('config')]);
    const streams = ['APP#shop', 'CLUSTER#prod', 'CONFIG'] as const;
    expect((await store.openStreams()).toSorted()).toEqual(streams);
    for (const stream of streams) expect((await store.undelivered(stream, SINK)).upTo).toBe(1);
    expect((await store.clusters()).map(({ cluster }) => cluster)).toEqual(['prod']);
    expect((await store.applications()).map(({ app }) => app.name)).toEqual(['shop']);
    await store.closeStream('CLUSTER#prod', 1);
    expect((await store.openStreams()).toSorted()).toEqual(['APP#shop', 'CONFIG']);
  });

  test('a record that is not written has no event', async () => {
    const { store } = await withShop(open);
    expect(await store.putDrift(aDrift(2), [anEvent('late')])).toBe(false);
    await store.beginScan('prod', 'scan-2', 60);
    await store.endScan(aCluster('prod', 'scan-1'), [anEvent('overtaken')]);
    await store.request('shop', { revision: 'a', trigger: PUSH });
    await store.request('shop', { revision: 'a', trigger: PUSH, events: () => [anEvent('again')] });
    expect(await store.openStreams()).toEqual([]);
  });

  test('a stream takes an event once, and the record with it all the same', async () => {
    const { store } = await withShop(open);
    await store.putEvents(SHOP, [anEvent('one')]);
    await store.putEvents(SHOP, [anEvent('one')]);
    expect(await store.putDrift(aDrift(1), [anEvent('one'), anEvent('two')])).toBe(true);
    expect(await store.putDrift(aDrift(2), [anEvent('two')])).toBe(true);
    const { events } = await store.undelivered(SHOP, SINK);
    expect(events.map(({ key, n }) => `${n} ${key}`)).toEqual(['1 one', '2 two']);
  });

  test('writers of one stream at once all get places, without a gap', async () => {
    const { store, other } = await withShop(open);
    const stores = [store, other('a'), other('b')];
    const names = Array.from({ length: 12 }, (_, i) => `event ${i}`);
    const alone = names.map((name, i) => stores[i % stores.length]?.putEvents(SHOP, [anEvent(name)]));
    const drifts = Promise.all(stores.map((one, i) => one.putDrift(aDrift(1), [anEvent(`drift ${i}`)])));
    await Promise.all(alone);
    expect((await drifts).filter((isWritten) => isWritten)).toHaveLength(1);
    const { events } = await store.undelivered(SHOP, SINK);
    expect(events.map(({ n }) => n)).toEqual(Array.from({ length: 13 }, (_, i) => i + 1));
    expect(new Set(events.map(({ key }) => key)).size).toBe(13);
  });

  test('each sink has a place of its own in a stream, which only moves forward', async () => {
    const { store } = await withShop(open);
    await store.putEvents(SHOP, [anEvent('one'), anEvent('two'), anEvent('three')]);
    await store.delivered(SHOP, SINK, 2);
    await store.delivered(SHOP, SINK, 1);
    const keysFor = async (sink: string) => (await store.undelivered(SHOP, sink)).events.map(({ key }) => key);
    expect(await keysFor(SINK)).toEqual(['three']);
    expect(await keysFor('another')).toEqual(['one', 'two', 'three']);
    await store.delivered(SHOP, SINK, 3);
    expect(await store.undelivered(SHOP, SINK)).toEqual({ events: [], upTo: 3 });
  });

  test('a stream stays open where an event came after the place that it is closed at', async () => {
    const { store } = await withShop(open);
    await store.putEvents(SHOP, [anEvent('one')]);
    await store.putEvents(SHOP, [anEvent('two')]);
    await store.closeStream(SHOP, 1);
    expect(await store.openStreams()).toEqual([SHOP]);
    await store.closeStream(SHOP, 2);
    expect(await store.openStreams()).toEqual([]);
    await store.putEvents(SHOP, [anEvent('three')]);
    expect(await store.openStreams()).toEqual([SHOP]);
  });

  test('an event that is larger than an item has as many lines as fit, and the number of the others', async () => {
    const { store } = await withShop(open);
    const lines = Array.from({ length: 30 }, (_, i) => `${i} ${'ü'.repeat(10_000)}`);
    await store.putEvents(SHOP, [anEvent('large', lines)]);
    const [stored] = (await store.undelivered(SHOP, SINK)).events;
    expect(stored?.data.lines).toEqual([...lines.slice(0, 19), '… and 11 lines more']);
  });
}
