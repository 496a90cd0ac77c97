// In: a configuration as a whole. Out: its documents in chunks of their own, and one item that points to them: a reader sees one configuration or
// the other. What may go wrong: it is larger than the limit (StateTooLarge). What a writer that died has left is deleted by a later one.
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DriftlessError } from '../errors.ts';
import type { Configuration } from '../model/configuration.ts';
import type { ConfigReport, StoredConfiguration } from '../model/configuration-record.ts';
import { storedConfiguration } from '../model/stored-application.ts';
import type { Clock } from '../ports/runtime.ts';
import type { ConfigStore } from '../ports/store.ts';
import { backOff, RACES } from './dynamo/back-off.ts';
import { openStateTable, type StateTable } from './dynamo/dynamo-table.ts';
import type { Key } from './dynamo/keys.ts';
import { type ConfigPointer, parseDocuments, parsePointer, parseReport } from './schema/configuration.ts';

type Options = {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** Absent: the machine's own. */
  readonly clock?: Pick<Clock, 'now'>;
};

type Store = Required<Pick<Options, 'clock'>> & {
  readonly table: StateTable;
  /** The documents that were read or written last. */
  kept?: { readonly documents: string; readonly config: Configuration };
};

const CHUNK_BYTES = 300_000;
const MAX_CHUNKS = 20;
/** Chunks this old have no writer any more. */
const ABANDONED_MS = 60 * 60_000;

/** Stands for documents that are damaged, or that this version cannot parse: the hash differs, so they are read from Git again. */
const UNREADABLE: Configuration = { applications: [], projects: [], clusters: [], repositories: [] };

const PARTITION = 'CONFIG';
const POINTER: Key = { pk: PARTITION, sk: 'CURRENT' };
const REPORT: Key = { pk: PARTITION, sk: 'REPORT' };

/** The configuration in the state table; see docs/state.md for its items. */
export function createConfigStore({ client, table, clock = Date }: Options): ConfigStore {
  const store: Store = { table: openStateTable({ client, tableName: table }), clock };
  return {
    current: () => current(store),
    replace: (next, over) => replace(store, next, over),
    mark: (next) => mark(store, next),
    report: async () => {
      const item = await store.table.get(REPORT);
      return item === undefined ? undefined : parseReport(item);
    },
    putReport: async (report: ConfigReport) => {
      await store.table.transact([{ Put: { Item: { ...REPORT, ...report } } }]);
    },
  };
}

async function current(store: Store): Promise<StoredConfiguration | undefined> {
  let pointer = await readPointer(store);
  for (let attempt = 0; pointer !== undefined && attempt < RACES; attempt += 1) {
    const chunks = await readChunks(store, pointer);
    if (chunks !== undefined) return recordOf(pointer, await configOf(store, pointer, chunks));
    await backOff(attempt);
    pointer = await readPointer(store);
  }
  return pointer === undefined ? undefined : recordOf(pointer, UNREADABLE);
}

type Chunks = readonly Uint8Array[] | 'kept';

/** Undefined where some are missing, since another configuration has been written. */
async function readChunks(store: Store, { documents, chunks }: ConfigPointer): Promise<Chunks | undefined> {
  if (store.kept?.documents === documents) return 'kept';
  const items = await store.table.getAll(chunkKeys(documents, chunks));
  const parts = items.toSorted((a, b) => (String(a['sk']) < String(b['sk']) ? -1 : 1)).map(({ gz }) => gz);
  const bytes = parts.filter((part) => part instanceof Uint8Array);
  return bytes.length === chunks ? bytes : undefined;
}

async function configOf(store: Store, { documents }: ConfigPointer, chunks: Chunks): Promise<Configuration> {
  if (chunks === 'kept') return store.kept?.config ?? UNREADABLE;
  try {
    const config = parseDocuments(JSON.parse((await promisify(gunzip)(Buffer.concat(chunks))).toString()));
    store.kept = { documents, config };
    return config;
  } catch {
    return UNREADABLE;
  }
}

async function replace(
  store: Store,
  { config, ...next }: Omit<StoredConfiguration, 'version'>,
  over: StoredConfiguration | undefined,
): Promise<StoredConfiguration | undefined> {
  const chunks = await pack(config);
  // Each writer has its own chunks, so that concurrent writers never mix theirs.
  const documents = `${new Date(store.clock.now()).toISOString()}#${randomUUID()}`;
  for (const [n, key] of chunkKeys(documents, chunks.length).entries()) {
    await store.table.transact([{ Put: { Item: { ...key, gz: chunks[n] } } }]);
  }
  const pointer = {
    schemaVersion: 1,
    ...next,
    version: (over?.version ?? 0) + 1,
    documents,
    chunks: chunks.length,
  } as const;
  const written = await putPointer(store, pointer, over?.version);
  if (!written) {
    await store.table.deleteSome(chunkKeys(documents, chunks.length));
    return undefined;
  }
  store.kept = { documents, config };
  await deleteReplaced(store, documents);
  return recordOf(pointer, config);
}

async function putPointer({ table }: Store, pointer: ConfigPointer, over: number | undefined): Promise<boolean> {
  const condition =
    over === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#version = :over',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':over': over },
        };
  return (await table.transact([{ Put: { Item: { ...POINTER, ...pointer }, ...condition } }])) === 'written';
}

async function mark(store: Store, { config, ...next }: StoredConfiguration): Promise<StoredConfiguration | undefined> {
  const stored = await readPointer(store);
  if (stored?.version !== next.version) return undefined;
  const { schemaVersion, documents, chunks, hash } = stored;
  const pointer = { ...next, schemaVersion, documents, chunks, hash, version: next.version + 1 };
  return (await putPointer(store, pointer, next.version)) ? recordOf(pointer, config) : undefined;
}

async function readPointer({ table }: Store): Promise<ConfigPointer | undefined> {
  const item = await table.get(POINTER);
  return item === undefined ? undefined : parsePointer(item);
}

/** Deletes chunks without a reader and without a writer. */
async function deleteReplaced({ table, clock }: Store, documents: string): Promise<void> {
  const abandoned = new Date(clock.now() - ABANDONED_MS).toISOString();
  const stale: Key[] = [];
  const chunks = {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': PARTITION, ':first': 'DOC#', ':last': `DOC#${abandoned}` },
    ConsistentRead: true,
    ProjectionExpression: 'sk',
  };
  for await (const { sk } of table.query(chunks)) {
    if (typeof sk === 'string' && !sk.startsWith(`DOC#${documents}#`)) stale.push({ pk: PARTITION, sk });
  }
  await table.deleteSome(stale);
}

async function pack(config: Configuration): Promise<readonly Uint8Array[]> {
  const packed = await promisify(gzip)(JSON.stringify(storedConfiguration(config)));
  const count = Math.ceil(packed.length / CHUNK_BYTES);
  if (count <= MAX_CHUNKS) {
    return Array.from({ length: count }, (_, n) => packed.subarray(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES));
  }
  throw new DriftlessError(
    'StateTooLarge',
    `configuration: its documents take ${packed.length} bytes compressed, the limit is ${MAX_CHUNKS * CHUNK_BYTES}; move Helm values into files`,
  );
}

function chunkKeys(documents: string, count: number): readonly Key[] {
  return Array.from({ length: count }, (_, n) => ({
    pk: PARTITION,
    sk: `DOC#${documents}#${String(n).padStart(4, '0')}`,
  }));
}

function recordOf(pointer: ConfigPointer, config: Configuration): StoredConfiguration {
  const { schemaVersion: _schema, documents: _documents, chunks: _chunks, ...record } = pointer;
  return { ...record, config };
}
