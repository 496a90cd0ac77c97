// Calls of AWS that fail, answers that are lost, functions that die: whatever it is, the push is deployed in the end, and nothing is done twice that must not be.
import { openWorld, type World } from '../functions/world.ts';
import { configMap, job, yaml } from './harness-manifests.ts';

import.meta.jest.setTimeout(120_000);

let world: World;
let value = 0;
beforeAll(async () => {
  world = await openWorld();
  await world.push(settings());
  await world.functions.sweep.invoke({});
  await world.settled(1);
});
afterAll(() => world.stop());
afterEach(() => {
  world.aws.heal();
  world.dynamoDb.heal();
  world.s3.failures.splice(0);
  world.api.onWrite(undefined);
});

/** A value that is new each time, without a hook. */
function settings() {
  value += 1;
  return { 'deploy/settings.yaml': yaml(configMap('settings', `${value}`)), 'deploy/hook.yaml': '' };
}

/** A value that is new each time, and a hook that must run once for each deployment. */
function settingsWithHook() {
  const hook = job('migrate', { 'argocd.argoproj.io/hook': 'PreSync' });
  return { ...settings(), 'deploy/hook.yaml': yaml(hook) };
}

/** Writes of one kind that have come since. */
const written = (kind: 'configmaps' | 'jobs', since: number) =>
  world.api.writes.slice(since).filter((write) => new RegExp(`^(PATCH|POST) .*/${kind}`).test(write)).length;

const newest = async () => (await world.state.application(world.app))?.desiredSeq ?? 0;
const unmet = () => world.aws.pending() + world.dynamoDb.pending() + world.s3.failures.length;

type Row = readonly [what: string, arrange: () => void | Promise<void>];

const aws = (...failure: Parameters<World['aws']['fail']>) => world.aws.fail(...failure);
const table = (...failure: Parameters<World['aws']['fail']>) => world.dynamoDb.fail(...failure);
const bucket = (status: number, code: string, times: number) =>
  void world.s3.failures.push(...Array.from({ length: times }, () => ({ status, code })));

describe('between the push and its operation, it is deployed once where', () => {
  test.each<Row>([
    ['the start of the operation is throttled', () => aws('lambda.Invoke', 'throttled')],
    ['the answer to the start is lost', () => aws('lambda.Invoke', 'lost answer')],
    ['Lambda hangs up on the start', () => aws('lambda.Invoke', 'hang up')],
    ['Lambda does not answer in time', () => aws('lambda.Invoke', 'silence')],
    [
      'Secrets Manager fails for a moment, and nothing is remembered',
      async () => {
        await world.functions.webhook.kill();
        aws('secretsmanager.GetSecretValue', 'server error', { times: 2 });
      },
    ],
    ['the request for an operation is throttled', () => table('TransactWriteItems', 'throttled', { times: 2 })],
    ['the answer to the request is lost', () => table('TransactWriteItems', 'lost answer')],
    ['a read of state fails', () => table('BatchGetItem', 'server error', { times: 2 })],
    ['DynamoDB hangs up on the list of applications', () => table('Query', 'hang up')],
  ])('%s', async (_what, arrange) => {
    const [before, writes] = [await newest(), world.api.writes.length];
    const delivery = await world.push(settings());
    await arrange();
    expect((await world.deliver(delivery)).statusCode).toBe(202);
    expect((await world.settled(before + 1)).outcome).toMatchObject({ status: 'synced' });
    expect([await world.value(), written('configmaps', writes), unmet()]).toEqual([`${value}`, 1, 0]);
  });

  test('the delivery comes twice at once', async () => {
    const [before, writes] = [await newest(), world.api.writes.length];
    const delivery = await world.push(settings());
    const replies = await Promise.all([world.deliver(delivery), world.deliver(delivery)]);
    expect(replies.map(({ statusCode }) => statusCode)).toEqual([202, 202]);
    await world.settled(before + 1);
    expect([await newest(), written('configmaps', writes)]).toEqual([before + 1, 1]);
  });
});

describe('a start that fails for good is an answer of 503, after which', () => {
  test.each<[string, (delivery: Awaited<ReturnType<World['push']>>) => Promise<unknown>]>([
    ['the same delivery starts it', (delivery) => world.deliver(delivery)],
    ['the sweep starts it, where nobody delivers again', () => world.functions.sweep.invoke({})],
  ])('%s', async (_what, mend) => {
    const [before, writes] = [await newest(), world.api.writes.length];
    const delivery = await world.push(settings());
    aws('lambda.Invoke', 'server error', { times: 4 });
    expect((await world.deliver(delivery)).statusCode).toBe(503);
    await mend(delivery);
    expect((await world.settled(before + 1)).outcome).toMatchObject({ status: 'synced' });
    expect([await world.value(), written('configmaps', writes), unmet()]).toEqual([`${value}`, 1, 0]);
  });
});

const CHECKPOINT = 'lambda.CheckpointDurableExecution';

describe('while the operation runs, it comes to its end and its hook runs once where', () => {
  test.each<Row>([
    [
      'the description of the cluster is throttled',
      async () => {
        await world.functions.sync.kill();
        aws('eks.DescribeCluster', 'throttled', { times: 2 });
      },
    ],
    ['the answer to a write of state is lost', () => table('TransactWriteItems', 'lost answer', { after: 3 })],
    ['the bucket asks to slow down', () => bucket(503, 'SlowDown', 2)],
    ['the bucket fails for longer than a call is tried', () => bucket(500, 'InternalError', 5)],
    ['a checkpoint is throttled', () => aws(CHECKPOINT, 'throttled', { after: 2 })],
    ['the answer to a checkpoint is lost', () => aws(CHECKPOINT, 'lost answer', { after: 3 })],
    ['checkpoints fail for longer than they are tried', () => aws(CHECKPOINT, 'server error', { after: 4, times: 5 })],
    [
      'the function dies when it writes to the cluster',
      () =>
        world.api.onWrite((write) => {
          if (!write.endsWith('/configmaps/settings')) return;
          world.api.onWrite(undefined);
          void world.functions.sync.kill();
        }),
    ],
  ])('%s', async (_what, arrange) => {
    const [before, writes] = [await newest(), world.api.writes.length];
    const delivery = await world.push(settingsWithHook());
    await arrange();
    expect((await world.deliver(delivery)).statusCode).toBe(202);
    expect((await world.settled(before + 1)).outcome).toMatchObject({ status: 'synced' });
    expect([await world.value(), written('jobs', writes), unmet()]).toEqual([`${value}`, 1, 0]);
    expect(await newest()).toBe(before + 1);
  });
});

test('a role that may not describe the cluster ends the operation, and the next push is deployed', async () => {
  await world.functions.sync.kill();
  const before = await newest();
  aws('eks.DescribeCluster', 'denied');
  await world.deliver(await world.push(settings()));
  const { outcome } = await world.settled(before + 1);
  expect(outcome).toMatchObject({ status: 'failed', error: { code: 'AwsAccessDenied' } });
  await world.deliver(await world.push(settings()));
  expect((await world.settled(before + 2)).outcome).toMatchObject({ status: 'synced' });
});
