import { acquired, anApplication, anInventory, endOf, LEASE_SECONDS, type Open, PUSH, withShop } from './fixtures.ts';

const HELD = [{ revision: 'c'.repeat(40), reason: 'rolled back', at: '2026-01-01T00:00:00.000Z' }];
const SUSPENDED = { reason: 'exam', at: '2026-01-01T00:00:00.000Z' };
const shops = () => anApplication('shops');

export function renameContract(open: Open): void {
  describe('an application under another name', () => {
    test('goes on with inventory, last deployment, suspension and held commits; the old name is no application', async () => {
      const { store, other } = await withShop(open);
      const lease = await acquired({ store });
      await store.putInventory(lease, anInventory(3));
      await store.conclude(lease, endOf(lease));
      await store.hold('shop', HELD);
      await store.suspend('shop', SUSPENDED);
      const before = await store.application('shop');

      expect(await store.renameApplication('shop', shops(), 'hash-2')).toBe('renamed');
      for (const some of [store, other('another')]) {
        expect(await some.application('shop')).toBeUndefined();
        expect((await some.applications()).map(({ app }) => app.name)).toEqual(['shops']);
        expect((await some.applicationsOfRepo('https://github.com/acme/shop')).map(({ app }) => app.name)).toEqual([
          'shops',
        ]);
        const { lastSync, health } = before ?? {};
        expect(await some.application('shops')).toMatchObject({
          app: shops(),
          specHash: 'hash-2',
          desiredSeq: 1,
          held: HELD,
          suspended: SUSPENDED,
          formerly: [{ name: 'shop', upToSeq: 1 }],
          ...(lastSync && { lastSync }),
          ...(health && { health }),
        });
        expect(await some.inventory('shops')).toEqual(anInventory(3));
        expect(await some.inventory('shop')).toEqual([]);
      }
      expect(await store.renameApplication('shop', shops(), 'hash-2')).toBe('unchanged');
    });

    test('has the history of both names, and numbers that go on', async () => {
      const { store } = await withShop(open);
      for (let i = 0; i < 3; i += 1) await store.request('shop', { trigger: { kind: 'manual' } });
      await store.renameApplication('shop', shops(), 'hash-2');
      const newest = async () => [...(await store.newestOperations(await store.applications())).values()];
      expect(await newest()).toMatchObject([{ app: 'shop', seq: 3 }]);
      expect(await store.request('shops', { trigger: PUSH })).toMatchObject({ seq: 4, start: true });
      expect(await newest()).toMatchObject([{ app: 'shops', seq: 4 }]);
      const names = async (limit: number) =>
        (await store.operations('shops', limit)).map(({ app, seq }) => `${app}-${seq}`);
      expect(await names(10)).toEqual(['shops-4', 'shop-3', 'shop-2', 'shop-1']);
      expect(await names(2)).toEqual(['shops-4', 'shop-3']);
      expect(await store.operation('shops', 2)).toMatchObject({ app: 'shop', seq: 2 });
      expect(await store.operation('shops', 9)).toBeUndefined();
    });

    test('keeps the history through further names, and back to the first one', async () => {
      const { store } = await withShop(open);
      await store.request('shop', { trigger: PUSH });
      await store.renameApplication('shop', shops(), 'hash-2');
      await store.request('shops', { trigger: PUSH });
      await store.renameApplication('shops', anApplication('shop'), 'hash-1');
      await store.request('shop', { trigger: PUSH });
      expect((await store.operations('shop', 10)).map(({ app, seq }) => `${app}-${seq}`)).toEqual([
        'shop-3',
        'shops-2',
        'shop-1',
      ]);
    });

    test('waits for a worker that still runs an operation of the old name, which writes nothing more', async () => {
      const { store, clock } = await withShop(open);
      const lease = await acquired({ store });
      await store.renameApplication('shop', shops(), 'hash-2');
      const { seq } = await store.request('shops', { trigger: PUSH });
      expect(await store.acquire('shops', seq, LEASE_SECONDS)).toMatchObject({ status: 'held' });
      await expect(store.putInventory(lease, [])).rejects.toMatchObject({ code: 'LeaseLost' });
      await expect(store.renew(lease, LEASE_SECONDS)).rejects.toMatchObject({ code: 'LeaseLost' });
      await clock.advance(1000 * LEASE_SECONDS + 1000);
      expect(await store.acquire('shops', seq, LEASE_SECONDS)).toMatchObject({ status: 'acquired' });
    });

    test('is new where the old name was never used', async () => {
      const { store } = await withShop(open);
      expect(await store.renameApplication('shoo', shops(), 'hash-2')).toBe('created');
      expect(await store.application('shops')).not.toHaveProperty('formerly');
      expect(await store.application('shop')).toBeDefined();
    });
  });
}
