// In: names of applications, or where they are. Out: what they own and want, of those that are not configured any more too. Reads are strongly consistent, in
// as few requests as possible: one for the records, one for inventories and wants. What may go wrong: an inventory changes faster than it is read.

import { DriftlessError } from '../../errors.ts';
import type { InventoryPointer } from '../../model/inventory.ts';
import { repoKey } from '../../model/repo-url.ts';
import type { OwnerRecord } from '../../ports/ownership.ts';
import { recordOf, type Store } from '../application-item.ts';
import { namesOfRepo, readMetas } from '../applications.ts';
import { backOff, RACES } from '../dynamo/back-off.ts';
import { applicationOf, applicationsIn, nameIn, partitionOf, wantedPartition } from '../dynamo/keys.ts';
import { readInventories, unpack } from '../inventory.ts';
import { parseWanted } from '../schema/inventory.ts';
import type { Meta } from '../schema/records.ts';
import { wantsKeys } from './wants.ts';

/** Owners by name. */
export async function readOwners(store: Store, names: readonly string[]): Promise<ReadonlyMap<string, OwnerRecord>> {
  const found = new Map<string, OwnerRecord>();
  let missing = [...new Set(names)];
  for (let attempt = 0; missing.length > 0; attempt += 1) {
    if (attempt === RACES)
      throw new DriftlessError('StateUnavailable', `${missing.join(', ')}: replaced faster than it is read; try again`);
    if (attempt > 0) await backOff(attempt);
    const metas = await readMetas(store, missing);
    const read = await ownersOf(store, metas);
    for (const owner of read) found.set(owner.app, owner);
    // What was replaced in between is read again.
    missing = metas.map(([name]) => name).filter((name) => !found.has(name));
  }
  return found;
}

/** Applications of repositories, and those that want objects in the cluster. */
export async function readNeighbours(
  store: Store,
  { repos, cluster }: { readonly repos: readonly string[]; readonly cluster: string },
): Promise<readonly OwnerRecord[]> {
  const keys = [...new Set(repos.map(repoKey))];
  const [wanting, ...named] = await Promise.all([
    namesWanting(store, cluster),
    ...keys.map((key) => namesOfRepo(store, key)),
  ]);
  const owners = await readOwners(store, [...wanting, ...named.flat()]);
  return [...owners.values()].filter(({ record }) => record !== undefined);
}

async function namesWanting({ table }: Store, cluster: string): Promise<readonly string[]> {
  const names = [];
  for await (const item of table.query(applicationsIn(wantedPartition(cluster)))) names.push(applicationOf(item));
  return names;
}

type NamedMeta = readonly [string, Meta];

/** The owners whose inventories and wants are still those of their records. */
async function ownersOf(store: Store, metas: readonly NamedMeta[]): Promise<readonly OwnerRecord[]> {
  const pointers = metas.flatMap(([app, { inventory }]): readonly InventoryPointer[] =>
    inventory === undefined ? [] : [{ app, ...inventory }],
  );
  const [inventories, wanted] = await Promise.all([readInventories(store, pointers), readWanted(store, metas)]);
  return metas.flatMap(([app, meta]) => {
    const inventory = meta.inventory === undefined ? [] : inventories.get(app);
    const wants = meta.wants === undefined ? [] : wanted.get(app);
    const record = recordOf(store, app, meta);
    if (inventory === undefined || wants === undefined) return [];
    return [{ app, inventory, wants, ...(record && { record }) }];
  });
}

async function readWanted(
  { table }: Store,
  metas: readonly NamedMeta[],
): Promise<ReadonlyMap<string, OwnerRecord['wants']>> {
  const keys = metas.flatMap(([app, { wants }]) => (wants === undefined ? [] : wantsKeys(app, wants)));
  if (keys.length === 0) return new Map();
  const chunks = new Map<string, Uint8Array>();
  for (const item of await table.getAll(keys)) {
    const gz = item['gz'];
    if (gz instanceof Uint8Array) chunks.set(`${nameIn(item, partitionOf)} ${String(item['sk'])}`, gz);
  }
  const wanted = new Map<string, OwnerRecord['wants']>();
  for (const [app, { wants }] of metas) {
    const own = wants && wantsKeys(app, wants).flatMap(({ sk }) => chunks.get(`${app} ${sk}`) ?? []);
    if (wants !== undefined && own?.length === wants.chunks) wanted.set(app, parseWanted(app, await unpack(own)));
  }
  return wanted;
}
