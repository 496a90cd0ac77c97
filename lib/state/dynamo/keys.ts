/** The one definition of the state table, for every tool that creates it: keys are strings, indexes hold keys only, `timeToLive` is seconds since 1970. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: 'ttl',
  /** Both are sparse: an application that was removed is in neither, and clusters are in `byListing` only. */
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

/** Where the number is written after which the sequences of new applications begin. */
export const SEQUENCE_KEY: Key = { pk: 'TABLE', sk: 'SEQUENCE' };

function padded(count: number): string {
  return String(count).padStart(10, '0');
}
