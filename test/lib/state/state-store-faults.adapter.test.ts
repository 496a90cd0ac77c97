import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { StateStore } from '../../../lib/ports/store.ts';
import { createStateStore } from '../../../lib/state/dynamo-state-store.ts';
import { anApplication, failureOf } from '../../contracts/state-store/fixtures.ts';
import { ManualClock } from '../../fakes/manual-clock.ts';

/** What DynamoDB answers to one request; after the last of them, everything succeeds. */
type Answer = { readonly status: number; readonly body: object } | 'hang up' | 'silence';
type Sent = { readonly action: string; readonly body: Record<string, unknown> };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function storeThatMeets(answers: readonly Answer[]): Promise<{ store: StateStore; sent: Sent[] }> {
  const sent: Sent[] = [];
  const server = createServer(async (request, response) => {
    const question = await received(request);
    // The version of the lists is raised beside a write, and never decides what comes of it.
    if (JSON.stringify(question.body['Key'])?.includes('VERSION')) return reply(response, OK);
    const answer = answers[sent.length] ?? OK;
    sent.push(question);
    reply(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => server.close().closeAllConnections());
  return { store: storeAt((server.address() as AddressInfo).port), sent };
}

function storeAt(port: number): StateStore {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const endpoint = `http://127.0.0.1:${port}`;
  const requestHandler = { requestTimeout: 200, throwOnRequestTimeout: true };
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint, region: 'local', credentials, maxAttempts: 2, requestHandler }),
  );
  cleanups.unshift(() => client.destroy());
  return createStateStore({ client, table: 'state', clock: new ManualClock() });
}

async function received(request: IncomingMessage): Promise<Sent> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
  return { action, body: JSON.parse(Buffer.concat(chunks).toString()) };
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang up') {
    response.destroy();
    return;
  }
  if (answer === 'silence') return;
  response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify(answer.body));
}

const fails = (name: string, more: object = {}, status = 400): Answer => ({
  status,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'in other words', ...more },
});
const cancelled = (...codes: string[]): Answer =>
  fails('TransactionCanceledException', { CancellationReasons: codes.map((Code) => ({ Code })) });
const OK: Answer = { status: 200, body: {} };

test.each([
  ['throttled', [fails('ThrottlingException'), OK]],
  ['short of capacity', [fails('ProvisionedThroughputExceededException'), OK]],
  ['broken for a moment', [fails('InternalServerError', {}, 500), OK]],
  ['gone for a moment', ['hang up', OK]],
  ['silent for a moment', ['silence', OK]],
  ['meeting another transaction', [OK, OK, cancelled('TransactionConflict')]],
  ['busy with the same transaction', [OK, OK, fails('TransactionInProgressException')]],
  ['short of capacity in a transaction', [OK, OK, cancelled('None', 'ThrottlingError')]],
  ['losing a race', [OK, OK, cancelled('ConditionalCheckFailed')]],
] as [string, Answer[]][])('a store that is %s works a moment later', async (_fault, answers) => {
  const { store } = await storeThatMeets(answers);
  expect(await store.putApplication(anApplication('shop'), 'hash')).toBe('created');
});

test('a write whose answer was lost is repeated as the same write', async () => {
  const { store, sent } = await storeThatMeets([OK, OK, 'hang up', cancelled('TransactionConflict'), OK]);
  await store.putApplication(anApplication('shop'), 'hash');
  const tokens = sent
    .filter(({ action }) => action === 'TransactWriteItems')
    .map(({ body }) => body['ClientRequestToken']);
  expect(tokens).toEqual([expect.any(String), tokens[0], tokens[0]]);
});

test('a lost race is read and decided again, as another write', async () => {
  const { store, sent } = await storeThatMeets([OK, OK, cancelled('ConditionalCheckFailed')]);
  await store.putApplication(anApplication('shop'), 'hash');
  const write = ['GetItem', 'TransactWriteItems'];
  expect(sent.map(({ action }) => action)).toEqual(['GetItem', ...write, ...write]);
  expect(sent[2]?.body['ClientRequestToken']).not.toEqual(sent[4]?.body['ClientRequestToken']);
});

type Work = (store: StateStore) => Promise<unknown>;
const always = (answer: Answer) => Array.from({ length: 100 }, () => answer);

const read: Work = (store) => store.application('shop');
const list: Work = (store) => store.applications();
const write: Work = (store) => store.putApplication(anApplication('shop'), 'hash');
const throttled = fails('ThrottlingException');
const noTable = fails('ResourceNotFoundException');
const invalid = fails('ValidationException');
const denied = fails('AccessDeniedException');
const expired = fails('ExpiredTokenException');

test.each<[string, Work, Answer[], string, string]>([
  ['read is throttled', read, always(throttled), 'StateUnavailable', 'ThrottlingException: in other words'],
  ['list is throttled', list, always(throttled), 'StateUnavailable', 'ThrottlingException: in other words'],
  [
    'write is throttled',
    write,
    [OK, OK, ...always(throttled)],
    'StateUnavailable',
    'ThrottlingException: in other words',
  ],
  ['read meets a hang-up', read, always('hang up'), 'StateUnavailable', 'socket hang up'],
  ['read meets silence', read, always('silence'), 'StateUnavailable', 'TimeoutError: .*'],
  ['read finds no table', read, always(noTable), 'StateUnavailable', 'ResourceNotFoundException: in other words'],
  ['read is invalid', read, always(invalid), 'Internal', 'ValidationException: in other words'],
  ['read is denied', read, always(denied), 'AwsAccessDenied', 'AccessDeniedException: in other words'],
  ['write has expired credentials', write, [OK, ...always(expired)], 'AwsAccessDenied', 'ExpiredTokenException: .*'],
  [
    'write is cancelled for good',
    write,
    [OK, OK, ...always(cancelled('ItemCollectionSizeLimitExceeded'))],
    'StateUnavailable',
    'TransactionCanceledException: in other words',
  ],
])('a %s, again and again, and ends in one error', async (_fault, work, answers, code, words) => {
  const { store } = await storeThatMeets(answers);
  expect(await failureOf(work(store))).toMatchObject({
    code,
    message: expect.stringMatching(`^state table "state": .*${words}$`),
    retry: code === 'StateUnavailable',
  });
});

test('a DynamoDB that nobody listens for is unavailable', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await failureOf(storeAt(port).application('shop'))).toMatchObject({
    code: 'StateUnavailable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
