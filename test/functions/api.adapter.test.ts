// The function api as it is put on Lambda, handed events as an HTTP API with an IAM authorizer makes them; the state is in a DynamoDB emulator.
import { join } from 'node:path';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { createTable, dynamoDbClient } from '../../dev/dynamodb.ts';
import { createSandbox, type Sandbox } from '../../dev/lambda/sandbox.ts';
import { ENV } from '../../lib/config/env-names.ts';
import type { StateStore } from '../../lib/ports/store.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import { createConfigStore } from '../../lib/state/configuration.ts';
import { createStateStore } from '../../lib/state/dynamo-state-store.ts';
import { anApplication } from '../contracts/state-store/fixtures.ts';
import { type FakeAws, startFakeAws } from '../fakes/aws/fake-aws.ts';
import { RecordingLog } from '../fakes/recording-log.ts';
import { sharedEmulator } from '../setup/emulator-under-test.ts';
import { eventOf } from './http-api.ts';
import { sharedBundles } from './shared-bundles.ts';

const TABLE = 'state-of-the-function-api';
const SYNC = 'arn:aws:lambda:eu-central-1:123456789012:function:driftless-sync:live';
const ADA = { accessKeyId: 'ASIAEXAMPLE', userArn: 'arn:aws:sts::123456789012:assumed-role/Deployer/ada' };

let aws: FakeAws;
let state: StateStore;
let api: Sandbox;
let client: ReturnType<typeof dynamoDbClient>;

beforeAll(async () => {
  const { folder } = await sharedBundles();
  aws = await startFakeAws();
  client = dynamoDbClient(sharedEmulator());
  await createTable(client, TABLE);
  state = createStateStore({ client, table: TABLE, clock: systemClock, log: new RecordingLog() });
  await state.putApplication(anApplication('shop'), 'hash');
  aws.functions.set(SYNC, () => undefined);
  const environment = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'function',
    AWS_SECRET_ACCESS_KEY: 'key',
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: sharedEmulator(),
    [ENV.deployer]: 'driftless',
    [ENV.table]: TABLE,
    [ENV.bucket]: 'driftless-blobs',
    [ENV.syncFunction]: SYNC,
    [ENV.driftFunction]: 'driftless-drift',
  };
  api = await createSandbox({ bundle: join(folder, 'api', 'index.mjs'), name: 'driftless-api', environment });
});

afterAll(async () => {
  await api?.kill();
  client?.destroy();
  await aws?.stop();
});

const headers = { host: 'abc.execute-api.eu-central-1.amazonaws.com', 'content-type': 'application/json' };
const eventFor = (method: string, target: string, body = '') => eventOf({ method, target, headers, body }, ADA);

async function ask(event: object): Promise<readonly [number | undefined, unknown]> {
  const { statusCode, body = '' } = (await api.invoke(event)) as APIGatewayProxyStructuredResultV2;
  return [statusCode, JSON.parse(body)];
}

test('why the newest configuration is not followed is told with the applications', async () => {
  const error = { code: 'GitUnreachable', message: 'https://git.example/config: cannot be reached' };
  const report = { status: 'failed', problems: [], count: 0, error, since: '2026-01-01T00:00:00.000Z' } as const;
  const source = { repo: 'https://git.example/config', ref: 'main', path: '' };
  await createConfigStore({ client, table: TABLE, clock: systemClock }).putReport({ ...report, source });
  expect(await ask(eventFor('GET', '/api/applications'))).toEqual([
    200,
    { applications: [expect.objectContaining({ name: 'shop' })], configuration: { ...report, source } },
  ]);
});

test('a question is answered from the table', async () => {
  expect(await ask(eventFor('GET', '/api/applications/shop'))).toEqual([
    200,
    expect.objectContaining({ name: 'shop' }),
  ]);
  expect(await ask(eventFor('GET', '/api/applications/shop/operations?limit=0'))).toEqual([
    400,
    { error: expect.objectContaining({ code: 'RequestInvalid', message: expect.stringContaining('limit') }) },
  ]);
});

test.each([
  ['as text', (body: string) => ({ body, isBase64Encoded: false })],
  ['in base64', (body: string) => ({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true })],
])('an order that comes %s is recorded as that of whoever signed it, and started', async (_how, written) => {
  const event = eventFor('POST', '/api/applications/shop/sync');
  const [status, asked] = await ask({ ...event, ...written('{"by":"größer"}') });
  expect([status, asked]).toEqual([202, expect.objectContaining({ app: 'shop' })]);
  const { seq } = asked as { readonly seq: number };
  expect(await state.operation('shop', seq)).toMatchObject({ trigger: { kind: 'manual', by: ADA.userArn } });
  expect(aws.executions.get(`shop-${seq}`)).toBe(JSON.stringify({ app: 'shop', seq }));
});

test.each([
  ['{}', '{}', { clusters: [{ cluster: 'prod', status: 'scanned' }] }],
  ['{"cluster":"prod"}', '{"clusters":["prod"]}', { clusters: [{ cluster: 'prod', status: 'scanned' }] }],
  ['{"apps":["shop"]}', '{"check":["shop"]}', []],
])('a scan of %s is one of the function drift', async (body, event, answer) => {
  const heard: string[] = [];
  aws.functions.set('driftless-drift', (payload) => {
    heard.push(payload);
    return answer;
  });
  const [status, scanned] = await ask(eventFor('POST', '/api/drift/scan', body));
  expect([status, heard]).toEqual([200, [event]]);
  expect(scanned).toMatchObject({ clusters: 'clusters' in answer ? answer.clusters : [] });
});

test.each([
  ['without an authorizer', ({ authorizer: _, ...context }: object & { authorizer: unknown }) => context],
  ['that IAM says nothing of', (context: object) => ({ ...context, authorizer: {} })],
  ['whose signer has no name', (context: object) => ({ ...context, authorizer: { iam: { userArn: null } } })],
])('an event %s is refused', async (_what, changed) => {
  const event = eventFor('POST', '/api/applications/shop/suspend', '{"reason":"x","by":"ada"}');
  const context: object = changed(event.requestContext);
  expect(await ask({ ...event, requestContext: context })).toEqual([
    403,
    { error: expect.objectContaining({ code: 'RequestRefused' }) },
  ]);
  expect((await state.application('shop'))?.suspended).toBeUndefined();
});

test('a path that was decoded into another one is refused', async () => {
  const [status, body] = await ask(eventFor('POST', '/api/applications/web%2F..%2Fshop/suspend', '{"reason":"x"}'));
  expect([status, body]).toEqual([400, { error: expect.objectContaining({ code: 'RequestInvalid' }) }]);
  expect((await state.application('shop'))?.suspended).toBeUndefined();
});

test('an application that is not there is told as on a laptop', async () => {
  expect(await ask(eventFor('GET', '/api/applications/nope'))).toEqual([
    404,
    { error: expect.objectContaining({ code: 'ApplicationUnknown', message: 'Application/nope: is not configured' }) },
  ]);
});
