// One table of DynamoDB in memory: the requests of the state store, with their conditions, all or nothing, in the order in which they arrive.
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../../../lib/state/dynamo/keys.ts';
import { holds, type Item, type Placeholders, projected, updated } from './expression.ts';

type Items = Map<string, Item>;
type Query = QueryCommand['input'];
type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
type Write = Placeholders & {
  readonly Key: Item;
  readonly ConditionExpression?: string | undefined;
  readonly after: (before: Item | undefined) => Item | undefined;
};

/** A client of an empty table, whatever its name. */
export function memoryTable(): DynamoDBDocumentClient {
  const items: Items = new Map();
  const send = async (command: object) => {
    await Promise.resolve();
    return copied(answer(items, command));
  };
  return Object.create(DynamoDBDocumentClient.prototype, {
    send: { value: send, writable: true },
    destroy: { value: () => undefined },
    middlewareStack: { value: { remove: () => true } },
  });
}

function answer(items: Items, command: object): object {
  if (command instanceof GetCommand) return { Item: items.get(idOf(command.input.Key)) };
  if (command instanceof BatchGetCommand) return { Responses: batchGet(items, command.input.RequestItems) };
  if (command instanceof QueryCommand) return query(items, command.input);
  if (command instanceof BatchWriteCommand) return batchWrite(items, command.input.RequestItems);
  if (command instanceof TransactWriteCommand) return transact(items, command.input.TransactItems ?? []);
  if (command instanceof PutCommand) return transact(items, [{ Put: command.input }]);
  if (command instanceof ScanCommand) return { Items: [...items.values()] };
  if (command instanceof DeleteCommand) return alone(items, { Delete: command.input as TransactItem['Delete'] });
  if (command instanceof UpdateCommand) return alone(items, { Update: command.input as TransactItem['Update'] });
  throw new Error(`the fake of DynamoDB does not know ${command.constructor.name}`);
}

function batchGet(items: Items, requests: BatchGetCommand['input']['RequestItems'] = {}): object {
  const responses = Object.entries(requests).map(([table, { Keys = [], ProjectionExpression, ...names }]) => {
    const found = Keys.map((key) => items.get(idOf(key))).filter((item) => item !== undefined);
    return [table, found.map((item) => projected(ProjectionExpression, item, names))];
  });
  return Object.fromEntries(responses);
}

function batchWrite(items: Items, requests: BatchWriteCommand['input']['RequestItems'] = {}): object {
  for (const { DeleteRequest } of Object.values(requests).flat()) {
    if (DeleteRequest?.Key === undefined) throw new Error('the fake of DynamoDB only deletes in batches');
    items.delete(idOf(DeleteRequest.Key));
  }
  return {};
}

function query(items: Items, input: Query): object {
  const { IndexName, KeyConditionExpression = '', Limit = Number.POSITIVE_INFINITY, ExclusiveStartKey } = input;
  const index = TABLE.indexes.find(({ name }) => name === IndexName);
  if (input.FilterExpression !== undefined || (IndexName !== undefined && index === undefined))
    throw new Error('the fake of DynamoDB knows neither filters nor this index');
  const direction = input.ScanIndexForward === false ? -1 : 1;
  const matching = [...items]
    .toSorted(([a], [b]) => direction * Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .filter(([, item]) => holds(KeyConditionExpression, item, input));
  const start = ExclusiveStartKey && matching.findIndex(([id]) => id === idOf(ExclusiveStartKey)) + 1;
  const rest = matching.slice(start ?? 0);
  const page = rest.slice(0, Limit).map(([, item]) => item);
  const last = page.at(-1);
  return {
    Items: page.map((item) => projected(input.ProjectionExpression, index ? keysOf(item) : item, input)),
    ...(page.length < rest.length && last !== undefined ? { LastEvaluatedKey: keysOf(last) } : {}),
  };
}

/** A write outside of a transaction fails with an error of its own. */
function alone(items: Items, write: TransactItem): object {
  try {
    return transact(items, [write]);
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    throw new ConditionalCheckFailedException({ message: 'the condition does not hold', $metadata: {} });
  }
}

function transact(items: Items, writes: readonly TransactItem[]): object {
  const known = writes.map(writeOf);
  const ids = known.map(({ Key }) => idOf(Key));
  if (new Set(ids).size < ids.length) throw new Error('a transaction of DynamoDB may write an item only once');
  const reasons = known.map(({ Key, ConditionExpression, ...placeholders }) => {
    const item = items.get(idOf(Key)) ?? {};
    const met = ConditionExpression === undefined || holds(ConditionExpression, item, placeholders);
    return { Code: met ? 'None' : 'ConditionalCheckFailed' };
  });
  if (reasons.some(({ Code }) => Code !== 'None'))
    throw new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons: reasons });
  for (const { Key, after } of known) {
    const id = idOf(Key);
    const next = after(items.get(id));
    if (next === undefined) items.delete(id);
    else items.set(id, copied(next) as Item);
  }
  return {};
}

function writeOf({ Put, Update, Delete, ConditionCheck }: TransactItem): Write {
  if (Put?.Item !== undefined) return { ...Put, Key: Put.Item, after: () => Put.Item };
  if (Update?.Key !== undefined) {
    const { Key, UpdateExpression = '' } = Update;
    return { ...Update, Key, after: (item) => updated(UpdateExpression, item ?? Key, Update) };
  }
  if (Delete?.Key !== undefined) return { ...Delete, Key: Delete.Key, after: () => undefined };
  if (ConditionCheck?.Key !== undefined) return { ...ConditionCheck, Key: ConditionCheck.Key, after: (item) => item };
  throw new Error('the fake of DynamoDB does not know this write');
}

function keysOf(item: Item): Item {
  const { [TABLE.partitionKey]: pk, [TABLE.sortKey]: sk } = item;
  return { [TABLE.partitionKey]: pk, [TABLE.sortKey]: sk };
}

/** The keys in one text that sorts as they do. */
function idOf(key: Item | undefined): string {
  const parts = [TABLE.partitionKey, TABLE.sortKey].map((name) => key?.[name]);
  if (parts.some((part) => typeof part !== 'string' || part === ''))
    throw new Error(`keys of the table are texts that are not empty; got ${JSON.stringify(parts)}`);
  return parts.join('\0');
}

/** A copy that shares nothing with what was given, and an error where the real client refuses: for a value that is undefined. */
function copied(value: unknown, isTop = true): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map((item) => copied(item, false));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => !isTop || inner !== undefined);
  if (entries.some(([, inner]) => inner === undefined)) throw new Error('DynamoDB knows no value that is undefined');
  return Object.fromEntries(entries.map(([name, inner]) => [name, copied(inner, false)]));
}
