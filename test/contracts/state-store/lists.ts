import type { Source } from '../../../lib/model/application.ts';
import type { HealthStatus } from '../../../lib/model/health.ts';
import { aDrift } from './drift.ts';
import { acquired, aLastSync, anApplication, endOf, type Open, PUSH, withShop } from './fixtures.ts';

const BASE: Source = { repo: 'https://github.com/acme/base', ref: 'v1', path: '' };
const SHOP = { name: 'shop', project: 'default', destination: { cluster: 'prod', namespace: 'shop' }, mode: 'auto' };
const AT = '2026-01-01T00:00:00.000Z';

/** What lists and the webhook find, whichever way a store keeps it. */
export function listContract(open: Open): void {
  test('an application of several sources is read back whole, and found by each of their repositories', async () => {
    const { store } = await open();
    const app = anApplication('shop', {}, [BASE, { ...BASE, path: 'other' }]);
    await store.putApplication(app, 'hash-1');
    expect((await store.application('shop'))?.app).toEqual(app);
    for (const { repo } of app.sources) expect(await store.applicationsOfRepo(repo)).toHaveLength(1);
    await store.putApplication(anApplication('shop', { repo: BASE.repo }), 'hash-2');
    expect(await store.applicationsOfRepo('https://github.com/acme/shop')).toEqual([]);
    expect(await store.applicationsOfRepo(BASE.repo)).toHaveLength(1);
    await store.removeApplication('shop');
    expect(await store.applicationsOfRepo(BASE.repo)).toEqual([]);
  });

  test('what declares an application is kept until another declaration or the removal', async () => {
    const { store } = await withShop(open);
    const origin = { kind: 'preview', parent: 'shop', request: '7' } as const;
    await store.putApplication(anApplication('shop-7'), 'hash-1', origin);
    expect((await store.applications()).map((record) => record.origin)).toEqual([undefined, origin]);
    await store.request('shop-7', { trigger: PUSH });
    expect(await store.application('shop-7')).toMatchObject({ origin });
    await store.removeApplication('shop-7');
    await store.putApplication(anApplication('shop-7'), 'hash-1');
    expect(await store.application('shop-7')).not.toHaveProperty('origin');
  });

  test('every revision of several sources is kept where one revision is', async () => {
    const { store } = await withShop(open);
    const revisions = ['a'.repeat(40), 'b'.repeat(40)];
    const undoing = { kind: 'rollback', undo: 'a'.repeat(40), undoRevisions: revisions } as const;
    const { seq } = await store.request('shop', { trigger: undoing });
    const acquisition = await store.acquire('shop', seq, 60);
    if (acquisition.status !== 'acquired') throw new Error(acquisition.status);
    const { lease } = acquisition;
    await store.putDeployment(lease, { seq, revision: 'a', revisions, at: AT, alarmsBefore: [] });
    const synced = { ...aLastSync(seq), revisions };
    const held = [{ revision: 'c', revisions, reason: 'bad', at: AT }];
    const operation = { ...endOf(lease).operation, trigger: undoing, revisions };
    await store.conclude(lease, { operation, lastSync: synced, previous: synced, held });
    const deployment = { revisions };
    expect(await store.application('shop')).toMatchObject({ lastSync: synced, previous: synced, held, deployment });
    expect(await store.operation('shop', seq)).toEqual(operation);
  });

  test('what an application waits for is kept until an operation ends without it', async () => {
    const { store } = await withShop(open);
    const waiting = [{ gate: 'window', since: AT, until: '2026-01-02T00:00:00.000Z' }];
    const first = await acquired({ store });
    await store.conclude(first, { ...endOf(first, 'waiting'), waiting });
    expect(await store.application('shop')).toMatchObject({ waiting });
    const { seq } = await store.request('shop', { trigger: { kind: 'handover' } });
    expect(await store.operation('shop', seq)).toMatchObject({ trigger: { kind: 'handover' } });
    const second = await acquired({ store }, 'b'.repeat(40));
    await store.conclude(second, endOf(second));
    expect(await store.application('shop')).not.toHaveProperty('waiting');
  });

  test.each(['before', 'after'])('a summary follows every change, %s the indexes are complete', async (moment) => {
    const { store, clock } = await withShop(open);
    if (moment === 'after') await store.fillIndexes();
    const shown = async () => (await store.summaries())[0];
    const requestedAt = new Date(clock.now()).toISOString();
    expect(await shown()).toEqual({ ...SHOP, held: 0, deleting: false, moved: false });
    const lease = await acquired({ store });
    const asked = { seq: 1, trigger: 'push', requestedAt };
    expect(await shown()).toEqual({ ...SHOP, held: 0, deleting: false, moved: false, newest: asked });
    const held = [{ revision: 'c', reason: 'bad', at: AT }];
    await store.conclude(lease, {
      ...endOf(lease),
      lastSync: aLastSync(1),
      health: { status: 'Degraded', message: '' },
      held,
      waiting: [{ gate: 'deletion', since: AT }],
    });
    const newest = { seq: 1, trigger: 'push', status: 'synced', endedAt: '2026-01-01T00:00:09.000Z' };
    const deployed = {
      ...SHOP,
      newest,
      revision: 'a'.repeat(12),
      health: 'Degraded',
      held: 1,
      deleting: true,
      moved: false,
    };
    expect(await shown()).toEqual(deployed);
    await store.suspend('shop', { reason: 'incident', at: AT, until: '2026-01-02T00:00:00.000Z' });
    expect(await shown()).toEqual({ ...deployed, suspended: { until: '2026-01-02T00:00:00.000Z' } });
    await store.suspend('shop', { reason: 'incident', at: AT });
    await store.putDrift(aDrift(1));
    const { status, count, scannedAt } = aDrift(1);
    expect(await shown()).toEqual({ ...deployed, suspended: {}, drift: { status, count, reported: 0, scannedAt } });
    await store.suspend('shop', undefined);
    await store.putApplication({ ...anApplication('shop'), drift: { mode: 'off' } }, 'hash-2');
    const off = { status: 'Off', count: 0, reported: 0 };
    expect(await shown()).toEqual({ ...deployed, head: 'ahead', drift: off });
    await store.removeApplication('shop');
    expect(await store.summaries()).toEqual([]);
  });

  test.each(['before', 'after'])(
    'a summary has the health of the newest look, %s the indexes are complete',
    async (moment) => {
      const { store } = await withShop(open);
      if (moment === 'after') await store.fillIndexes();
      const shown = async () => (await store.summaries())[0]?.health;
      const operate = async (seq: number, health: HealthStatus | undefined): Promise<void> => {
        const lease = await acquired({ store }, `${seq}`.repeat(40));
        const ended = health && { health: { status: health, message: '', seq } };
        await store.conclude(lease, { ...endOf(lease), lastSync: aLastSync(seq), ...ended });
      };
      const scan = (version: number, status: HealthStatus, seq: number): Promise<boolean> => {
        const health = { status, message: '', since: AT, at: AT, seq, objects: [], count: 0 };
        return store.putDrift(aDrift(version, { health }));
      };
      await operate(1, 'Healthy');
      await scan(1, 'Degraded', 1);
      expect(await shown()).toBe('Degraded');
      await operate(2, undefined);
      await store.putApplication({ ...anApplication('shop'), drift: { mode: 'report' } }, 'hash-2');
      expect(await shown()).toBe('Degraded');
      await operate(3, 'Healthy');
      expect(await shown()).toBe('Healthy');
      await scan(2, 'Progressing', 3);
      expect(await shown()).toBe('Progressing');
    },
  );

  test('a scan that ends after the removal of its application leaves no summary', async () => {
    const { store } = await withShop(open);
    await store.fillIndexes();
    await store.removeApplication('shop');
    await store.putDrift(aDrift(1));
    expect(await store.summaries()).toEqual([]);
  });

  test('the version of the lists is another one after each change, and stays once changes are a while ago', async () => {
    const { store, clock } = await open();
    const versions = [await store.listVersion()];
    const read = async () => versions.push(await store.listVersion());
    await store.putApplication(anApplication('shop'), 'hash-1');
    await read();
    await store.request('shop', { trigger: PUSH });
    await read();
    await clock.advance(60_000);
    await read();
    await store.suspend('shop', { reason: 'incident', at: AT });
    await clock.advance(60_000);
    await read();
    expect(new Set(versions).size).toBe(versions.length);
    const { seq } = await store.request('shop', { trigger: PUSH });
    const acquisition = await store.acquire('shop', seq, 60);
    if (acquisition.status !== 'acquired') throw new Error(acquisition.status);
    await clock.advance(60_000);
    const before = await store.listVersion();
    await store.renew(acquisition.lease, 60);
    expect(await store.listVersion()).toBe(before);
  });
}
