import { PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { createStateStore } from '../../../lib/state/dynamo-state-store.ts';
import { anEvent } from '../../contracts/state-store/events.ts';
import {
  acquired,
  anApplication,
  anInventory,
  endOf,
  type Fixture,
  failureOf,
  leaseOf,
  PUSH,
  withShop,
} from '../../contracts/state-store/fixtures.ts';
import { withEmulator } from './emulator.ts';

const { open } = withEmulator('dynoxide');
type TableFixture = Awaited<ReturnType<typeof open>>;

async function shop(): Promise<TableFixture> {
  const fixture = await open();
  await withShop(async () => fixture);
  return fixture;
}

async function itemsOf({ client, table }: TableFixture, sk: string): Promise<readonly Record<string, unknown>[]> {
  const query = new QueryCommand({
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': 'APP#shop', ':sk': sk },
  });
  return (await client.send(query)).Items ?? [];
}

async function metaOf(fixture: TableFixture): Promise<Record<string, unknown> | undefined> {
  return (await itemsOf(fixture, 'META'))[0];
}

async function damage({ client, table }: TableFixture, key: object, attribute: string): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: table,
      Key: { ...key },
      UpdateExpression: 'SET #attribute = :nonsense',
      ExpressionAttributeNames: { '#attribute': attribute },
      ExpressionAttributeValues: { ':nonsense': 'nonsense' },
    }),
  );
}

describe('the history', () => {
  test.each([
    [90, undefined],
    [7, 7],
  ])('forgets an ended operation after %i days, and an open one never', async (days, historyDays) => {
    const fixture = await shop();
    const { client, table, clock } = fixture;
    const store = createStateStore({ client, table, clock, ...(historyDays === undefined ? {} : { historyDays }) });
    const lease = await acquired({ store });
    await store.updateOperation(lease, { ...endOf(lease).operation, phase: 'apply' });
    const [running] = await itemsOf(fixture, 'OP#');
    await store.conclude(lease, endOf(lease));
    const [ended] = await itemsOf(fixture, 'OP#');
    expect([running?.['ttl'], ended?.['ttl']]).toEqual([undefined, clock.now() / 1000 + days * 86_400]);
    expect(await metaOf(fixture)).not.toHaveProperty('ttl');
  });
});

describe('an event', () => {
  test('is forgotten after 30 days, and the newest place of its stream never', async () => {
    const fixture = await shop();
    await fixture.store.putEvents('APP#shop', [anEvent('one')]);
    const [stored] = await itemsOf(fixture, 'EVT#');
    const [newest] = await itemsOf(fixture, 'EVENTS');
    expect(stored).toMatchObject({ sk: 'EVT#0000000001', ttl: fixture.clock.now() / 1000 + 30 * 86_400 });
    expect(newest).toEqual({ pk: 'APP#shop', sk: 'EVENTS', n: 1, keys: ['one'], listing: 'events' });
  });

  test('that cannot be read is logged and left out, and holds up none after it', async () => {
    const fixture = await shop();
    await fixture.store.putEvents('APP#shop', [anEvent('one'), anEvent('two')]);
    await damage(fixture, { pk: 'APP#shop', sk: 'EVT#0000000001' }, 'kind');
    const { events, upTo } = await fixture.store.undelivered('APP#shop', 'sns');
    expect([events.map(({ key }) => key), upTo]).toEqual([['two'], 2]);
    expect(fixture.log.lines).toContainEqual(
      expect.objectContaining({ message: 'skipped an event that cannot be read' }),
    );
  });
});

describe('attributes of META', () => {
  test('of a newer version of the program survive a write by this one', async () => {
    const fixture = await shop();
    await damage(fixture, { pk: 'APP#shop', sk: 'META' }, 'addedLater');
    await fixture.store.request('shop', { trigger: PUSH });
    expect(await metaOf(fixture)).toMatchObject({ addedLater: 'nonsense', desiredSeq: 1, schemaVersion: 1 });
  });

  test('that index an application go when it is removed', async () => {
    const fixture = await shop();
    const indexed = await metaOf(fixture);
    await fixture.store.removeApplication('shop');
    expect([indexed?.['repo'], indexed?.['listing']]).toEqual(['github.com/acme/shop', 'applications']);
    expect(Object.keys((await metaOf(fixture)) ?? {}).toSorted()).toEqual(
      ['desiredSeq', 'fence', 'formerProject', 'openFrom', 'pk', 'schemaVersion', 'sk', 'version'].toSorted(),
    );
  });
});

describe('a number that was written down after the table was lost or restored', () => {
  const SEQUENCE = { pk: 'TABLE', sk: 'SEQUENCE' };

  test('is the one after which operations go on, those of new applications and of known ones', async () => {
    const { client, table, other, store: before } = await shop();
    await acquired({ store: before });
    await client.send(new PutCommand({ TableName: table, Item: { ...SEQUENCE, after: 1000 } }));
    const store = other('started again');
    await store.putApplication(anApplication('blog'), 'hash');
    expect(await store.application('blog')).toMatchObject({ desiredSeq: 1000, specSeq: 1000 });
    expect(await store.acquire('blog', 1000, 60)).toEqual({ status: 'ended' });
    const asked = { start: true, alreadyAsked: false };
    expect(await store.request('blog', { trigger: { kind: 'drift' } })).toEqual({ seq: 1001, ...asked });
    expect(await store.acquire('blog', 1001, 60)).toMatchObject({ status: 'acquired', lease: { seq: 1001 } });
    expect(await store.request('shop', { trigger: PUSH })).toEqual({ ...asked, seq: 1001, start: false });
    expect(await store.request('shop', { trigger: { kind: 'manual' } })).toMatchObject({ seq: 1002 });
    expect((await store.operations('shop', 9)).map(({ seq }) => seq)).toEqual([1002, 1001, 1]);
  });

  test('that is none is said, and no application is created with another one', async () => {
    const fixture = await open();
    await damage(fixture, SEQUENCE, 'after');
    expect(await failureOf(fixture.store.putApplication(anApplication('shop'), 'hash'))).toEqual(
      expect.objectContaining({ message: expect.stringContaining('the first sequence in the state table cannot') }),
    );
    expect(await fixture.store.applications()).toEqual([]);
  });
});

describe('a record that cannot be read', () => {
  const META = { pk: 'APP#shop', sk: 'META' };

  test.each([
    ['desiredSeq', 'its record in the state table cannot be read: desiredSeq: '],
    ['schemaVersion', 'its record in the state table cannot be read: schemaVersion: '],
    ['lease', 'its record in the state table cannot be read: lease: '],
    ['app', 'its specification in the state table cannot be read: item: is not JSON'],
  ])('for its %s is named', async (attribute, problem) => {
    const fixture = await shop();
    await damage(fixture, META, attribute);
    expect(await failureOf(fixture.store.application('shop'))).toEqual(
      expect.objectContaining({
        code: 'Internal',
        message: expect.stringContaining(`Application/shop: ${problem}`),
      }),
    );
  });

  test.each([
    ['the list of all', ({ other }: Fixture) => other('another worker').applications()],
    ['the list of its repository', ({ store }: Fixture) => store.applicationsOfRepo('https://github.com/acme/shop')],
  ])('is left out of %s, which is logged', async (_list, list) => {
    const fixture = await shop();
    await fixture.store.putApplication(anApplication('blog'), 'hash');
    await damage(fixture, META, 'desiredSeq');
    expect((await list(fixture)).map(({ app }) => app.name)).toEqual(['blog']);
    expect(fixture.log.lines).toEqual([
      {
        level: 'error',
        message: 'skipped an application whose record cannot be read',
        app: 'shop',
        error: expect.stringContaining('desiredSeq'),
      },
    ]);
  });

  test('is left out of the history, which is logged, and keeps no operation from superseding the others', async () => {
    const fixture = await shop();
    const { store, log } = fixture;
    for (let i = 0; i < 4; i += 1) await store.request('shop', { trigger: { kind: 'manual' } });
    await damage(fixture, { pk: 'APP#shop', sk: 'OP#0000000002' }, 'phase');
    await store.supersedeOlder(await leaseOf(store, 4), { status: 'superseded', message: '' });
    expect((await store.operations('shop', 9)).map(({ seq, phase }) => [seq, phase])).toEqual([
      [4, 'pending'],
      [3, 'done'],
      [1, 'done'],
    ]);
    expect(log.lines).toHaveLength(2);
  });
});

describe('the limit of an item', () => {
  test('refuses a specification that is over it', async () => {
    const { store } = await open();
    const values = { certificate: 'x'.repeat(410_000) };
    const huge = anApplication('shop', { helm: { valueFiles: [], values, includeCRDs: true } });
    expect(await failureOf(store.putApplication(huge, 'hash'))).toEqual(
      expect.objectContaining({
        code: 'StateTooLarge',
        message: 'Application/shop: its record of 411 kB is over the limit of 400 kB; shorten it',
      }),
    );
    expect(await store.applications()).toEqual([]);
  });

  test('refuses an operation that is over it', async () => {
    const { store } = await shop();
    const lease = await acquired({ store });
    const { operation } = endOf(lease);
    const huge = { ...operation, outcome: { status: 'failed', message: 'x'.repeat(500_000) } } as const;
    expect(await failureOf(store.updateOperation(lease, huge))).toEqual(
      expect.objectContaining({
        code: 'StateTooLarge',
        message: 'operation shop-1: its record of 501 kB is over the limit of 400 kB; shorten it',
      }),
    );
  });

  test('is kept by the chunks of 10,000 entries that compress badly', async () => {
    const fixture = await shop();
    const entries = anInventory(10_000).map((entry) => ({
      ...entry,
      hash: crypto.randomUUID(),
      uid: crypto.randomUUID(),
    }));
    await fixture.store.putInventory(await acquired(fixture), entries);
    const sizes = (await itemsOf(fixture, 'INV#')).map(({ gz }) => (gz as Uint8Array).length);
    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(300_000);
    expect(await fixture.store.inventory('shop')).toEqual(entries);
  });
});
