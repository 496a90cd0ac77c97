import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, DescribeTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { createTable, dynamoDbClient, type Emulator, missingFor, startDynamoDb } from '../../dev/dynamodb.ts';
import type { StateStore } from '../../lib/ports/store.ts';
import { createStateStore } from '../../lib/state/dynamo-state-store.ts';
import { anApplication } from '../contracts/state-store/fixtures.ts';

let dir: string;
const cleanups: (() => unknown)[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'driftless-dynamodb-'));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  await rm(dir, { recursive: true, force: true });
});

async function started(options: Parameters<typeof startDynamoDb>[0]) {
  const db = await startDynamoDb(options);
  cleanups.push(db.stop);
  const client = dynamoDbClient(db.endpoint);
  cleanups.push(() => client.destroy());
  await createTable(client, 'driftless');
  const store: StateStore = createStateStore({ client, table: 'driftless', clock: Date });
  return { db, client, store };
}

async function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    () => true,
    () => false,
  );
}

test('T4: a web page does not find the emulator, since its address is one of 16 million', async () => {
  const endpoints = [];
  for (let starts = 0; starts < 3; starts += 1) {
    const { db } = await started({ emulators: ['dynoxide'] });
    const { hostname, port } = new URL(db.endpoint);
    expect(hostname).toMatch(/^127\.\d+\.\d+\.\d+$/);
    expect(await answers(`http://127.0.0.1:${port}`)).toBe(false);
    expect(await answers(`http://localhost:${port}`)).toBe(false);
    endpoints.push(hostname);
  }
  expect(new Set(endpoints).size).toBe(3);
});

const withoutJava = await missingFor('dynamodb-local');
const emulators: Emulator[] = withoutJava === undefined ? ['dynoxide', 'dynamodb-local'] : ['dynoxide'];

describe.each(emulators)('%s', (emulator) => {
  test('keeps the data of its folder when it is stopped and started again', async () => {
    const folder = join(dir, 'made', 'when needed');
    const first = await started({ dir: folder, emulators: [emulator] });
    await first.store.putApplication(anApplication('shop'), 'hash-1');
    await first.db.stop();
    expect(await answers(first.db.endpoint)).toBe(false);

    const { store } = await started({ dir: folder, emulators: [emulator] });
    expect(await store.application('shop')).toEqual({
      app: anApplication('shop'),
      specHash: 'hash-1',
      desiredSeq: 0,
      specSeq: 0,
    });
  }, 60_000);
});

if (withoutJava !== undefined) test.skip(`DynamoDB Local is not tried, since ${withoutJava}`, () => undefined);

test('without a folder nothing is kept', async () => {
  const first = await started({});
  await first.store.putApplication(anApplication('shop'), 'hash-1');
  await first.db.stop();
  expect(await (await started({})).store.applications()).toEqual([]);
});

test('an endpoint that is given is used, and left running', async () => {
  const { db } = await started({});
  const given = await startDynamoDb({ endpoint: db.endpoint });
  await given.stop();
  expect(given.endpoint).toBe(db.endpoint);
  expect(await answers(db.endpoint)).toBe(true);
});

test('stopping twice does no harm', async () => {
  const { db } = await started({});
  await db.stop();
  await db.stop();
  expect(await answers(db.endpoint)).toBe(false);
});

test('the state table has its indexes and time to live, and creating it again changes nothing', async () => {
  const { client } = await started({});
  await createTable(client, 'driftless');
  const { Table } = await client.send(new DescribeTableCommand({ TableName: 'driftless' }));
  expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema }) => [IndexName, KeySchema]).toSorted()).toEqual([
    [
      'byListing',
      [
        { AttributeName: 'listing', KeyType: 'HASH' },
        { AttributeName: 'pk', KeyType: 'RANGE' },
      ],
    ],
    [
      'byRepo',
      [
        { AttributeName: 'repo', KeyType: 'HASH' },
        { AttributeName: 'pk', KeyType: 'RANGE' },
      ],
    ],
  ]);
  const { TimeToLiveDescription } = await client.send(new DescribeTimeToLiveCommand({ TableName: 'driftless' }));
  expect(TimeToLiveDescription).toMatchObject({ AttributeName: 'ttl', TimeToLiveStatus: 'ENABLED' });
});

test('an emulator that cannot start says why', async () => {
  await mkdir(join(dir, 'dynamodb.sqlite'));
  await expect(startDynamoDb({ dir, emulators: ['dynoxide'] })).rejects.toMatchObject({
    code: 'PrerequisiteMissing',
    message: expect.stringMatching(/^DynamoDB: no emulator runs here: dynoxide: .*unable to open database file/),
  });
});

test('an emulator ends with its parent, also when that is killed', async () => {
  const module = JSON.stringify(new URL('../../dev/dynamodb.ts', import.meta.url).href);
  const script = `import(${module}).then((m) => m.startDynamoDb()).then((db) => process.stdout.write(db.endpoint))`;
  const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  cleanups.push(() => parent.kill('SIGKILL'));
  const endpoint = await new Promise<string>((resolve) => parent.stdout.once('data', (text) => resolve(String(text))));
  expect(await answers(endpoint)).toBe(true);

  parent.kill('SIGKILL');
  while (await answers(endpoint)) await new Promise(setImmediate);
  expect(await answers(endpoint)).toBe(false);
}, 20_000);
