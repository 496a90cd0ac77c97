// In: all objects of an application. Out: chunks under a new generation, and META pointing to it: one chunk, as nearly always, in one transaction;
// several one after another. What may go wrong: the inventory is larger than the limit (StateTooLarge), or the lease is lost. A worker that dies between
// two chunks leaves chunks without a reader; the next inventory of several chunks deletes them.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { DriftlessError } from '../errors.ts';
import type { InventoryWrite, Lease, LeftInventory } from '../model/application-record.ts';
import type { InventoryEntry, InventoryPointer } from '../model/inventory.ts';
import { changeMetaFenced, readMeta, type Store, writeFenced } from './application-item.ts';
import { backOff, RACES } from './dynamo/back-off.ts';
import { leaseLost } from './dynamo/errors.ts';
import { inventoryKey, type Key, nameIn, partitionOf } from './dynamo/keys.ts';
import type { Write } from './dynamo/transactions.ts';
import { operationPut } from './dynamo/writes.ts';
import { inventoriesOf, type Replacing, replacing, replacingLeft } from './ownership/places.ts';
import { parseInventory } from './schema/inventory.ts';
import type { Meta } from './schema/records.ts';

const CHUNK_BYTES = 300_000;
const MAX_CHUNKS = 40;

type Pointer = NonNullable<Meta['inventory']>;
type Inventory = readonly InventoryEntry[];
type Chunks = readonly Uint8Array[];

/** The inventory as it was last completed. */
export async function readInventory(store: Store, app: string): Promise<Inventory> {
  for (let attempt = 0; attempt < RACES; attempt += 1) {
    const pointer = (await readMeta(store, app))?.inventory;
    if (pointer === undefined) return [];
    const [found] = await readChunks(store, [{ app, ...pointer }]);
    if (found !== undefined) return parseInventory(app, await unpack(found.chunks));
    await backOff(attempt);
  }
  throw new DriftlessError('StateUnavailable', `Application/${app}: its inventory is replaced faster than it is read`);
}

/**
 * Many inventories in as few requests as possible; one that is cached is not read again, since a generation never changes. An inventory that was replaced
 * meanwhile, or cannot be read, is left out.
 */
export async function readInventories(
  store: Store,
  pointers: readonly InventoryPointer[],
): Promise<ReadonlyMap<string, Inventory>> {
  const found = new Map<string, Inventory>();
  const unknown = [];
  for (const pointer of pointers) {
    const cached = store.cache.inventory(pointer);
    if (cached === undefined) unknown.push(pointer);
    else found.set(pointer.app, cached);
  }
  for (const { pointer, chunks } of await readChunks(store, unknown)) {
    const entries = await readable(store, pointer.app, chunks);
    if (entries === undefined) continue;
    store.cache.putInventory(pointer, entries);
    found.set(pointer.app, entries);
  }
  return found;
}

async function readable({ log }: Store, app: string, chunks: Chunks): Promise<Inventory | undefined> {
  try {
    return parseInventory(app, await unpack(chunks));
  } catch (error) {
    log?.error('skipped an inventory that cannot be read', { app, error: String(error) });
    return undefined;
  }
}

type Found = { readonly pointer: InventoryPointer; readonly chunks: Chunks };

/** The chunks of the inventories that are complete. */
async function readChunks({ table }: Store, pointers: readonly InventoryPointer[]): Promise<readonly Found[]> {
  const chunks = new Map<string, Uint8Array>();
  for (const item of await table.getAll(pointers.flatMap(chunkKeys))) {
    const gz = item['gz'];
    if (gz instanceof Uint8Array) chunks.set(chunkName(nameIn(item, partitionOf), String(item['sk'])), gz);
  }
  return pointers.flatMap((pointer) => {
    const own = chunkKeys(pointer).flatMap(({ sk }) => chunks.get(chunkName(pointer.app, sk)) ?? []);
    return own.length === pointer.chunks ? [{ pointer, chunks: own }] : [];
  });
}

/** The chunks of one inventory; none where it was replaced meanwhile. */
export async function chunksOf(store: Store, pointer: InventoryPointer): Promise<Chunks> {
  return (await readChunks(store, [pointer]))[0]?.chunks ?? [];
}

/** The keys of an inventory's chunks. */
export function chunkKeys({ app, generation, chunks }: InventoryPointer): readonly Key[] {
  return Array.from({ length: chunks }, (_, n) => inventoryKey(app, generation, n));
}

function chunkName(app: string, sk: string): string {
  return `${app}#${sk}`;
}

type Replacement = {
  readonly lease: Lease;
  readonly entries: readonly InventoryEntry[];
  readonly more: InventoryWrite;
};

/** Replaces the inventory. */
export async function putInventory(store: Store, { lease, entries, more }: Replacement): Promise<void> {
  const { app } = lease;
  const { progress, rendered, place, merged = [] } = more;
  const record = progress === undefined ? [] : [operationPut(progress)];
  const pointer = await putChunks(store, lease, {
    chunks: await pack(app, entries),
    record,
    replace: (meta, written) => {
      const destination =
        meta.app === undefined ? undefined : store.cache.application(app, meta.app).destination.cluster;
      const { set, replaced } = replacing(meta, { pointer: written, destination, place, merged });
      return { set: { ...(rendered && { rendered }), ...set }, replaced };
    },
  });
  store.cache.putInventory({ app, ...pointer }, entries);
}

type Left = Pick<Replacement, 'lease' | 'entries'> & { readonly left: LeftInventory };

/** Replaces what is left in a cluster that was the destination before. */
export async function putLeft(store: Store, { lease, left, entries }: Left): Promise<void> {
  const chunks = entries.length === 0 ? [] : await pack(lease.app, entries);
  const replace = (meta: Meta, pointer: Pointer) =>
    replacingLeft(meta, left, chunks.length === 0 ? undefined : pointer);
  await putChunks(store, lease, { chunks, record: [], replace });
}

type Putting = {
  readonly chunks: Chunks;
  /** What the transaction writes besides. */
  readonly record: readonly Write[];
  /** Undefined: nothing is to be replaced any more. */
  readonly replace: (meta: Meta, pointer: Pointer) => Replacing | undefined;
};

/** Several chunks are written one after another before the transaction, where one is written by it. */
async function putChunks(store: Store, lease: Lease, { chunks, record, replace }: Putting): Promise<Pointer> {
  const { app } = lease;
  const written = chunks.length > 1 ? await putBefore(store, lease, chunks) : undefined;
  const { pointer, replaced, kept } = await changeMetaFenced(store, lease, (meta) => {
    const pointer = written ?? { generation: generationAfter(store, ...inventoriesOf(meta)), chunks: chunks.length };
    const change = replace(meta, pointer);
    if (change === undefined) return { result: { pointer, replaced: [], kept: [] } };
    const [gz] = chunks;
    const put = written !== undefined || gz === undefined ? [] : [chunkPut(app, pointer.generation, gz)];
    const old = written === undefined ? change.replaced.filter((one) => one.chunks === 1) : [];
    const writes = [...put, ...old.flatMap((one) => chunkKeys({ app, ...one })).map(deletion), ...record];
    const kept = [pointer, ...inventoriesOf(meta)].filter((one) => !change.replaced.includes(one));
    return { result: { pointer, replaced: change.replaced, kept }, set: change.set, writes };
  });
  if (written !== undefined || replaced.some((one) => one.chunks > 1)) await deleteBesides(store, app, kept);
  return pointer;
}

async function putBefore(store: Store, lease: Lease, chunks: Chunks): Promise<Pointer> {
  const { app } = lease;
  const meta = await readMeta(store, app);
  if (meta?.lease?.fence !== lease.fence) throw leaseLost(lease);
  const generation = generationAfter(store, ...inventoriesOf(meta));
  for (const [n, gz] of chunks.entries()) await writeFenced(store, lease, [chunkPut(app, generation, gz, n)]);
  return { generation, chunks: chunks.length };
}

function chunkPut(app: string, generation: number, gz: Uint8Array, n = 0): Write {
  return { Put: { Item: { ...inventoryKey(app, generation, n), gz } } };
}

function deletion(key: Key): Write {
  return { Delete: { Key: { ...key } } };
}

/** Never a number that was used before, also where the table was lost or restored meanwhile: caches keep inventories under it. */
export function generationAfter({ clock }: Store, ...before: readonly (Pointer | undefined)[]): number {
  return Math.max(...before.map((one) => (one?.generation ?? 0) + 1), Math.floor(clock.now() / 1000));
}

/** The chunks of a list of objects, compressed. */
export async function pack(app: string, entries: readonly unknown[]): Promise<readonly Uint8Array[]> {
  const packed = await promisify(gzip)(JSON.stringify(entries));
  const count = Math.ceil(packed.length / CHUNK_BYTES);
  if (count > MAX_CHUNKS) {
    throw new DriftlessError(
      'StateTooLarge',
      `Application/${app}: the inventory of ${entries.length} objects takes ${packed.length} bytes compressed, the limit is ${MAX_CHUNKS * CHUNK_BYTES}; split the application`,
    );
  }
  return Array.from({ length: count }, (_, n) => packed.subarray(n * CHUNK_BYTES, (n + 1) * CHUNK_BYTES));
}

/** The list in its chunks. */
export async function unpack(chunks: Chunks): Promise<unknown> {
  return JSON.parse((await promisify(gunzip)(Buffer.concat(chunks))).toString());
}

/** Deletes the chunks of earlier generations and of failed attempts, which are never written again; what stays is deleted next time. */
async function deleteBesides({ table }: Store, app: string, kept: readonly Pointer[]): Promise<void> {
  const stale: Key[] = [];
  const newest = Math.max(0, ...kept.map(({ generation }) => generation));
  const everything = chunksBetween(inventoryKey(app, 0, 0), inventoryKey(app, newest + 1, 0));
  const current = new Set(kept.flatMap((one) => chunkKeys({ app, ...one })).map(({ sk }) => sk));
  for await (const { sk } of table.query({ ...everything, ProjectionExpression: 'sk' })) {
    if (typeof sk === 'string' && !current.has(sk)) stale.push({ pk: partitionOf(app), sk });
  }
  await table.deleteSome(stale);
}

function chunksBetween(first: Key, last: Key) {
  return {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': first.pk, ':first': first.sk, ':last': last.sk },
    ConsistentRead: true,
  };
}
