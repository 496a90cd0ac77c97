// In: keys, and writes with their conditions. Out: items as they are stored, and whether the conditions held. What may go wrong: DynamoDB
// does not answer or has no capacity, which is StateUnavailable after the SDK's retries and ours.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandOutput,
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { DriftlessError } from '../../errors.ts';
import { backOff, RACES } from './back-off.ts';
import { stateFault } from './errors.ts';
import { type Key, TABLE } from './keys.ts';
import { transact, type Write } from './transactions.ts';

type Item = Readonly<Record<string, unknown>>;

/** The table as the rest of this folder uses it; reads of items are strongly consistent. */
export type StateTable = {
  get(key: Key): Promise<Item | undefined>;
  /** Items in no particular order, whole or, beside their keys, some attributes of them; keys without an item are left out. */
  getAll(keys: readonly Key[], attributes?: readonly string[]): Promise<readonly Item[]>;
  query(query: Omit<QueryCommandInput, 'TableName'>): AsyncGenerator<Item>;
  /** All of the writes or none; `raced` when a condition did not hold. */
  transact(writes: readonly Write[]): Promise<'written' | 'raced'>;
  /** One item in a write of its own, which costs half of a transaction; nothing happens where the condition does not hold. */
  update(update: Omit<UpdateCommandInput, 'TableName'>): Promise<void>;
  /** Deletes what there is capacity for. */
  deleteSome(keys: readonly Key[]): Promise<void>;
};

type Target = { readonly client: DynamoDBDocumentClient; readonly tableName: string };

const GET_BATCH = 100;
const GETS_AT_ONCE = 8;
const DELETE_BATCH = 25;

/** Opens the table; nothing is sent yet. */
export function openStateTable(target: Target): StateTable {
  // The SDK copies everything for a log that is off: a tenth of the time of a large read.
  target.client.middlewareStack.remove('loggerMiddleware');
  const guarded = <T>(work: Promise<T>): Promise<T> => work.catch((error) => Promise.reject(fault(target, error)));
  return {
    get: (key) => guarded(get(target, key)),
    getAll: (keys, attributes) => guarded(getBatches(target, keys, attributes)),
    query: (query) => queryPages(target, query),
    update: (update) => guarded(updateItem(target, update)),
    transact: (writes) => guarded(transact(target, writes)),
    deleteSome: async (keys) => {
      for (const batch of batches(keys, DELETE_BATCH)) await guarded(deleteBatch(target, batch));
    },
  };
}

function fault({ tableName }: Target, thrown: unknown): DriftlessError {
  return stateFault(`state table "${tableName}"`, thrown);
}

async function get({ client, tableName }: Target, key: Key): Promise<Item | undefined> {
  return (await client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }))).Item;
}

async function updateItem({ client, tableName }: Target, update: Omit<UpdateCommandInput, 'TableName'>): Promise<void> {
  try {
    await client.send(new UpdateCommand({ ...update, TableName: tableName }));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

async function getBatches(
  target: Target,
  keys: readonly Key[],
  attributes?: readonly string[],
): Promise<readonly Item[]> {
  const projection = attributes === undefined ? {} : projectionOf(attributes);
  const waiting = batches(keys, GET_BATCH).values();
  const items: Item[] = [];
  const takeInTurn = async () => {
    for (const batch of waiting)
      items.push(...(await getBatch(target, { Keys: [...batch], ConsistentRead: true, ...projection })));
  };
  await Promise.all(Array.from({ length: GETS_AT_ONCE }, takeInTurn));
  return items;
}

/** Placeholders for all names: any of them may be a word that DynamoDB keeps for itself. */
function projectionOf(attributes: readonly string[]) {
  const names = [TABLE.partitionKey, TABLE.sortKey, ...attributes];
  return {
    ProjectionExpression: names.map((name) => `#${name}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
  };
}

type BatchRequest = NonNullable<BatchGetCommandOutput['UnprocessedKeys']>[string];

async function getBatch({ client, tableName }: Target, request: BatchRequest): Promise<readonly Item[]> {
  const items: Item[] = [];
  let wanted: BatchGetCommandOutput['UnprocessedKeys'] = { [tableName]: request };
  for (let attempt = 0; attempt < RACES; attempt += 1) {
    const page: BatchGetCommandOutput = await client.send(new BatchGetCommand({ RequestItems: wanted }));
    items.push(...(page.Responses?.[tableName] ?? []));
    wanted = page.UnprocessedKeys;
    if (wanted?.[tableName] === undefined) return items;
    await backOff(attempt);
  }
  throw new DriftlessError(
    'StateUnavailable',
    `state table "${tableName}": not all items could be read; raise its capacity`,
  );
}

async function* queryPages(target: Target, query: Omit<QueryCommandInput, 'TableName'>): AsyncGenerator<Item> {
  const pages = paginateQuery({ client: target.client }, { ...query, TableName: target.tableName });
  try {
    for await (const { Items = [] } of pages) yield* Items;
  } catch (error) {
    throw fault(target, error);
  }
}

async function deleteBatch({ client, tableName }: Target, keys: readonly Key[]): Promise<void> {
  const deletes = keys.map((key) => ({ DeleteRequest: { Key: key } }));
  await client.send(new BatchWriteCommand({ RequestItems: { [tableName]: deletes } }));
}

function batches<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
