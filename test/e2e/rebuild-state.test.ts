// What is left when the state table is lost: Git, the configuration, the cluster, the blobs, and the durable service, which knows every operation that it has
// ever run. docs/state.md tells what is to be done.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { createTable, dynamoDbClient, startDynamoDb } from '../../dev/dynamodb.ts';
import { type Harness, startHarness, WEBHOOK_SECRET } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { githubDelivery } from './harness-forge.ts';
import { configMap, deployment, service, yaml } from './harness-manifests.ts';

const TABLE = 'driftless';

let harness: Harness;
let app: AppUnderTest;
let before: readonly (string | undefined)[];
let inventories: readonly (readonly string[])[];
let rebuilt: {
  readonly history: readonly string[];
  readonly writes: readonly unknown[];
  readonly versions: typeof before;
};

/** An empty table, with the number that no operation had before. */
async function loseTable(): Promise<void> {
  const dir = join(harness.stateDir, 'dynamodb');
  await rm(dir, { recursive: true });
  const dynamoDb = await startDynamoDb({ dir });
  const client = dynamoDbClient(dynamoDb.endpoint);
  await createTable(client, TABLE);
  await client.send(new PutCommand({ TableName: TABLE, Item: { pk: 'TABLE', sk: 'SEQUENCE', after: 1000 } }));
  client.destroy();
  await dynamoDb.stop();
}

const versions = () =>
  Promise.all([
    app.version('v1', 'ConfigMap', 'settings'),
    app.version('v1', 'ConfigMap', 'orphan'),
    app.version('v1', 'Service', 'web'),
    app.version('apps/v1', 'Deployment', 'web').then((version) => version?.split(' ')[0]),
  ]);

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({
    'settings.yaml': yaml(configMap('settings')),
    'orphan.yaml': yaml(configMap('orphan')),
    'web.yaml': yaml(service('web'), deployment('web')),
  });
  await app.settled();
  await app.deploy({ 'settings.yaml': yaml(configMap('settings', '2')) });
  before = await versions();
  const whole = await app.inventory();
  await harness.halt();
  // While there is no deployer: a push that takes an object out of Git, before the table is empty.
  harness.announce(undefined);
  await app.repository.push({ 'orphan.yaml': undefined });
  await loseTable();
  harness.api.forget();
  await harness.resume();
  await app.settled();
  inventories = [whole, await app.inventory()];
  rebuilt = { history: await app.history(), writes: harness.api.writes(), versions: await versions() };
});

afterAll(() => harness.stop());

test('the first operation has a number that none had before, and finds everything as it should be', () => {
  expect(rebuilt.history).toEqual(['1001 config unchanged']);
});

test('nothing is written to the cluster, and no object is made anew', () => {
  expect(rebuilt.writes).toEqual([]);
  expect(rebuilt.versions).toEqual(before);
});

test('the inventory is whole again, without what has left Git meanwhile, which stays in the cluster', async () => {
  const [whole, again] = inventories;
  expect(whole).toHaveLength(4);
  expect(again).toEqual(whole?.filter((name) => !name.endsWith('/orphan')));
  const orphan = await app.live('v1', 'ConfigMap', 'orphan');
  expect(orphan?.metadata.labels?.['driftless.dev/app']).toBe(app.name);
});

test('an object that leaves Git afterwards is pruned', async () => {
  harness.announce((update) => harness.deliver('github', githubDelivery(update, WEBHOOK_SECRET)));
  const operation = await app.deploy({ 'settings.yaml': undefined });
  expect(operation).toMatchObject({ seq: 1002, outcome: { status: 'synced', message: '2 unchanged, 1 deleted' } });
  expect(await app.changes(operation)).toEqual([`- ConfigMap/${app.name}/settings deleted`]);
  expect(await app.live('v1', 'ConfigMap', 'settings')).toBeUndefined();
});
