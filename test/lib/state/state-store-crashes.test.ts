import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { createStateStore } from '../../../lib/state/dynamo-state-store.ts';
import { acquired, anInventory, leaseOf, withShop } from '../../contracts/state-store/fixtures.ts';
import { withEmulator } from './emulator.ts';

const { open } = withEmulator('dynoxide');

const OLD = anInventory(3, '-old');
const NEW = anInventory(3, '-new').map((entry) => ({ ...entry, hash: crypto.randomUUID() }));

/** A store of its own whose process dies before its next request but `requests`. */
async function dyingAfter(requests: number) {
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
  const written = dying.putInventory(lease, NEW).then(() => 'written');
  return { ...fixture, died: await Promise.race([written, death.promise]) };
}

test.each([
  ['before it reads', 0, 'dead', OLD],
  ['before it writes', 1, 'dead', OLD],
  ['after the chunks', 2, 'dead', OLD],
  ['while it changes the pointer', 3, 'dead', OLD],
  ['after the pointer', 4, 'dead', NEW],
  ['before old chunks are deleted', 5, 'dead', NEW],
  ['never', 6, 'written', NEW],
])('a worker that dies %s leaves the old inventory or the new one', async (_moment, requests, end, inventory) => {
  const { store, died } = await dyingAfter(requests);
  expect(died).toBe(end);
  expect(await store.inventory('shop')).toEqual(inventory);
});

test('what dead workers left behind is deleted with the next inventory', async () => {
  const { store, client, table } = await dyingAfter(2);
  await store.putInventory(await leaseOf(store, 1), OLD);
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :inv)',
      ExpressionAttributeValues: { ':pk': 'APP#shop', ':inv': 'INV#' },
    }),
  );
  expect(Items.map(({ sk }) => sk)).toEqual(['INV#0000000002#0000000000']);
});
