// In: all objects of an application. Out: chunks under a new generation, and META pointing to it: one chunk, as nearly always, in one transaction;
// several one after another. What may go wrong: the inventory is larger than the limit (StateTooLarge), or the lease is lost. A worker that dies between
// two chunks leaves chunks without a reader; the next inventory of several chunks deletes them.
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { DriftlessError } from '../errors.ts';
import type { Lease, Rendered } from '../model/application-record.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { Operation } from '../model/operation.ts';
import type { InventoryPointer } from '../ports/store.ts';
import { changeMetaFenced, readMeta, type Store, writeFenced } from './application-item.ts';
import { backOff, RACES } from './dynamo/back-off.ts';
import { leaseLost } from './dynamo/errors.ts';
import { inventoryKey, type Key, nameIn, partitionOf } from './dynamo/keys.ts';
import type { Write } from './dynamo/transactions.ts';
import { operationPut } from './dynamo/writes.ts';
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
  for (const item of await table.getAll(pointers.flatMap(keysOf))) {
    const gz = item['gz'];
    if (gz instanceof Uint8Array) chunks.set(chunkName(nameIn(item, partitionOf), String(item['sk'])), gz);
  }
  return pointers.flatMap((pointer) => {
    const own = keysOf(pointer).flatMap(({ sk }) => chunks.get(chunkName(pointer.app, sk)) ?? []);
    return own.length === pointer.chunks ? [{ pointer, chunks: own }] : [];
  });
}

function keysOf({ app, generation, chunks }: InventoryPointer): readonly Key[] {
  return Array.from({ length: chunks }, (_, n) => inventoryKey(app, generation, n));
}

function chunkName(app: string, sk: string): string {
  return `${app}#${sk}`;
}

type Replacement = {
  readonly lease: Lease;
  readonly entries: readonly InventoryEntry[];
  /** The operation's record, where the same transaction writes it. */
  readonly progress: Operation | undefined;
  /** What it rendered, where the same transaction writes it. */
  readonly rendered: Rendered | undefined;
};

/** Replaces the inventory. */
export async function putInventory(store: Store, { lease, entries, progress, rendered }: Replacement): Promise<void> {
  const chunks = await pack(lease.app, entries);
  const [first, ...others] = chunks;
  const record = progress === undefined ? [] : [operationPut(progress)];
  const more = rendered === undefined ? {} : { rendered };
  const pointer =
    first !== undefined && others.length === 0
      ? await putOne(store, lease, { gz: first, record, more })
      : await putMany(store, lease, { chunks, record, more });
  store.cache.putInventory({ app: lease.app, ...pointer }, entries);
}

/** What the transaction writes besides. */
type With = { readonly record: readonly Write[]; readonly more: { readonly rendered?: Rendered } };

async function putOne(
  store: Store,
  lease: Lease,
  { gz, record, more }: With & { readonly gz: Uint8Array },
): Promise<Pointer> {
  const { app } = lease;
  const replaced = await changeMetaFenced(store, lease, ({ inventory: before }) => {
    const pointer = { generation: generationAfter(store, before), chunks: 1 };
    const put = { Put: { Item: { ...inventoryKey(app, pointer.generation, 0), gz } } };
    const old = before?.chunks === 1 ? [{ Delete: { Key: { ...inventoryKey(app, before.generation, 0) } } }] : [];
    return { result: { before, pointer }, set: { ...more, inventory: pointer }, writes: [put, ...old, ...record] };
  });
  if (replaced.before !== undefined && replaced.before.chunks > 1) await deleteBesides(store, app, replaced.pointer);
  return replaced.pointer;
}

async function putMany(
  store: Store,
  lease: Lease,
  { chunks, record, more }: With & { readonly chunks: readonly Uint8Array[] },
): Promise<Pointer> {
  const { app } = lease;
  const meta = await readMeta(store, app);
  if (meta?.lease?.fence !== lease.fence) throw leaseLost(lease);
  const pointer = { generation: generationAfter(store, meta.inventory), chunks: chunks.length };
  for (const [n, gz] of chunks.entries()) {
    await writeFenced(store, lease, [{ Put: { Item: { ...inventoryKey(app, pointer.generation, n), gz } } }]);
  }
  const set = { ...more, inventory: pointer };
  await changeMetaFenced(store, lease, () => ({ result: undefined, set, writes: record }));
  await deleteBesides(store, app, pointer);
  return pointer;
}

/** Never a number that was used before, also where the table was lost or restored meanwhile: caches keep inventories under it. */
export function generationAfter({ clock }: Store, before: Pointer | undefined): number {
  return Math.max((before?.generation ?? 0) + 1, Math.floor(clock.now() / 1000));
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
async function deleteBesides({ table }: Store, app: string, { generation, chunks }: Pointer): Promise<void> {
  const stale: Key[] = [];
  const everything = chunksBetween(inventoryKey(app, 0, 0), inventoryKey(app, generation + 1, 0));
  const current = new Set(keysOf({ app, generation, chunks }).map(({ sk }) => sk));
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
