import type { Lease } from '../../../lib/model/application-record.ts';
import type { InventoryPointer } from '../../../lib/model/inventory.ts';
import { anApplication, anInventory, type Fixture, LEASE_SECONDS, type Open } from './fixtures.ts';

type Store = Fixture['store'];

async function leaseOn(store: Store, name: string): Promise<Lease> {
  await store.putApplication(anApplication(name), 'hash');
  const { seq } = await store.request(name, { trigger: { kind: 'manual' } });
  const acquisition = await store.acquire(name, seq, LEASE_SECONDS);
  if (acquisition.status !== 'acquired') throw new Error(`${name} is ${acquisition.status}`);
  return acquisition.lease;
}

/** What a scan asks for: the inventories that the list of applications names. */
async function pointersOf(store: Store): Promise<readonly InventoryPointer[]> {
  return (await store.applications()).flatMap(({ app, inventory }) =>
    inventory === undefined ? [] : [{ app: app.name, ...inventory }],
  );
}

export function inventoriesContract(open: Open): void {
  test('no inventories are none', async () => {
    const { store } = await open();
    expect(await store.inventories([])).toEqual(new Map());
  });

  test('the inventories of many applications are read at once', async () => {
    const { store, other } = await open();
    const sizes = Array.from({ length: 105 }, (_, i) => [`app-${i}`, i % 4] as const);
    await Promise.all(
      sizes.map(async ([name, size]) => store.putInventory(await leaseOn(store, name), anInventory(size, name))),
    );
    const pointers = await pointersOf(store);
    const expected = new Map(sizes.map(([name, size]) => [name, anInventory(size, name)]));
    expect(pointers).toHaveLength(105);
    expect(await store.inventories(pointers)).toEqual(expected);
    expect(await other('another').inventories(pointers)).toEqual(expected);
  });

  test('an inventory of several chunks is put together', async () => {
    const { store } = await open();
    const entries = anInventory(10_000).map((entry) => ({ ...entry, hash: crypto.randomUUID() + crypto.randomUUID() }));
    await store.putInventory(await leaseOn(store, 'shop'), entries);
    const pointers = await pointersOf(store);
    expect(pointers[0]?.chunks).toBeGreaterThan(1);
    expect(await store.inventories(pointers)).toEqual(new Map([['shop', entries]]));
  });

  test('each is the one that its pointer names, whatever was read before', async () => {
    const { store } = await open();
    const lease = await leaseOn(store, 'shop');
    for (const mark of ['-one', '-two', '-three']) {
      await store.putInventory(lease, anInventory(2, mark));
      const pointers = await pointersOf(store);
      const expected = new Map([['shop', anInventory(2, mark)]]);
      expect(await store.inventories(pointers)).toEqual(expected);
      expect(await store.inventories(pointers)).toEqual(expected);
    }
  });

  test('one that was replaced after its pointer was read is left out', async () => {
    const { store } = await open();
    const lease = await leaseOn(store, 'shop');
    await store.putInventory(await leaseOn(store, 'blog'), anInventory(1));
    await store.putInventory(lease, anInventory(2, '-old'));
    const pointers = await pointersOf(store);
    await store.putInventory(lease, anInventory(2, '-new'));
    expect(await store.inventories(pointers)).toEqual(new Map([['blog', anInventory(1)]]));
  });

  test('one whose pointer names more chunks than there are is left out', async () => {
    const { store } = await open();
    await store.putInventory(await leaseOn(store, 'shop'), anInventory(2));
    const pointers = (await pointersOf(store)).map((pointer) => ({ ...pointer, chunks: 2 }));
    expect(await store.inventories(pointers)).toEqual(new Map());
  });
}
