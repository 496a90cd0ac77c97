// In: the table, blobs and journal of a deployer that runs. Out: what nothing names is removed after its time, as AWS does it: items by their time to live, blobs by
// rules of the bucket. What may go wrong: a failure ends a cleanup where it is. Each removal stands alone, so a crash loses nothing, and the next one goes on.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Clock, Log } from '../lib/ports/runtime.ts';
import { TABLE } from '../lib/state/dynamo/keys.ts';
import type { Journal } from './journal.ts';

type Item = Readonly<Record<string, unknown>>;

type Unused = {
  readonly folders: readonly string[];
  readonly named: ReadonlySet<string>;
  readonly since: number;
};

type RetentionParts = {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly blobs: { removeUnused(unused: Unused): Promise<number> };
  readonly journal: Pick<Journal, 'openSince'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
};

const DAY_MS = 24 * 3_600_000;

/** As long as the history of operations. */
const UNUSED_MS = 90 * DAY_MS;

const FOLDERS = ['rendered', 'plans', 'changes'];

/**
 * Returns what cleans up once a day, to be called often. An operation that was open during the last cleanup may use what only an item named that was removed
 * then, so no blob is removed until it has ended; what is removed from the table now still counts.
 */
export function createRetention(parts: RetentionParts): () => Promise<void> {
  const { blobs, journal, clock, log } = parts;
  let last = clock.now();
  let next = last;
  return async () => {
    const now = clock.now();
    const open = journal.openSince() ?? now;
    if (now < next || open < last) return;
    next = now + DAY_MS;
    try {
      const { named, expired } = await readTable(parts, now);
      const removed = await blobs.removeUnused({ folders: FOLDERS, named, since: Math.min(now - UNUSED_MS, open) });
      if (expired + removed > 0) log.info('removed what has expired', { items: expired, blobs: removed });
    } finally {
      last = clock.now();
    }
  };
}

/** Removes expired items; returns their number, and all that any item names, those included. */
async function readTable(
  parts: RetentionParts,
  now: number,
): Promise<{ readonly named: ReadonlySet<string>; readonly expired: number }> {
  const named = new Set<string>();
  const expired: Item[] = [];
  for await (const item of itemsOf(parts)) {
    addBlobKeys(item, named);
    const ttl = item[TABLE.timeToLive];
    if (typeof ttl === 'number' && ttl < now / 1000) expired.push(item);
  }
  for (const item of expired) await removeExpired(parts, item, now);
  return { named, expired: expired.length };
}

async function* itemsOf({ client, table }: RetentionParts): AsyncGenerator<Item> {
  let start: Record<string, unknown> | undefined;
  do {
    const scan = new ScanCommand({ TableName: table, ConsistentRead: true, ExclusiveStartKey: start });
    const { Items = [], LastEvaluatedKey } = await client.send(scan);
    yield* Items;
    start = LastEvaluatedKey;
  } while (start !== undefined);
}

/** Every text that is the key of a blob, wherever an item has it. */
function addBlobKeys(value: unknown, named: Set<string>): void {
  if (typeof value === 'string' && FOLDERS.some((folder) => value.startsWith(`${folder}/`))) named.add(value);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const inner of Object.values(value)) addBlobKeys(inner, named);
}

/** Removes an item, unless it was written again since it was read. */
async function removeExpired({ client, table }: RetentionParts, item: Item, now: number): Promise<void> {
  const { partitionKey, sortKey, timeToLive } = TABLE;
  const command = new DeleteCommand({
    TableName: table,
    Key: { [partitionKey]: item[partitionKey], [sortKey]: item[sortKey] },
    ConditionExpression: '#ttl < :now',
    ExpressionAttributeNames: { '#ttl': timeToLive },
    ExpressionAttributeValues: { ':now': now / 1000 },
  });
  await client.send(command).catch((error: unknown) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}
