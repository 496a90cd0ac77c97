// In: which inventories are current. Out: all of them, with as few requests as there can be. What may go wrong: one was replaced meanwhile, or cannot be
// read; it is left out.

import type { InventoryEntry } from '../model/inventory.ts';
import type { InventoryPointer } from '../ports/store.ts';
import type { Store } from './application-item.ts';
import { inventoryKey, type Key, nameIn, partitionOf } from './dynamo/keys.ts';
import { unpack } from './inventory.ts';
import { parseInventory } from './schema/records.ts';

type Inventory = readonly InventoryEntry[];

/** Many inventories at once; those that this process has read before are not read again, since a generation never changes. */
export async function readInventories(
  store: Store,
  pointers: readonly InventoryPointer[],
): Promise<ReadonlyMap<string, Inventory>> {
  const found = new Map<string, Inventory>();
  const unknown = [];
  for (const pointer of pointers) {
    const kept = store.inventories.get(pointer);
    if (kept === undefined) unknown.push(pointer);
    else found.set(pointer.app, kept);
  }
  for (const [pointer, chunks] of await readChunks(store, unknown)) {
    const entries = await readable(store, pointer.app, chunks);
    if (entries === undefined) continue;
    store.inventories.put(pointer, entries);
    found.set(pointer.app, entries);
  }
  return found;
}

type Chunks = readonly Uint8Array[];

/** The chunks of those inventories that are all there. */
async function readChunks(
  { table }: Store,
  pointers: readonly InventoryPointer[],
): Promise<readonly (readonly [InventoryPointer, Chunks])[]> {
  const chunks = new Map<string, Uint8Array>();
  for (const item of await table.getAll(pointers.flatMap(keysOf))) {
    const gz = item['gz'];
    if (gz instanceof Uint8Array) chunks.set(chunkName(nameIn(item, partitionOf), String(item['sk'])), gz);
  }
  return pointers.flatMap((pointer) => {
    const own = keysOf(pointer).flatMap(({ sk }) => chunks.get(chunkName(pointer.app, sk)) ?? []);
    return own.length === pointer.chunks ? [[pointer, own] as const] : [];
  });
}

function keysOf({ app, generation, chunks }: InventoryPointer): readonly Key[] {
  return Array.from({ length: chunks }, (_, n) => inventoryKey(app, generation, n));
}

function chunkName(app: string, sk: string): string {
  return `${app}#${sk}`;
}

async function readable({ log }: Store, app: string, chunks: Chunks): Promise<Inventory | undefined> {
  try {
    return parseInventory(app, await unpack(chunks));
  } catch (error) {
    log?.error('skipped an inventory that cannot be read', { app, error: String(error) });
    return undefined;
  }
}
