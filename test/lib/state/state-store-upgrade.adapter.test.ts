import { BatchWriteCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { specHash, storedApplication } from '../../../lib/model/stored-application.ts';
import { createStateStore } from '../../../lib/state/dynamo-state-store.ts';
import { aDrift } from '../../contracts/state-store/drift.ts';
import { anApplication, PUSH } from '../../contracts/state-store/fixtures.ts';
import { withEmulator } from './emulator.ts';

const { open } = withEmulator('dynoxide');
type TableFixture = Awaited<ReturnType<typeof open>>;

const REPO = 'github.com/acme/shop';
const NAMES = ['blog', 'cart', 'shop'];

/** The items of applications that are deployed, as 0.1.0 wrote them; `shop` has drifted. */
async function tableOf010(): Promise<TableFixture> {
  const fixture = await open();
  const metas = NAMES.map((name) => ({
    pk: `APP#${name}`,
    sk: 'META',
    schemaVersion: 1,
    version: 5,
    app: JSON.stringify(storedApplication(anApplication(name))),
    specHash: specHash(anApplication(name)),
    repo: REPO,
    listing: 'applications',
    specSeq: 0,
    desiredSeq: 1,
    fence: 1,
    settled: { seq: 1, fence: 1, status: 'synced', revision: 'a'.repeat(40) },
    openFrom: 2,
  }));
  const drift = { pk: 'APP#shop', sk: 'DRIFT', schemaVersion: 1, version: 1, record: JSON.stringify(aDrift(1)) };
  const puts = [...metas, drift].map((Item) => ({ PutRequest: { Item } }));
  await fixture.client.send(new BatchWriteCommand({ RequestItems: { [fixture.table]: puts } }));
  return fixture;
}

/** A write of META as 0.1.0 makes it: of some attributes, with the version. */
async function writeAs010({ client, table }: TableFixture, name: string, change: string, values = {}): Promise<void> {
  await client.send(
    new UpdateCommand({
      TableName: table,
      Key: { pk: `APP#${name}`, sk: 'META' },
      UpdateExpression: `${change} ADD version :one`,
      ExpressionAttributeValues: { ':one': 1, ...values },
    }),
  );
}

async function itemsIn({ client, table }: TableFixture, pk: string): Promise<readonly Record<string, unknown>[]> {
  const query = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
  return (await client.send(new QueryCommand({ TableName: table, ...query }))).Items ?? [];
}

async function indexedNames(fixture: TableFixture, repo = REPO): Promise<readonly string[]> {
  return (await itemsIn(fixture, `REPO#${repo}`)).map(({ sk }) => String(sk).slice('APP#'.length));
}

const namesOf = (records: readonly { readonly app: { readonly name: string } }[]) => records.map(({ app }) => app.name);

test('an upgrade asks for no operation, and a push before, during and after it finds every application', async () => {
  const fixture = await tableOf010();
  const { store } = fixture;
  const answered = async () => namesOf(await fixture.other('a webhook that has just started').applicationsOfRepo(REPO));
  expect(await answered()).toEqual(NAMES);
  expect((await store.summaries()).map(({ name, drift }) => [name, drift?.status])).toEqual([
    ['blog', undefined],
    ['cart', undefined],
    ['shop', 'Drifted'],
  ]);
  expect(await store.request('cart', { revision: 'b'.repeat(40), trigger: PUSH })).toMatchObject({ seq: 2 });
  expect(await indexedNames(fixture)).toEqual(['cart']);
  expect(await answered()).toEqual(NAMES);
  expect(await store.applicationsOfRepo(REPO)).toHaveLength(3);
  for (const name of NAMES) {
    const app = anApplication(name);
    expect(await store.putApplication(app, specHash(app))).toBe('unchanged');
  }
  await store.fillIndexes();
  expect(await itemsIn(fixture, 'TABLE')).toEqual([{ pk: 'TABLE', sk: 'INDEXED' }]);
  expect(await indexedNames(fixture)).toEqual(NAMES);
  expect(await answered()).toEqual(NAMES);
  const summary = {
    project: 'default',
    destination: { cluster: 'prod', namespace: 'shop' },
    mode: 'auto',
    held: 0,
    deleting: false,
    moved: false,
  };
  const deployed = { ...summary, newest: { seq: 1, status: 'synced' } };
  expect(await store.summaries()).toEqual([
    { ...deployed, name: 'blog' },
    { ...summary, name: 'cart', newest: { seq: 2, trigger: 'push', requestedAt: '2026-01-01T00:00:00.000Z' } },
    {
      ...deployed,
      name: 'shop',
      drift: { status: 'Drifted', count: 1, reported: 0, scannedAt: '2026-01-01T00:00:00.000Z' },
    },
  ]);
  expect((await store.applications()).map(({ desiredSeq, needsIndex }) => [desiredSeq, needsIndex])).toEqual([
    [1, undefined],
    [2, undefined],
    [1, undefined],
  ]);
});

test('an upgrade adds attributes to a record, and changes none that 0.1.0 reads', async () => {
  const fixture = await tableOf010();
  const [before] = (await itemsIn(fixture, 'APP#blog')).filter(({ sk }) => sk === 'META');
  await fixture.store.fillIndexes();
  const [after] = (await itemsIn(fixture, 'APP#blog')).filter(({ sk }) => sk === 'META');
  expect(after).toEqual({ ...before, version: 6, indexed: 6, repos: [REPO] });
  await fixture.store.fillIndexes();
  expect((await itemsIn(fixture, 'APP#blog')).filter(({ sk }) => sk === 'META')).toEqual([after]);
});

test('what 0.1.0 writes after the upgrade is seen, and brought into the lists again', async () => {
  const fixture = await tableOf010();
  const { store } = fixture;
  await store.fillIndexes();
  const moved = anApplication('blog', { repo: 'https://github.com/acme/blog' });
  const spec = { ':app': JSON.stringify(storedApplication(moved)), ':repo': 'github.com/acme/blog' };
  await writeAs010(fixture, 'blog', 'SET app = :app, repo = :repo', spec);
  await writeAs010(fixture, 'cart', 'REMOVE app, specHash, repo, listing');
  await writeAs010(fixture, 'shop', 'SET desiredSeq = :two', { ':two': 2 });
  expect(namesOf(await store.applicationsOfRepo(REPO))).toEqual(['shop']);
  expect((await store.applications()).map(({ app, needsIndex }) => [app.name, needsIndex])).toEqual([
    ['blog', true],
    ['shop', true],
  ]);
  await store.fillIndexes();
  expect(namesOf(await store.applicationsOfRepo('https://github.com/acme/blog'))).toEqual(['blog']);
  expect(await indexedNames(fixture)).toEqual(['shop']);
  expect((await store.summaries()).map(({ name, newest }) => [name, newest?.seq])).toEqual([
    ['blog', 1],
    ['shop', 2],
  ]);
  expect((await store.applications()).every(({ needsIndex }) => needsIndex === undefined)).toBe(true);
});

test('a record that cannot be read keeps no other from being indexed', async () => {
  const fixture = await tableOf010();
  const { store, log } = fixture;
  await writeAs010(fixture, 'cart', 'SET app = :nonsense', { ':nonsense': 'nonsense' });
  await store.fillIndexes();
  expect(await indexedNames(fixture)).toEqual(['blog', 'shop']);
  expect(log.lines).toMatchObject([{ level: 'error', app: 'cart' }]);
  expect(await itemsIn(fixture, 'TABLE')).toHaveLength(1);
});

describe('the summaries', () => {
  test('of hundreds of applications are one request for each of eight partitions', async () => {
    const { store, client, table, clock } = await open();
    const names = Array.from({ length: 300 }, (_, i) => `app-${i}`);
    await Promise.all(names.map((name) => store.putApplication(anApplication(name), 'hash')));
    await store.fillIndexes();
    const sent: string[] = [];
    const send = (command: QueryCommand) => {
      sent.push(command.constructor.name);
      return client.send(command);
    };
    const counted: typeof client = Object.create(client, { send: { value: send } });
    const other = createStateStore({ client: counted, table, clock });
    expect(await other.summaries()).toHaveLength(300);
    sent.splice(0);
    expect(await other.summaries()).toHaveLength(300);
    expect(sent).toEqual(Array.from({ length: 8 }, () => 'QueryCommand'));
  });

  test('take at most 400 bytes each, and lie where their names say', async () => {
    const fixture = await open();
    const { store } = fixture;
    const long = 'x'.repeat(63);
    const name = 'n'.repeat(53);
    const app = { ...anApplication(name), project: long, destination: { cluster: long, namespace: long } } as const;
    await store.putApplication({ ...app, sync: { ...app.sync, mode: 'manual' }, drift: { mode: 'off' } }, 'hash');
    const { seq } = await store.request(name, { trigger: PUSH });
    const acquisition = await store.acquire(name, seq, 60);
    if (acquisition.status !== 'acquired') throw new Error(acquisition.status);
    const at = '2026-01-01T00:00:00.000Z';
    const synced = {
      revision: 'a'.repeat(40),
      seq,
      specHash: 'hash',
      inputs: [],
      renderedKey: '',
      status: 'synced',
    } as const;
    const outcome = { status: 'superseded', message: '' } as const;
    const operation = { app: name, seq, trigger: PUSH, phase: 'done', outcome, requestedAt: at, endedAt: at } as const;
    const held = Array.from({ length: 10 }, (_, i) => ({ revision: `r${i}`, reason: '', at }));
    await store.conclude(acquisition.lease, {
      operation,
      lastSync: synced,
      health: { status: 'Progressing', message: '', seq: 99_999, at },
      held,
      waiting: ['deletion', 'handover'].map((gate) => ({ gate, since: at })),
      seen: { revision: 'b'.repeat(40), at },
    });
    await store.suspend(name, { reason: '', at, until: '2026-02-01T00:00:00.000Z' });
    const objects = aDrift(1).objects.map((object) => ({ ...object, handling: 'report' }) as const);
    const health = { status: 'Degraded', message: '', since: at, at, seq: 99_999, objects: [], count: 0 } as const;
    const scannedAt = '2026-01-01T00:00:00.123Z';
    await store.putDrift(aDrift(1, { app: name, count: 99_999, objects, scannedAt, health }));
    const shards = await Promise.all(Array.from({ length: 8 }, (_, n) => itemsIn(fixture, `LIST#${n}`)));
    const [item = {}] = shards.flat();
    expect(Object.keys(item).toSorted()).toEqual(
      'at cluster drift drifted health held mode ns off pk project r rev s seq sk status t until'.split(' '),
    );
    expect([item['pk'], item['t']]).toEqual(['LIST#3', 'pxg']);
    expect(sizeOf(item)).toBeLessThanOrEqual(400);
  });
});

/** As DynamoDB counts: names and texts in UTF-8, numbers one byte for two digits and one more. */
function sizeOf(item: Record<string, unknown>): number {
  return Object.entries(item).reduce((sum, [name, value]) => {
    const bytes = typeof value === 'number' ? Math.ceil(String(value).length / 2) + 1 : String(value).length;
    return sum + name.length + (typeof value === 'boolean' ? 1 : bytes);
  }, 0);
}
