// The table itself, and values in it that other items, or people's commands, depend on.
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { anApplication } from '../contracts/state-store/fixtures.ts';
import { withEmulator } from '../lib/state/emulator.ts';
import { live } from './story.ts';
import { openWorld } from './world.ts';

const emulator = withEmulator('dynoxide');

test('the table has these keys and indexes', async () => {
  const { client, table } = await emulator.open();
  const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
  const keysOf = (keys: readonly { readonly AttributeName?: string | undefined }[] = []) =>
    keys.map(({ AttributeName }) => AttributeName);
  const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => [
    IndexName,
    keysOf(KeySchema),
    Projection?.ProjectionType,
  ]);
  expect(keysOf(Table?.KeySchema)).toEqual(['pk', 'sk']);
  expect(indexes.toSorted()).toEqual([
    ['byListing', ['listing', 'pk'], 'KEYS_ONLY'],
    ['byRepo', ['repo', 'pk'], 'KEYS_ONLY'],
  ]);
});

test.each([
  ['byListing', 'listing', 'applications', ['APP#blog', 'APP#cart', 'APP#shop', 'APP#wiki']],
  ['byListing', 'listing', 'clusters', ['CLUSTER#prod']],
  ['byListing', 'listing', 'events', ['APP#blog', 'APP#shop']],
  ['byRepo', 'repo', 'git.test/acme/shop', ['APP#cart', 'APP#shop']],
])('the index %s has under %s %s the items of %j', async (index, attribute, value, found) => {
  const fixture = await emulator.open();
  await live(await openWorld(fixture));
  const query = new QueryCommand({
    TableName: fixture.table,
    IndexName: index,
    KeyConditionExpression: '#a = :v',
    ExpressionAttributeNames: { '#a': attribute },
    ExpressionAttributeValues: { ':v': value },
  });
  expect(((await fixture.client.send(query)).Items ?? []).map(({ pk }) => pk)).toEqual(found);
});

test('every item that is decided on is of schema version 1', async () => {
  const world = await openWorld(await emulator.open());
  await live(world);
  const { items } = await world.persisted();
  const versions = items.map(({ sk, schemaVersion }) => `${String(sk).split('#', 1)[0]} ${String(schemaVersion)}`);
  expect([...new Set(versions)].toSorted()).toEqual([
    'APP undefined',
    'CURRENT 1',
    'DOC undefined',
    'DRIFT 1',
    'EVENTS undefined',
    'EVT undefined',
    'IDENTITY undefined',
    'INDEXED undefined',
    'INV undefined',
    'META 1',
    'OP undefined',
    'REPORT undefined',
    'SCAN 1',
    'VERSION undefined',
  ]);
});

test('a lease names the deployer where several share the table', async () => {
  const { store, other, client, table } = await emulator.open();
  await store.putApplication(anApplication('shop'), 'hash');
  await store.request('shop', { trigger: { kind: 'manual' } });
  await other('laptop').acquire('shop', 1, 60);
  const world = await openWorld({ client, table });
  const { items } = await world.persisted();
  expect(items.find(({ sk }) => sk === 'META')?.['lease']).toEqual({
    app: 'shop',
    seq: 1,
    fence: 1,
    expiresAt: '2026-01-01T00:01:00.000Z',
    worker: 'laptop',
  });
});
