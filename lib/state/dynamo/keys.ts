import type { EventStream } from '../../model/event.ts';
import { stableHash } from '../../model/stable-hash.ts';

/** The one definition of the state table, for every tool that creates it: keys are strings, indexes hold keys only, `timeToLive` is seconds since 1970. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: 'ttl',
  /** Both are sparse: an application that was removed is in neither; clusters, and streams with events to deliver, are in `byListing` only. */
  indexes: [
    { name: 'byRepo', partitionKey: 'repo', sortKey: 'pk' },
    { name: 'byListing', partitionKey: 'listing', sortKey: 'pk' },
  ],
} as const;

/** The attribute that each index is made of. */
const INDEXED = { byRepo: 'repo', byListing: 'listing' } as const;

/** The value of `listing` on every application, which makes the index list them all. */
export const LISTED = 'applications';

/** The value of `listing` on every cluster that was scanned. */
export const LISTED_CLUSTER = 'clusters';

/** The value of `listing` on every stream with events to deliver. */
export const LISTED_STREAM = 'events';

/** The primary key of an item. */
export type Key = { readonly pk: string; readonly sk: string };

/** The partition that holds everything of an application. */
export function partitionOf(app: string): string {
  return `APP#${app}`;
}

/** Where an application's specification, lease and status are. */
export function metaKey(app: string): Key {
  return { pk: partitionOf(app), sk: 'META' };
}

/** Where an operation is; padded, so that keys sort as numbers do. */
export function operationKey(app: string, seq: number): Key {
  return { pk: partitionOf(app), sk: `OP#${padded(seq)}` };
}

/** Where a chunk of an inventory is. */
export function inventoryKey(app: string, generation: number, chunk: number): Key {
  return { pk: partitionOf(app), sk: `INV#${padded(generation)}#${padded(chunk)}` };
}

/** Where a chunk of the objects is that an application wants. */
export function wantsKey(app: string, generation: number, chunk: number): Key {
  return { pk: partitionOf(app), sk: `WANTS#${padded(generation)}#${padded(chunk)}` };
}

/** The partition that names the applications which want objects in a cluster. */
export function wantedPartition(cluster: string): string {
  return `WANTED#${cluster}`;
}

/** The item of an application in that partition. */
export function wantedItemKey(cluster: string, app: string): Key {
  return { pk: wantedPartition(cluster), sk: partitionOf(app) };
}

/** Where the findings of the scans about an application are. */
export function driftKey(app: string): Key {
  return { pk: partitionOf(app), sk: 'DRIFT' };
}

/** Where the findings of the scans about a cluster are, and the right to scan it. */
export function clusterKey(cluster: string): Key {
  return { pk: clusterPartition(cluster), sk: 'SCAN' };
}

/** The partition that holds everything of a cluster. */
export function clusterPartition(cluster: string): string {
  return `CLUSTER#${cluster}`;
}

/** Where the newest place of a stream is; the stream's name is its partition. */
export function eventsKey(stream: EventStream): Key {
  return { pk: stream, sk: 'EVENTS' };
}

/** Where an event is. */
export function eventKey(stream: EventStream, n: number): Key {
  return { pk: stream, sk: `EVT#${padded(n)}` };
}

/** Where the place is that a sink has received a stream up to. */
export function cursorKey(stream: EventStream, sink: string): Key {
  return { pk: stream, sk: `SINK#${sink}` };
}

/** The query for the events of a stream after a place, in order. */
export function eventsAfter(stream: EventStream, n: number) {
  return {
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#pk': TABLE.partitionKey, '#sk': TABLE.sortKey },
    ExpressionAttributeValues: { ':pk': stream, ':from': eventKey(stream, n + 1).sk, ':to': eventKey(stream, LAST).sk },
    ConsistentRead: true,
  };
}

/** The name in an item's partition key. */
export function nameIn(item: Readonly<Record<string, unknown>>, partition: (name: string) => string): string {
  return String(item[TABLE.partitionKey]).slice(partition('').length);
}

/** The query for the keys of every item that an index has under a value. */
export function keysIndexed(index: 'byListing' | 'byRepo', value: string) {
  return {
    IndexName: index,
    KeyConditionExpression: '#value = :value',
    ExpressionAttributeNames: { '#value': INDEXED[index] },
    ExpressionAttributeValues: { ':value': value },
  };
}

/** The partition of the index items of a repository's applications. */
export function repoPartition(repo: string): string {
  return `REPO#${repo}`;
}

/** The index item of an application in the partition of a repository. */
export function repoItemKey(repo: string, app: string): Key {
  return { pk: repoPartition(repo), sk: partitionOf(app) };
}

const SUMMARY_SHARDS = 8;

/** The partitions that hold the summaries of all applications. */
export const SUMMARY_PARTITIONS = Array.from({ length: SUMMARY_SHARDS }, (_, shard) => `LIST#${shard}`);

/** The summary of an application. The shard follows from the name alone and is stored, so this function never changes. */
export function summaryKey(app: string): Key {
  const shard = Number.parseInt(stableHash(app).slice(0, 8), 16) % SUMMARY_SHARDS;
  return { pk: `LIST#${shard}`, sk: partitionOf(app) };
}

/** The version of all lists. */
export const LIST_VERSION_KEY: Key = { pk: 'LIST', sk: 'VERSION' };

/** The mark that every record has its index items and its summary. */
export const INDEXED_KEY: Key = { pk: 'TABLE', sk: 'INDEXED' };

/** The query for all items of a partition whose sort key names an application. */
export function applicationsIn(partition: string) {
  return {
    KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :app)',
    ExpressionAttributeNames: { '#pk': TABLE.partitionKey, '#sk': TABLE.sortKey },
    ExpressionAttributeValues: { ':pk': partition, ':app': partitionOf('') },
    ConsistentRead: true,
  };
}

/** The application that an index item or a summary belongs to. */
export function applicationOf(item: Readonly<Record<string, unknown>>): string {
  return String(item[TABLE.sortKey]).slice(partitionOf('').length);
}

/** Where the identity of the deployer is noted that the table belongs to. */
export const DEPLOYER_KEY: Key = { pk: 'DEPLOYER', sk: 'IDENTITY' };

/** Where the number is written after which the sequences of new applications begin. */
export const SEQUENCE_KEY: Key = { pk: 'TABLE', sk: 'SEQUENCE' };

const LAST = 9_999_999_999;

function padded(count: number): string {
  return String(count).padStart(10, '0');
}
