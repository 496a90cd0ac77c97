import type { StateStore } from '../../../lib/ports/store.ts';
import { acquired, anApplication, anInventory, endOf, LEASE_LOST, type Open, withShop } from './fixtures.ts';

const PROD = { cluster: 'prod', uid: 'uid-1', namespace: 'shop' };
const OTHER = { cluster: 'other', uid: 'uid-2', namespace: 'shop' };

/** Objects whose inventory takes two chunks: they hardly compress. */
const LARGE = anInventory(12_000).map((entry, i) => ({ ...entry, hash: String(Math.sin(i)) + String(Math.cos(i)) }));

function to(store: StateStore, cluster: string, name = 'shop') {
  return store.putApplication(
    { ...anApplication(name), destination: { cluster, namespace: 'shop' } },
    `hash-${cluster}`,
  );
}

async function leftOf(store: StateStore, name = 'shop') {
  const left = [];
  for (const { generation, chunks, ...place } of (await store.application(name))?.moved ?? []) {
    const entries = (await store.inventories([{ app: name, generation, chunks }])).get(name);
    left.push([place, entries?.length]);
  }
  return left;
}

export function moveContract(open: Open): void {
  describe('an application with another cluster as its destination', () => {
    test.each([
      ['of one chunk', anInventory(3)],
      ['of several chunks', LARGE],
    ])('leaves its inventory %s behind, and gets it back where it goes back', async (_what, entries) => {
      const { store, other } = await withShop(open);
      const lease = await acquired({ store });
      await store.putInventory(lease, entries, { place: PROD });
      const { inventory } = (await store.application('shop')) ?? {};
      expect([(inventory?.chunks ?? 0) > 1, entries.length > 3]).toEqual(
        entries === LARGE ? [true, true] : [false, false],
      );
      expect(await to(store, 'other')).toBe('configured');
      for (const some of [store, other('another')]) {
        expect(await some.inventory('shop')).toEqual([]);
        expect(await leftOf(some)).toEqual([[PROD, entries.length]]);
      }
      await to(store, 'prod');
      for (const some of [store, other('another')]) {
        expect(await some.inventory('shop')).toEqual(entries);
        expect(await leftOf(some)).toEqual([]);
        expect(await some.application('shop')).toMatchObject({ place: PROD });
      }
    });

    test('keeps what is left, whatever is written of the new cluster', async () => {
      const { store, other } = await withShop(open);
      const lease = await acquired({ store });
      await store.putInventory(lease, LARGE, { place: PROD });
      await to(store, 'other');
      await store.putInventory(lease, anInventory(2), { place: OTHER });
      await store.putInventory(lease, LARGE.slice(1), { place: OTHER });
      await store.putInventory(lease, anInventory(1), { place: OTHER });
      expect(await leftOf(other('another'))).toEqual([[PROD, LARGE.length]]);
      expect(await other('one more').inventory('shop')).toEqual(anInventory(1));
    });

    test('has what an older version recorded left in the destination that it had', async () => {
      const { store } = await withShop(open);
      await store.putInventory(await acquired({ store }), anInventory(3));
      expect(await store.application('shop')).not.toHaveProperty('place');
      await to(store, 'other');
      expect(await leftOf(store)).toEqual([[{ cluster: 'prod', namespace: 'shop' }, 3]]);
    });

    test('takes what a worker of the former destination still writes as left there', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      await to(store, 'other');
      await store.putInventory(lease, anInventory(3), { place: PROD });
      await store.putInventory(lease, anInventory(4), { place: PROD });
      expect([await store.inventory('shop'), await leftOf(store)]).toEqual([[], [[PROD, 4]]]);
    });

    test('replaces what is left, until nothing is; not where it is the inventory again', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      await store.putInventory(lease, LARGE, { place: PROD });
      await to(store, 'other');
      await store.putInventory(lease, anInventory(2), { place: OTHER });
      for (const entries of [LARGE.slice(5), anInventory(3), anInventory(1)]) {
        const [left] = (await store.application('shop'))?.moved ?? [];
        if (left === undefined) throw new Error('nothing is left');
        await store.putLeft(lease, left, entries);
        expect(await leftOf(store)).toEqual([[PROD, entries.length]]);
        expect(await store.inventory('shop')).toEqual(anInventory(2));
      }
      const [left] = (await store.application('shop'))?.moved ?? [];
      if (left === undefined) throw new Error('nothing is left');
      await to(store, 'prod');
      await store.putLeft(lease, left, []);
      expect(await store.inventory('shop')).toEqual(anInventory(1));
      expect(await leftOf(store)).toEqual([[OTHER, 2]]);
      await to(store, 'other');
      await store.putLeft(lease, left, []);
      expect(await leftOf(store)).toEqual([]);
      expect(await store.application('shop')).not.toHaveProperty('moved');
    });

    test('forgets what is left where the inventory holds it', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      await store.putInventory(lease, anInventory(3), { place: PROD });
      await to(store, 'other');
      const merged = (await store.application('shop'))?.moved ?? [];
      await store.putInventory(lease, anInventory(3), { place: { ...PROD, cluster: 'other' }, merged });
      expect([await leftOf(store), await store.inventory('shop')]).toEqual([[], anInventory(3)]);
    });

    test('is one that was removed in between, too', async () => {
      const { store } = await withShop(open);
      await store.putInventory(await acquired({ store }), anInventory(3));
      await store.removeApplication('shop');
      await to(store, 'other');
      expect([await store.inventory('shop'), await leftOf(store)]).toEqual([
        [],
        [[{ cluster: 'prod', namespace: 'shop' }, 3]],
      ]);
    });

    test('and another name takes what is left along', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      await store.putInventory(lease, LARGE, { place: PROD });
      await to(store, 'other');
      await store.putInventory(lease, anInventory(2), { place: OTHER });
      await store.conclude(lease, endOf(lease));
      const third = { ...anApplication('shops'), destination: { cluster: 'third', namespace: 'shop' } };
      expect(await store.renameApplication('shop', third, 'hash-3')).toBe('renamed');
      expect(await leftOf(store, 'shops')).toEqual([
        [PROD, LARGE.length],
        [OTHER, 2],
      ]);
      expect(await store.inventory('shops')).toEqual([]);
    });

    test('lets only the holder of the lease write what is left', async () => {
      const { store } = await withShop(open);
      const lease = await acquired({ store });
      await store.putInventory(lease, anInventory(3), { place: PROD });
      await to(store, 'other');
      const [left] = (await store.application('shop'))?.moved ?? [];
      if (left === undefined) throw new Error('nothing is left');
      await acquired({ store });
      await expect(store.putLeft(lease, left, [])).rejects.toEqual(LEASE_LOST);
      expect(await leftOf(store)).toEqual([[PROD, 3]]);
    });
  });
}
