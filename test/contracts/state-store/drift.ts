import type { DriftedObject, DriftRecord } from '../../../lib/model/drift.ts';
import { anApplication, type Open, withShop } from './fixtures.ts';

const AT = '2026-01-01T00:00:00.000Z';

/** A drifted object that uses every field. */
function aDriftedObject(name: string, to: unknown = { deep: [1e300, null, ''] }): DriftedObject {
  return {
    id: { group: 'apps', kind: 'Deployment', namespace: 'shop', name },
    apiVersion: 'apps/v1',
    drift: 'modified',
    fields: [{ path: 'spec.replicas', from: 5, to }, { path: 'spec.paused' }],
    by: [
      { manager: 'kubectl-scale', operation: 'Update scale', at: AT },
      { manager: 'kubectl', user: 'ann', verb: 'patch', sourceIp: '192.0.2.1' },
    ],
    since: AT,
    firstSeen: { scan: 'scan-1', at: AT },
    handling: 'correct',
    note: 'seen twice',
  };
}

/** A record that uses every field. */
export function aDrift(version: number, changes: Partial<DriftRecord> = {}): DriftRecord {
  return {
    app: 'shop',
    version,
    status: 'Drifted',
    reason: 'none',
    since: AT,
    scannedAt: AT,
    scan: 'scan-1',
    checkedInFullAt: AT,
    objects: [aDriftedObject('api')],
    count: 1,
    correction: { attempts: 2, seq: 7, notBefore: AT, fighting: { managers: ['hpa'], since: AT } },
    health: {
      status: 'Degraded',
      message: 'Deployment/shop/api: its pods crash',
      reason: 'CrashLoopBackOff',
      since: AT,
      at: AT,
      seq: 7,
      told: true,
      objects: [
        {
          id: { group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'api' },
          status: 'Degraded',
          message: 'its pods crash',
          reason: 'CrashLoopBackOff',
          since: AT,
        },
      ],
      count: 1,
    },
    ...changes,
  };
}

export function driftContract(open: Open): void {
  test('an application that no scan has said anything about has no drift', async () => {
    const { store } = await withShop(open);
    expect(await store.drift('shop')).toBeUndefined();
    expect(await store.drifts(['shop'])).toEqual(new Map());
  });

  test('a drift that was put is read back whole', async () => {
    const { store } = await withShop(open);
    expect(await store.putDrift(aDrift(1))).toBe(true);
    expect(await store.drift('shop')).toEqual(aDrift(1));
  });

  test('the next version replaces the one before', async () => {
    const { store } = await withShop(open);
    const {
      reason: _reason,
      correction: _correction,
      ...resolved
    } = aDrift(2, { status: 'InSync', objects: [], count: 0 });
    await store.putDrift(aDrift(1));
    expect(await store.putDrift(resolved)).toBe(true);
    expect(await store.drift('shop')).toEqual(resolved);
  });

  test.each([
    ['is written once more', 1],
    ['skips one', 3],
  ])('a version that %s is not taken, and what is there stays', async (_case, version) => {
    const { store } = await withShop(open);
    await store.putDrift(aDrift(1));
    expect(await store.putDrift(aDrift(version, { scan: 'scan-2' }))).toBe(false);
    expect(await store.drift('shop')).toEqual(aDrift(1));
  });

  test('a later version is not taken where there is none before it', async () => {
    const { store } = await withShop(open);
    expect(await store.putDrift(aDrift(2))).toBe(false);
    expect(await store.drift('shop')).toBeUndefined();
  });

  test('of scans that write at once, one is taken', async () => {
    const { store } = await withShop(open);
    const taken = await Promise.all(['scan-1', 'scan-2', 'scan-3'].map((scan) => store.putDrift(aDrift(1, { scan }))));
    expect(taken.filter((written) => written)).toHaveLength(1);
    expect((await store.drift('shop'))?.scan).toBe(`scan-${taken.indexOf(true) + 1}`);
  });

  test('the drift of many applications is read at once, whatever is asked for twice or is not there', async () => {
    const { store } = await withShop(open);
    const names = Array.from({ length: 105 }, (_, i) => `app-${i}`);
    await Promise.all(names.map((app) => store.putDrift(aDrift(1, { app }))));
    const drifts = await store.drifts([...names, 'app-0', 'absent']);
    expect([...drifts.keys()].toSorted()).toEqual(names.toSorted());
    expect(drifts.get('app-104')).toEqual(aDrift(1, { app: 'app-104' }));
    expect(await store.drifts([])).toEqual(new Map());
  });

  test('the drift of an application that was removed is forgotten, also where it comes back', async () => {
    const { store } = await withShop(open);
    await store.putDrift(aDrift(1));
    await store.removeApplication('shop');
    await store.putApplication(anApplication('shop'), 'hash-1');
    expect(await store.drift('shop')).toBeUndefined();
    expect(await store.putDrift(aDrift(1))).toBe(true);
  });

  describe('a drift that is larger than an item', () => {
    const huge = 'ü'.repeat(30_000);

    test('loses the fields for which there is no room, and says so', async () => {
      const { store } = await withShop(open);
      const objects = Array.from({ length: 20 }, (_, i) => aDriftedObject(`api-${i}`, huge));
      expect(await store.putDrift(aDrift(1, { objects, count: 20 }))).toBe(true);
      const { objects: kept = [], count } = (await store.drift('shop')) ?? {};
      expect(count).toBe(20);
      expect(kept.map(({ fields }) => fields.length)).toEqual(objects.map((_, i) => (i < 6 ? 2 : 0)));
      expect(kept[5]).toEqual(objects[5]);
      expect(kept[6]).toEqual({
        ...objects[6],
        fields: [],
        note: 'seen twice; 2 differing fields are left out: too much to record',
      });
    });

    test('keeps the fields of all others where one object is too large alone', async () => {
      const { store } = await withShop(open);
      const { note: _note, ...unremarked } = aDriftedObject('api', huge.repeat(10));
      const giant = { ...unremarked, fields: unremarked.fields.slice(0, 1) };
      const others = [aDriftedObject('web'), aDriftedObject('worker')];
      await store.putDrift(aDrift(1, { objects: [giant, ...others] }));
      expect((await store.drift('shop'))?.objects).toEqual([
        { ...giant, fields: [], note: '1 differing field is left out: too much to record' },
        ...others,
      ]);
    });
  });
}
