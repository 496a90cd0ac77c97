// In: an application under a new name, and the name that it had. Out: one transaction gives the record of the new name what the old one has, and removes the old
// one: its sequence, so that numbers of operations stay unique, its last deployments, suspension, held commits, lease and inventory. Operations are not moved: the
// record names where the earlier ones are. What may go wrong: too many writers meet at one of the records.

import type { Destination } from '../../model/application.ts';
import type { PutResult } from '../../ports/ownership.ts';
import { changeMeta, type Decision, readMeta, type Store } from '../application-item.ts';
import { type Declared, declaration, removal } from '../applications.ts';
import { inventoryKey, type Key } from '../dynamo/keys.ts';
import { currentVersion } from '../dynamo/migrations.ts';
import { metaUpdate } from '../dynamo/writes.ts';
import { chunkKeys, chunksOf, generationAfter, pack, readInventory } from '../inventory.ts';
import { listed, type MetaChange } from '../lists/list-items.ts';
import type { Meta } from '../schema/records.ts';
import { inventoriesOf, placeOf, relocated } from './places.ts';

/** Creates an application as the continuation of another one; where that was never recorded, or the new one exists, it is declared as usual. */
export async function renameApplication(store: Store, from: string, declared: Declared): Promise<PutResult> {
  const { name } = declared.app;
  let copied: readonly Key[] = [];
  const result = await changeMeta<PutResult>(store, name, async (meta) => {
    const old = await readMeta(store, from);
    copied = [];
    if (meta?.app !== undefined || old?.app === undefined) return declaration(store, meta, declared);
    copied = inventoriesOf(old).flatMap((pointer) => chunkKeys({ app: from, ...pointer }));
    const { set } = await declaration(store, meta, declared);
    return continued(store, { from, old, name, meta, set, destination: declared.app.destination });
  });
  // What this process knows of the old name is outdated.
  await readMeta(store, from);
  await store.table.deleteSome(copied);
  return result;
}

type Renamed = {
  readonly from: string;
  readonly old: Meta;
  readonly name: string;
  readonly meta: Meta | undefined;
  readonly set: MetaChange | undefined;
  readonly destination: Destination;
};

async function continued(
  store: Store,
  { from, old, name, meta, set, destination }: Renamed,
): Promise<Decision<PutResult>> {
  const after = Math.max(old.desiredSeq, meta?.desiredSeq ?? 0, await store.lastSequence());
  const inventories = await copiedInventories(store, { from, old, name, meta });
  const { lastSync, health, previous, deployment, suspended, held, lease, requested, formerly = [], historyFrom } = old;
  const { head, failure } = old;
  const gone = listed(store.cache, {
    name: from,
    before: old,
    set: {
      ...removal(from, old).set,
      ...NO_INVENTORY,
      lease: undefined,
      formerly: undefined,
      historyFrom: old.desiredSeq,
    },
  });
  return {
    result: 'renamed',
    set: {
      ...set,
      schemaVersion: currentVersion('application'),
      desiredSeq: after,
      specSeq: after,
      openFrom: after + 1,
      settled: { seq: after, ...endOf(old, after) },
      fence: Math.max(old.fence, meta?.fence ?? 0),
      // A worker that still runs an operation of the old name is waited for.
      lease: lease && { ...lease, app: name },
      ...{ lastSync, health, previous, deployment, suspended, held, requested, head, failure },
      ...inventories,
      ...relocated(name, { ...old, ...inventories }, destination),
      formerly: [...formerly, { name: from, upToSeq: old.desiredSeq, ...(historyFrom && { afterSeq: historyFrom }) }],
      // What another application did under the new name before is not its history.
      historyFrom: meta?.desiredSeq,
    },
    writes: [metaUpdate(from, old, gone.set), ...gone.items, ...removal(from, old).writes],
  };
}

/** How the operation of that number ended, which lists show under the new name, too. */
function endOf({ settled }: Meta, seq: number): Pick<NonNullable<Meta['settled']>, 'status' | 'at'> {
  if (settled?.seq !== seq) return {};
  const { status, at } = settled;
  return { ...(status && { status }), ...(at !== undefined && { at }) };
}

const NO_INVENTORY = { inventory: undefined, place: undefined, moved: undefined } as const;

type Copying = Pick<Renamed, 'from' | 'old' | 'name' | 'meta'>;

/** Copies of all inventories under the new name. */
async function copiedInventories(
  store: Store,
  copying: Copying,
): Promise<{ readonly [K in keyof typeof NO_INVENTORY]: Meta[K] }> {
  const { from, old, name } = copying;
  const inventory = await copiedInventory(store, copying);
  const moved = [];
  for (const left of old.moved ?? []) {
    const generation = generationAfter(store, ...inventoriesOf(old), inventory, ...moved);
    await putCopy(store, { name, generation, chunks: await chunksOf(store, { app: from, ...left }) });
    moved.push({ ...left, generation });
  }
  const place = inventory && placeOf(from, old);
  return { inventory, place, moved: moved.length === 0 ? undefined : moved };
}

/** A copy of the inventory's chunks under the new name; nothing reads it before the record points to it. */
async function copiedInventory(store: Store, { from, old, name, meta }: Copying): Promise<Meta['inventory']> {
  if (old.inventory === undefined) return undefined;
  const chunks = await pack(name, await readInventory(store, from));
  const generation = generationAfter(store, ...inventoriesOf(meta ?? {}), ...inventoriesOf(old));
  await putCopy(store, { name, generation, chunks });
  return { generation, chunks: chunks.length };
}

type Copy = { readonly name: string; readonly generation: number; readonly chunks: readonly Uint8Array[] };

async function putCopy(store: Store, { name, generation, chunks }: Copy): Promise<void> {
  for (const [n, gz] of chunks.entries())
    await store.table.transact([{ Put: { Item: { ...inventoryKey(name, generation, n), gz } } }]);
}
