/** The one definition of the state table, for every tool that creates it: keys are strings, indexes hold keys only, `timeToLive` is seconds since 1970. */
export const TABLE = {
  partitionKey: 'pk',
  sortKey: 'sk',
  timeToLive: 'ttl',
  /** Both are sparse: an application that was removed is in neither. */
  indexes: [
    { name: 'byRepo', partitionKey: 'repo', sortKey: 'pk' },
    { name: 'byListing', partitionKey: 'listing', sortKey: 'pk' },
  ],
} as const;

/** The value of `listing` on every application, which makes the index list them all. */
export const LISTED = 'applications';

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

function padded(count: number): string {
  return String(count).padStart(10, '0');
}
