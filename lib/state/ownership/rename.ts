// In: an application under a new name, and the name that it had. Out: one transaction gives the record of the new name what the old one has, and removes the old
// one: its sequence, so that numbers of operations stay unique, its last deployments, suspension, held commits, lease and inventory. Operations are not moved: the
// record names where the earlier ones are. What may go wrong: too many writers meet at one of the records.

import type { PutResult } from '../../ports/ownership.ts';
import { changeMeta, type Decision, readMeta, type Store } from '../application-item.ts';
import { type Declared, declaration, removal } from '../applications.ts';
import { inventoryKey } from '../dynamo/keys.ts';
import { currentVersion } from '../dynamo/migrations.ts';
import { metaUpdate } from '../dynamo/writes.ts';
import { generationAfter, pack, readInventory } from '../inventory.ts';
import { listed, type MetaChange } from '../lists/list-items.ts';
import type { Meta } from '../schema/records.ts';

/** Creates an application as the continuation of another one; where that was never recorded, or the new one exists, it is declared as usual. */
export async function renameApplication(store: Store, from: string, declared: Declared): Promise<PutResult> {
  const { name } = declared.app;
  const result = await changeMeta<PutResult>(store, name, async (meta) => {
    const old = await readMeta(store, from);
    if (meta?.app !== undefined || old?.app === undefined) return declaration(store, meta, declared);
    return continued(store, { from, old, name, meta, set: (await declaration(store, meta, declared)).set });
  });
  // What this process knows of the old name is outdated.
  await readMeta(store, from);
  return result;
}

type Renamed = {
  readonly from: string;
  readonly old: Meta;
  readonly name: string;
  readonly meta: Meta | undefined;
  readonly set: MetaChange | undefined;
};

async function continued(store: Store, { from, old, name, meta, set }: Renamed): Promise<Decision<PutResult>> {
  const after = Math.max(old.desiredSeq, meta?.desiredSeq ?? 0, await store.lastSequence());
  const inventory = await copiedInventory(store, { from, old, name, meta });
  const { lastSync, health, previous, deployment, suspended, held, lease, formerly = [], historyFrom } = old;
  const gone = listed(store.cache, {
    name: from,
    before: old,
    set: {
      ...removal(from, old).set,
      inventory: undefined,
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
      settled: { seq: after },
      fence: Math.max(old.fence, meta?.fence ?? 0),
      // A worker that still runs an operation of the old name is waited for.
      lease: lease && { ...lease, app: name },
      ...{ lastSync, health, previous, deployment, suspended, held, inventory },
      formerly: [...formerly, { name: from, upToSeq: old.desiredSeq, ...(historyFrom && { afterSeq: historyFrom }) }],
      // What another application did under the new name before is not its history.
      historyFrom: meta?.desiredSeq,
    },
    writes: [metaUpdate(from, old, gone.set), ...gone.items, ...removal(from, old).writes],
  };
}

/** A copy of the inventory's chunks under the new name; nothing reads it before the record points to it. */
async function copiedInventory(
  store: Store,
  { from, old, name, meta }: Omit<Renamed, 'set'>,
): Promise<Meta['inventory']> {
  if (old.inventory === undefined) return undefined;
  const chunks = await pack(name, await readInventory(store, from));
  const generation = Math.max(generationAfter(store, meta?.inventory), generationAfter(store, old.inventory));
  for (const [n, gz] of chunks.entries())
    await store.table.transact([{ Put: { Item: { ...inventoryKey(name, generation, n), gz } } }]);
  return { generation, chunks: chunks.length };
}
