import { randomBytes } from 'node:crypto';
import { acquired, anInventory, endOf, failureOf, type Open, REV_B, withShop } from './fixtures.ts';

export function inventoryContract(open: Open): void {
  test('an application without an inventory has an empty one', async () => {
    const { store } = await withShop(open);
    expect(await store.inventory('shop')).toEqual([]);
  });

  test.each([
    ['nothing', []],
    [
      'an entry before the first write to the cluster',
      [{ group: '', kind: 'Namespace', name: 'shop', apiVersion: 'v1' }],
    ],
    ['complete entries', anInventory(3)],
    ['10,000 entries', anInventory(10_000)],
  ])('an inventory of %s is read back', async (_case, entries) => {
    const { store } = await withShop(open);
    await store.putInventory(await acquired({ store }), entries);
    expect(await store.inventory('shop')).toEqual(entries);
  });

  test('a new inventory replaces the old one as a whole, and outlives operation and application', async () => {
    const { store } = await withShop(open);
    const first = await acquired({ store });
    await store.putInventory(first, anInventory(50));
    await store.conclude(first, endOf(first));
    const second = await acquired({ store }, REV_B);
    await store.putInventory(second, anInventory(2, '-new'));
    await store.conclude(second, endOf(second));
    await store.removeApplication('shop');
    expect(await store.inventory('shop')).toEqual(anInventory(2, '-new'));
  });

  test('an inventory over the limit is refused with its size and the limit, and the old one stays', async () => {
    const { store } = await withShop(open);
    const lease = await acquired({ store });
    await store.putInventory(lease, anInventory(2));
    const huge = anInventory(300).map((entry) => ({ ...entry, hash: randomBytes(48_000).toString('base64') }));
    expect(await failureOf(store.putInventory(lease, huge))).toEqual(
      expect.objectContaining({
        code: 'StateTooLarge',
        message: expect.stringMatching(
          /^Application\/shop: the inventory of 300 objects takes \d+ bytes compressed, the limit is 12000000; split the application$/,
        ),
      }),
    );
    expect(await store.inventory('shop')).toEqual(anInventory(2));
  });
}
