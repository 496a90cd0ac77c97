// In: an item as it is stored, by this version of the program or another. Out: the item as this version writes it. What may go wrong: a newer
// version wrote it, and this one cannot know what it means.
import { DriftlessError } from '../../errors.ts';

type Item = Readonly<Record<string, unknown>>;

/** Makes an item of the next version out of one of the version before. */
type Migration = (item: Item) => Item;

/**
 * The way from each version of an item to the next, the first one from version 1 on. Attributes that may be absent need none; one is needed where what is stored
 * changes its meaning or its place, since a program of the version before must then keep its hands off.
 */
const MIGRATIONS = { application: [], drift: [], cluster: [] } as const satisfies Record<string, readonly Migration[]>;

type ItemKind = keyof typeof MIGRATIONS;

/** The version that this program writes. */
export function currentVersion(kind: ItemKind): number {
  return MIGRATIONS[kind].length + 1;
}

/** The item in the current version's shape. Its `schemaVersion` stays what is stored, so that a writer knows what it replaces. */
export function upgraded(kind: ItemKind, item: Item, subject: string): Item {
  return migrated(item, MIGRATIONS[kind], subject);
}

/** The item after all migrations that it has not seen yet; whatever has no proper version is left to the schema that reads it. */
export function migrated(item: Item, migrations: readonly Migration[], subject: string): Item {
  const version = item['schemaVersion'];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return item;
  const newest = migrations.length + 1;
  if (version > newest) {
    throw new DriftlessError(
      'StateTooNew',
      `${subject} was written by a newer Driftless (schema version ${version}, this one knows ${newest}); upgrade this deployer`,
    );
  }
  return migrations.slice(version - 1).reduce((older, migrate) => migrate(older), item);
}
