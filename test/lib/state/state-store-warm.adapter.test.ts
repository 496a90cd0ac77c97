import type { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { InventoryPointer } from '../../../lib/model/inventory.ts';
import { StoreCache } from '../../../lib/state/cache.ts';
import { createStateStore } from '../../../lib/state/dynamo-state-store.ts';
import { acquired, anApplication, anInventory, withShop } from '../../contracts/state-store/fixtures.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';
import { withEmulator } from './emulator.ts';

const { open } = withEmulator('dynoxide');

/** A store of its own, and the requests that it has sent. */
async function watchedStore() {
  const fixture = await open();
  const sent: string[] = [];
  const send = (command: BatchGetCommand) => {
    const [asked] = Object.values(command.input.RequestItems ?? {});
    const { Keys, ProjectionExpression: part } = asked ?? {};
    sent.push(`${command.constructor.name}${part === undefined ? '' : ` ${Keys?.length} × ${part}`}`);
    return fixture.client.send(command);
  };
  const client: typeof fixture.client = Object.create(fixture.client, { send: { value: send } });
  const watched = createStateStore({ client, table: fixture.table, clock: fixture.clock });
  return { ...fixture, watched, requests: () => sent.splice(0) };
}

async function pointersOf({ watched }: Awaited<ReturnType<typeof watchedStore>>): Promise<readonly InventoryPointer[]> {
  const records = await watched.applications();
  return records.flatMap(({ app, inventory }) => (inventory === undefined ? [] : [{ app: app.name, ...inventory }]));
}

test('an inventory that has not changed is not read again, and one that has is', async () => {
  const fixture = await watchedStore();
  const { store, watched, requests } = fixture;
  await withShop(async () => fixture);
  const lease = await acquired({ store });
  await store.putInventory(lease, anInventory(3));
  const pointers = await pointersOf(fixture);
  requests();
  await watched.inventories(pointers);
  expect(requests()).toEqual(['BatchGetCommand']);
  expect(await watched.inventories(pointers)).toEqual(new Map([['shop', anInventory(3)]]));
  expect(requests()).toEqual([]);
  await store.putInventory(lease, anInventory(4));
  expect(await watched.inventories(await pointersOf(fixture))).toEqual(new Map([['shop', anInventory(4)]]));
});

test('a hundred inventories are one request, and the list of applications one more than that', async () => {
  const { store, watched, requests } = await watchedStore();
  const names = Array.from({ length: 100 }, (_, i) => `app-${i}`);
  await Promise.all(names.map((name) => store.putApplication(anApplication(name), 'hash')));
  expect(await watched.applications()).toHaveLength(100);
  expect(requests()).toEqual(['QueryCommand', 'BatchGetCommand']);
  await watched.inventories(names.map((app) => ({ app, generation: 1, chunks: 1 })));
  expect(requests()).toEqual(['BatchGetCommand']);
});

test('of applications that are known, the version is read, and the record only where it is another one', async () => {
  const { store, watched, requests } = await watchedStore();
  for (const name of ['blog', 'cart', 'shop']) await store.putApplication(anApplication(name), 'hash');
  const first = await watched.applications();
  requests();
  expect(await watched.applications()).toEqual(first);
  expect(requests()).toEqual(['QueryCommand', 'BatchGetCommand 3 × #pk, #sk, #version']);
  await store.request('cart', { trigger: { kind: 'manual' } });
  await store.removeApplication('blog');
  await store.putApplication(anApplication('wiki'), 'hash');
  expect((await watched.applications()).map(({ app, desiredSeq }) => [app.name, desiredSeq])).toEqual([
    ['cart', 1],
    ['shop', 0],
    ['wiki', 0],
  ]);
  expect(requests()).toEqual(['QueryCommand', 'BatchGetCommand 2 × #pk, #sk, #version', 'BatchGetCommand']);
  // What was removed and comes back is not what it was.
  await store.putApplication({ ...anApplication('blog'), drift: { mode: 'off' } }, 'hash');
  expect((await watched.applications())[0]?.app).toMatchObject({ name: 'blog', drift: { mode: 'off' } });
});

test('a record is parsed anew only where its specification is another text', async () => {
  const fixture = await watchedStore();
  const { store, watched } = fixture;
  await store.putApplication(anApplication('shop'), 'hash-1');
  const first = await watched.application('shop');
  await store.request('shop', { trigger: { kind: 'manual' } });
  const second = await watched.application('shop');
  expect(second?.app).toBe(first?.app);
  await store.putApplication(anApplication('shop', { ref: 'release' }), 'hash-1-too');
  expect((await watched.application('shop'))?.app).toEqual(anApplication('shop', { ref: 'release' }));
});

describe('what a process caches of inventories', () => {
  const pointer = (app: string, generation = 1): InventoryPointer => ({ app, generation, chunks: 1 });

  test('is the newest of each application', () => {
    const cache = new StoreCache(new ManualClock());
    cache.putInventory(pointer('shop', 1), anInventory(1));
    cache.putInventory(pointer('shop', 2), anInventory(2));
    expect(cache.inventory(pointer('shop', 1))).toBeUndefined();
    expect(cache.inventory(pointer('shop', 2))).toEqual(anInventory(2));
    expect(cache.inventory(pointer('blog', 2))).toBeUndefined();
  });

  test('is at most 100,000 entries, among them the newest', () => {
    const cache = new StoreCache(new ManualClock());
    const entries = anInventory(30_000);
    for (const app of ['a', 'b', 'c', 'd']) cache.putInventory(pointer(app), entries);
    expect(['a', 'b', 'c', 'd'].filter((app) => cache.inventory(pointer(app)) !== undefined)).toEqual(['b', 'c', 'd']);
    cache.putInventory(pointer('huge'), anInventory(100_001));
    expect(cache.inventory(pointer('huge'))).toBeUndefined();
    cache.putInventory(pointer('e'), entries);
    expect(cache.inventory(pointer('e'))).toBe(entries);
    expect(cache.inventory(pointer('b'))).toBeUndefined();
  });

  test('counts an application once, however often its inventory is replaced', () => {
    const cache = new StoreCache(new ManualClock());
    cache.putInventory(pointer('blog'), anInventory(1));
    for (let generation = 1; generation <= 9; generation += 1) {
      cache.putInventory(pointer('shop', generation), anInventory(30_000));
    }
    expect(cache.inventory(pointer('blog'))).toEqual(anInventory(1));
  });
});

test('what a process caches of specifications is at most 20 million characters, among them the newest', () => {
  const cache = new StoreCache(new ManualClock());
  const stored = (name: string, size: number) => JSON.stringify({ ...anApplication(name), project: 'x'.repeat(size) });
  const small = stored('shop', 1);
  const first = cache.application('shop', small);
  expect(cache.application('shop', small)).toBe(first);
  for (const name of ['a', 'b', 'c']) cache.application(name, stored(name, 9_000_000));
  expect(cache.application('shop', small)).not.toBe(first);
  expect(cache.application('shop', small)).toEqual(first);
});
