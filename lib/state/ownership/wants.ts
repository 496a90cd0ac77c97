// In: the objects that an application wants. Out: chunks of their own, META pointing to them together with the commit that was rendered, and an item that names
// the application in its cluster: one transaction, where one chunk is enough. What may go wrong: the lease is lost, or the list is larger than the limit.
import type { Lease } from '../../model/application-record.ts';
import type { Operation } from '../../model/operation.ts';
import type { Wants } from '../../ports/ownership.ts';
import { changeMetaFenced, type Store, writeFenced } from '../application-item.ts';
import { type Key, wantedItemKey, wantsKey } from '../dynamo/keys.ts';
import type { Write } from '../dynamo/transactions.ts';
import { operationPut } from '../dynamo/writes.ts';
import { pack } from '../inventory.ts';
import type { MetaChange } from '../lists/list-items.ts';
import { parseApplication } from '../schema/application.ts';
import type { Meta } from '../schema/records.ts';

type Pointer = NonNullable<Meta['wants']>;

type Written = { readonly lease: Lease; readonly wants: Wants; readonly progress: Operation | undefined };

/** Replaces what an application wants, and the commit that it has rendered. */
export async function putWants(store: Store, { lease, wants, progress }: Written): Promise<void> {
  const { app } = lease;
  const { rendered, wanted } = wants;
  const chunks = wanted.length === 0 ? [] : await pack(app, wanted);
  // Two writers never have the same fence.
  const generation = lease.fence;
  const puts = chunks.map((gz, n): Write => ({ Put: { Item: { ...wantsKey(app, generation, n), gz } } }));
  const [last, ...others] = puts;
  for (const put of others) await writeFenced(store, lease, [put]);
  await changeMetaFenced(store, lease, (meta) => {
    const cluster = meta.app === undefined ? '' : parseApplication(app, meta.app).destination.cluster;
    const pointer = { generation, chunks: chunks.length, cluster };
    const change = last === undefined ? nothingOf(app, meta) : pointing(app, { meta, pointer, last });
    const record = progress === undefined ? [] : [operationPut(progress)];
    const set = { ...(rendered && { rendered }), ...change.set };
    return { result: undefined, set, writes: [...change.writes, ...record] };
  });
}

type Change = { readonly set: MetaChange; readonly writes: readonly Write[] };

function nothingOf(app: string, { wants }: Meta): Change {
  return wants === undefined ? { set: {}, writes: [] } : nothingWanted(app, wants);
}

type Pointing = { readonly meta: Meta; readonly pointer: Pointer; readonly last: Write };

function pointing(app: string, { meta, pointer, last }: Pointing): Change {
  const stale = meta.wants === undefined ? [] : staleItems(app, meta.wants, pointer);
  const index: Write = { Put: { Item: { ...wantedItemKey(pointer.cluster, app) } } };
  return { set: { wants: pointer }, writes: [last, index, ...stale] };
}

/** What makes an application want nothing any more. */
export function nothingWanted(
  app: string,
  wants: Pointer,
): { readonly set: MetaChange; readonly writes: readonly Write[] } {
  return { set: { wants: undefined }, writes: staleItems(app, wants, undefined) };
}

/** The chunks that a pointer names. */
export function wantsKeys(app: string, { generation, chunks }: Pick<Pointer, 'generation' | 'chunks'>): readonly Key[] {
  return Array.from({ length: chunks }, (_, n) => wantsKey(app, generation, n));
}

/** Removes the items of the former pointer that the next one does not have. */
function staleItems(app: string, before: Pointer, next: Pointer | undefined): readonly Write[] {
  const kept = new Set(next === undefined ? [] : wantsKeys(app, next).map(({ sk }) => sk));
  const chunks = wantsKeys(app, before).filter(({ sk }) => !kept.has(sk));
  const index = before.cluster === next?.cluster ? [] : [wantedItemKey(before.cluster, app)];
  return [...chunks, ...index].map((key) => ({ Delete: { Key: { ...key } } }));
}
