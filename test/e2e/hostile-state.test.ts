// A DynamoDB that has no capacity, or no answer, for a while: deliveries are told so, operations wait, and nothing is lost.
import { startDynamoDb } from '../../dev/dynamodb.ts';
import { type FaultyProxy, startFaultyProxy } from './hostile-proxy.ts';
import { configMap, type HostedRepository, PATIENCE_MS, startWorld, type World } from './hostile-world.ts';

const NAMESPACE = 'hostile-state';
const throttled = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.0' },
  body: {
    __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    message: 'The level of configured provisioned throughput for the table was exceeded',
  },
};

let dynamoDb: Awaited<ReturnType<typeof startDynamoDb>>;
let proxy: FaultyProxy;
let world: World;
let repository: HostedRepository;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  proxy = await startFaultyProxy(dynamoDb.endpoint);
  world = await startWorld({ dynamoDbEndpoint: proxy.url });
  repository = await world.repository('shop');
  await repository.commit({ 'app/a.yaml': configMap('a', { value: '1' }) });
  await world.load([
    {
      name: 'state',
      source: { repo: repository.url, ref: 'main', path: 'app' },
      destination: { namespace: NAMESPACE },
      sync: { createNamespace: true },
    },
  ]);
  expect(await world.ended('state', 1)).toMatchObject({ outcome: { status: 'synced' } });
}, PATIENCE_MS);

afterEach(() => proxy.decide(() => 'pass'));

afterAll(async () => {
  await world.stop();
  await proxy.close();
  await dynamoDb.stop();
});

async function desiredSeq(): Promise<number> {
  return (await world.deployer.state.application('state'))?.desiredSeq ?? 0;
}

test(
  'a throttled table delays a deployment, and the record is whole',
  async () => {
    const before = await desiredSeq();
    const commit = await repository.commit({ 'app/a.yaml': configMap('a', { value: '2' }) });
    expect((await world.deliver(repository.url, commit)).status).toBe(202);
    let requests = 0;
    proxy.decide(() => {
      requests += 1;
      return requests <= 20 ? throttled : 'pass';
    });
    const operation = await world.ended('state', before + 1);
    expect(operation).toMatchObject({ revision: commit, plan: { configured: 1 }, outcome: { status: 'synced' } });
    expect(await world.deployer.state.application('state')).toMatchObject({ lastSync: { revision: commit } });
    expect(proxy.spoiled).toBeGreaterThanOrEqual(20);
  },
  PATIENCE_MS,
);

test(
  'a delivery that cannot be recorded is answered with 503, and served when it is sent again',
  async () => {
    const before = await desiredSeq();
    const commit = await repository.commit({ 'app/a.yaml': configMap('a', { value: '3' }) });
    proxy.decide(() => throttled);
    const refused = await world.deliver(repository.url, commit);
    expect([refused.status, await refused.json()]).toEqual([
      503,
      { error: { code: 'StateUnavailable', message: expect.stringContaining('the operation will be retried') } },
    ]);
    proxy.decide(() => 'pass');
    expect(await desiredSeq()).toBe(before);
    expect((await world.deliver(repository.url, commit)).status).toBe(202);
    expect(await world.ended('state', before + 1)).toMatchObject({ revision: commit, outcome: { status: 'synced' } });
  },
  PATIENCE_MS,
);

test(
  'a write whose answer is lost is not made twice: one push is one operation',
  async () => {
    const before = await desiredSeq();
    const commit = await repository.commit({ 'app/a.yaml': configMap('a', { value: '4' }) });
    let requests = 0;
    proxy.decide(() => {
      requests += 1;
      return requests % 2 === 0 && requests < 30 ? 'lose the answer' : 'pass';
    });
    expect((await world.deliver(repository.url, commit)).status).toBe(202);
    expect(await world.ended('state', before + 1)).toMatchObject({ revision: commit, outcome: { status: 'synced' } });
    expect(await desiredSeq()).toBe(before + 1);
  },
  PATIENCE_MS,
);
