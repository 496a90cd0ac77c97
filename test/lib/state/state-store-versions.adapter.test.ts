import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { storedApplication } from '../../../lib/model/stored-application.ts';
import { migrated } from '../../../lib/state/dynamo/migrations.ts';
import { metaUpdate } from '../../../lib/state/dynamo/writes.ts';
import { parseMeta } from '../../../lib/state/schema/records.ts';
import { aDrift } from '../../contracts/state-store/drift.ts';
import { acquired, anApplication, failureOf, PUSH, withShop } from '../../contracts/state-store/fixtures.ts';
import { withEmulator } from './emulator.ts';

const { open } = withEmulator('dynoxide');
type TableFixture = Awaited<ReturnType<typeof open>>;

const META = { pk: 'APP#shop', sk: 'META' };
const DRIFT = { pk: 'APP#shop', sk: 'DRIFT' };
const SCAN = { pk: 'CLUSTER#prod', sk: 'SCAN' };

async function shop(): Promise<TableFixture> {
  const fixture = await open();
  await withShop(async () => fixture);
  return fixture;
}

async function itemOf({ client, table }: TableFixture, Key: object): Promise<Record<string, unknown> | undefined> {
  return (await client.send(new GetCommand({ TableName: table, Key: { ...Key }, ConsistentRead: true }))).Item;
}

async function writtenByNewer({ client, table }: TableFixture, Key: object): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: table,
      Key: { ...Key },
      UpdateExpression: 'SET schemaVersion = :newer, addedLater = :something ADD version :one',
      ExpressionAttributeValues: { ':newer': 2, ':something': 'something', ':one': 1 },
    }),
  );
}

const tooNew = (subject: string) =>
  expect.objectContaining({
    code: 'StateTooNew',
    message: `${subject} was written by a newer Driftless (schema version 2, this one knows 1); upgrade this deployer`,
  });

test('an application as the first release wrote it is read, and goes on from there', async () => {
  const fixture = await open();
  const { client, table, store } = fixture;
  const app = anApplication('shop');
  const item = {
    ...META,
    schemaVersion: 1,
    version: 7,
    app: JSON.stringify(storedApplication(app)),
    specHash: 'hash-1',
    repo: 'github.com/acme/shop',
    listing: 'applications',
    specSeq: 0,
    desiredSeq: 3,
    desiredRevision: 'a'.repeat(40),
    fence: 3,
    settled: { seq: 3, fence: 3, status: 'synced', revision: 'a'.repeat(40) },
    inventory: { generation: 3, chunks: 1 },
    openFrom: 4,
  };
  await client.send(new PutCommand({ TableName: table, Item: item }));
  const record = { app, specHash: 'hash-1', specSeq: 0, desiredSeq: 3, desiredRevision: 'a'.repeat(40) };
  const found = { ...record, inventory: { generation: 3, chunks: 1 }, needsIndex: true };
  expect(await store.applications()).toEqual([found]);
  expect(await store.request('shop', { trigger: PUSH })).toEqual({ seq: 4, start: true, alreadyAsked: false });
  const requested = { seq: 4, trigger: 'push', at: new Date(fixture.clock.now()).toISOString() };
  const indexed = { indexed: 8, repos: ['github.com/acme/shop'], requested };
  expect(await itemOf(fixture, META)).toEqual({ ...item, ...indexed, version: 8, desiredSeq: 4 });
});

describe('an application that a newer version of the program has written', () => {
  test.each<[string, (fixture: TableFixture) => Promise<unknown>]>([
    ['read', ({ store }) => store.application('shop')],
    ['given a new specification', ({ store }) => store.putApplication(anApplication('shop'), 'hash-2')],
    ['removed', ({ store }) => store.removeApplication('shop')],
    ['deployed', ({ store }) => store.request('shop', { trigger: PUSH })],
    ['suspended', ({ store }) => store.suspend('shop', { reason: 'incident', at: '2026-01-01T00:00:00.000Z' })],
  ])('is not %s but left as it is, and the error says to upgrade', async (_case, work) => {
    const fixture = await shop();
    await writtenByNewer(fixture, META);
    const before = await itemOf(fixture, META);
    expect(await failureOf(work(fixture))).toEqual(tooNew('Application/shop: its record'));
    expect(await itemOf(fixture, META)).toEqual(before);
  });

  test('can be written no more by an operation that began before the upgrade', async () => {
    const fixture = await shop();
    const lease = await acquired(fixture);
    await writtenByNewer(fixture, META);
    expect(await failureOf(fixture.store.renew(lease, 60))).toEqual(tooNew('Application/shop: its record'));
  });

  test('is left out of the list, which is logged', async () => {
    const fixture = await shop();
    await fixture.store.putApplication(anApplication('blog'), 'hash');
    await writtenByNewer(fixture, META);
    expect((await fixture.store.applications()).map(({ app }) => app.name)).toEqual(['blog']);
    expect(fixture.log.lines).toMatchObject([{ level: 'error', app: 'shop', error: expect.stringContaining('newer') }]);
  });
});

test('a drift that a newer version of the program has written is neither read nor overwritten', async () => {
  const fixture = await shop();
  const { store, log } = fixture;
  await store.putDrift(aDrift(1));
  await writtenByNewer(fixture, DRIFT);
  expect(await failureOf(store.drift('shop'))).toEqual(tooNew('Application/shop: its drift'));
  expect(await store.drifts(['shop'])).toEqual(new Map());
  expect(log.lines).toMatchObject([{ level: 'error', app: 'shop' }]);
  expect(await store.putDrift(aDrift(1))).toBe(false);
  expect(await itemOf(fixture, DRIFT)).toMatchObject({ schemaVersion: 2, addedLater: 'something' });
});

test('a cluster that a newer version of the program has written is neither read nor scanned', async () => {
  const fixture = await open();
  const { store, log } = fixture;
  await store.beginScan('prod', 'scan-1', 60);
  await writtenByNewer(fixture, SCAN);
  const before = await itemOf(fixture, SCAN);
  expect(await failureOf(store.cluster('prod'))).toEqual(tooNew('Cluster/prod: its record'));
  expect(await failureOf(store.beginScan('prod', 'scan-2', 60))).toEqual(tooNew('Cluster/prod: its record'));
  expect(await store.clusters()).toEqual([]);
  expect(log.lines).toMatchObject([{ level: 'error', cluster: 'prod' }]);
  expect(await itemOf(fixture, SCAN)).toEqual(before);
});

describe('migrations', () => {
  const second = (item: Readonly<Record<string, unknown>>) => ({ ...item, second: item['first'] });
  const third = (item: Readonly<Record<string, unknown>>) => ({ ...item, third: item['second'] });

  test.each([
    ['of version 1 through all of them', 1, { first: 'a' }, { first: 'a', second: 'a', third: 'a' }],
    ['of version 2 through those after it', 2, { second: 'b' }, { second: 'b', third: 'b' }],
    ['of the current version through none', 3, { third: 'c' }, { third: 'c' }],
  ])('take an item %s', (_case, schemaVersion, before, after) => {
    expect(migrated({ ...before, schemaVersion }, [second, third], 'it')).toEqual({ ...after, schemaVersion });
  });

  test('refuse an item of a version after the last one', () => {
    expect(() => migrated({ schemaVersion: 4 }, [second, third], 'it')).toThrow('schema version 4, this one knows 3');
  });

  test('leave an item of no proper version to its schema', () => {
    for (const item of [{}, { schemaVersion: 0 }, { schemaVersion: 1.5 }, { schemaVersion: '2' }]) {
      expect(migrated(item, [second, third], 'it')).toBe(item);
    }
  });

  test('are written back with the first change of an application, as a whole', () => {
    const current = parseMeta('shop', { schemaVersion: 1, version: 4, desiredSeq: 2, fence: 1, openFrom: 3 });
    const values = (before: typeof current) => {
      const write = metaUpdate('shop', before, { desiredSeq: 3 });
      return 'Update' in write ? write.Update?.ExpressionAttributeValues : undefined;
    };
    const changed = { ':asRead': 4, ':version': 5, ':desiredSeq': 3 };
    expect(values(current)).toEqual(changed);
    expect(values({ ...current, schemaVersion: 0 })).toEqual({
      ...changed,
      ':schemaVersion': 1,
      ':fence': 1,
      ':openFrom': 3,
    });
  });
});
