import type { ClusterRecord } from '../../../lib/model/drift.ts';
import { type Open, withShop } from './fixtures.ts';

const AT = '2026-01-01T00:00:00.000Z';
const SECONDS = 60;

/** A record that uses every field. */
export function aCluster(cluster: string, scan = 'scan-1'): ClusterRecord {
  return {
    cluster,
    status: 'Unknown',
    reason: 'no answer',
    since: AT,
    scan,
    startedAt: AT,
    completedAt: AT,
    ms: 12.5,
    cursor: 'shop',
    orphans: [
      { group: '', kind: 'Service', namespace: 'shop', name: 'old' },
      { group: '', kind: 'Namespace', name: 'old' },
    ],
  };
}

export function clusterContract(open: Open): void {
  test('a cluster that was never scanned is unknown', async () => {
    const { store } = await open();
    expect(await store.cluster('prod')).toBeUndefined();
    expect(await store.clusters()).toEqual([]);
  });

  test('a cluster whose first scan has not ended is unknown', async () => {
    const { store } = await open();
    expect(await store.beginScan('prod', 'scan-1', SECONDS)).toBe(true);
    expect(await store.cluster('prod')).toBeUndefined();
    expect(await store.clusters()).toEqual([]);
  });

  test('what a scan found is read back whole', async () => {
    const { store } = await open();
    await store.beginScan('prod', 'scan-1', SECONDS);
    await store.endScan(aCluster('prod'));
    expect(await store.cluster('prod')).toEqual(aCluster('prod'));
  });

  test('all clusters are listed by name, and no application among them', async () => {
    const { store } = await withShop(open);
    for (const name of ['prod', 'dev', 'test']) {
      await store.beginScan(name, 'scan-1', SECONDS);
      await store.endScan(aCluster(name));
    }
    expect(await store.clusters()).toEqual([aCluster('dev'), aCluster('prod'), aCluster('test')]);
    expect((await store.applications()).map(({ app }) => app.name)).toEqual(['shop']);
  });

  test('while one scan goes on, no other one begins, except of another cluster', async () => {
    const { store } = await open();
    await store.beginScan('prod', 'scan-1', SECONDS);
    expect(await store.beginScan('prod', 'scan-2', SECONDS)).toBe(false);
    expect(await store.beginScan('dev', 'scan-2', SECONDS)).toBe(true);
  });

  test('of scans that begin at once, one does', async () => {
    const { store } = await open();
    const begun = await Promise.all(['a', 'b', 'c', 'd'].map((scan) => store.beginScan('prod', scan, SECONDS)));
    expect(begun.filter((began) => began)).toHaveLength(1);
  });

  test('a scan that says once more that it begins goes on, for as long as it now says', async () => {
    const { store, clock } = await open();
    await store.beginScan('prod', 'scan-1', SECONDS);
    await clock.advance(30_000);
    expect(await store.beginScan('prod', 'scan-1', SECONDS)).toBe(true);
    await clock.advance(59_000);
    expect(await store.beginScan('prod', 'scan-2', SECONDS)).toBe(false);
  });

  test('the end of a scan lets the next one begin, which leaves what is known as it is', async () => {
    const { store } = await open();
    await store.beginScan('prod', 'scan-1', SECONDS);
    await store.endScan(aCluster('prod'));
    expect(await store.beginScan('prod', 'scan-2', SECONDS)).toBe(true);
    expect(await store.cluster('prod')).toEqual(aCluster('prod'));
    expect(await store.clusters()).toEqual([aCluster('prod')]);
  });

  test('a scan whose time is over makes room for another one, and its end then changes nothing', async () => {
    const { store, clock } = await open();
    await store.beginScan('prod', 'scan-1', SECONDS);
    await clock.advance(SECONDS * 1000);
    expect(await store.beginScan('prod', 'scan-2', SECONDS)).toBe(true);
    await store.endScan(aCluster('prod', 'scan-1'));
    expect(await store.cluster('prod')).toBeUndefined();
    expect(await store.beginScan('prod', 'scan-3', SECONDS)).toBe(false);
    await store.endScan(aCluster('prod', 'scan-2'));
    expect((await store.cluster('prod'))?.scan).toBe('scan-2');
  });

  test('a scan whose time is over and whose place nobody took still ends well', async () => {
    const { store, clock } = await open();
    await store.beginScan('prod', 'scan-1', SECONDS);
    await clock.advance(SECONDS * 2000);
    await store.endScan(aCluster('prod'));
    expect(await store.cluster('prod')).toEqual(aCluster('prod'));
  });

  test('more orphans than an item can hold are cut off', async () => {
    const { store } = await open();
    const orphans = Array.from({ length: 9000 }, (_, i) => ({
      group: '',
      kind: 'ConfigMap',
      namespace: 'shop',
      name: `settings-${i}`,
    }));
    await store.beginScan('prod', 'scan-1', SECONDS);
    await store.endScan({ ...aCluster('prod'), orphans });
    const kept = (await store.cluster('prod'))?.orphans ?? [];
    expect(kept.length).toBeGreaterThan(4000);
    expect(kept).toEqual(orphans.slice(0, kept.length));
  });
}
