import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { InventoryEntry } from '../../../lib/model/inventory.ts';
import { createStateStore } from '../../../lib/state/dynamo-state-store.ts';
import { acquired, anInventory, leaseOf, withShop } from '../../contracts/state-store/fixtures.ts';
import { withEmulator } from './emulator.ts';

const { open } = withEmulator('dynoxide');

const OLD = anInventory(3, '-old');
const NEW = anInventory(3, '-new');
/** Random enough to need two chunks. */
const LARGE = anInventory(10_000, '-large').map((entry) => ({
  ...entry,
  hash: crypto.randomUUID() + crypto.randomUUID(),
}));

/** A store of its own whose process dies before its next request but `requests`, while it replaces the old inventory. */
async function dyingAfter(requests: number, entries: readonly InventoryEntry[]) {
  const fixture = await open();
  await withShop(async () => fixture);
  const lease = await acquired(fixture);
  await fixture.store.putInventory(lease, OLD);
  let left = requests;
  const death = Promise.withResolvers<string>();
  const send = (command: never) => {
    left -= 1;
    if (left >= 0) return fixture.client.send(command);
    death.resolve('dead');
    return new Promise(() => undefined);
  };
  const client: typeof fixture.client = Object.create(fixture.client, { send: { value: send } });
  const dying = createStateStore({ client, table: fixture.table, clock: fixture.clock });
  const written = dying.putInventory(lease, entries).then(() => 'written');
  return { ...fixture, died: await Promise.race([written, death.promise]) };
}

test.each([
  ['before it reads', 0, 'dead', OLD],
  ['before it writes', 1, 'dead', OLD],
  ['never', 2, 'written', NEW],
])('a worker that dies %s leaves the old inventory or the new one', async (_moment, requests, end, inventory) => {
  const { store, died } = await dyingAfter(requests, NEW);
  expect(died).toBe(end);
  expect(await store.inventory('shop')).toEqual(inventory);
});

test.each([
  ['before it reads', 0, 'dead', OLD],
  ['before it writes', 1, 'dead', OLD],
  ['after the first chunk', 2, 'dead', OLD],
  ['after the chunks', 3, 'dead', OLD],
  ['after the pointer', 4, 'dead', LARGE],
  ['before old chunks are deleted', 5, 'dead', LARGE],
  ['never', 6, 'written', LARGE],
])(
  'a worker that dies %s leaves the old inventory or the new one of several chunks',
  async (_moment, requests, end, inventory) => {
    const { store, died } = await dyingAfter(requests, LARGE);
    expect(died).toBe(end);
    expect(await store.inventory('shop')).toEqual(inventory);
  },
);

test('what dead workers left behind is deleted with the next inventory of several chunks', async () => {
  const { store, client, table } = await dyingAfter(3, LARGE);
  const lease = await leaseOf(store, 1);
  await store.putInventory(lease, LARGE);
  await store.putInventory(lease, OLD);
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :inv)',
      ExpressionAttributeValues: { ':pk': 'APP#shop', ':inv': 'INV#' },
    }),
  );
  const { generation = 0 } = (await store.application('shop'))?.inventory ?? {};
  expect(Items.map(({ sk }) => sk)).toEqual([`INV#${generation}#0000000000`]);
});
