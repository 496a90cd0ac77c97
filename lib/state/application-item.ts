// In: an application's name and a decision over its META item. Out: what the decision resulted in, once it is written. What may go wrong:
// the application is unknown, the lease is lost, or the same item is written by too many at once.
import { DriftlessError } from '../errors.ts';
import type { ApplicationRecord, Lease } from '../model/application-record.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import { backOff, RACES } from './dynamo/back-off.ts';
import type { StateTable } from './dynamo/dynamo-table.ts';
import { leaseLost } from './dynamo/errors.ts';
import { metaKey } from './dynamo/keys.ts';
import type { Write } from './dynamo/transactions.ts';
import { metaUpdate, updatedMeta } from './dynamo/writes.ts';
import type { RecentInventories } from './recent-inventories.ts';
import type { RecentMetas } from './recent-metas.ts';
import type { RecentSpecs } from './recent-specs.ts';
import { type Meta, parseMeta } from './schema/records.ts';
import type { LastSequence } from './sequence.ts';

/** What every part of the store works with. */
export type Store = {
  readonly table: StateTable;
  readonly lastSequence: LastSequence;
  readonly recent: RecentMetas;
  readonly inventories: RecentInventories;
  readonly specs: RecentSpecs;
  readonly clock: Pick<Clock, 'now'>;
  readonly log?: Log;
  readonly worker?: string;
  /** How long ended operations are kept. */
  readonly historySeconds: number;
};

/** What is to be written: new values of META's attributes (undefined removes one) and other items, in one transaction; or nothing. */
export type Decision<T> = {
  readonly result: T;
  readonly set?: { readonly [K in keyof Meta]?: Meta[K] | undefined };
  readonly writes?: readonly Write[];
};

/** Reads an application's META item; undefined where the name was never used. */
export async function readMeta({ table, recent }: Store, app: string): Promise<Meta | undefined> {
  const item = await table.get(metaKey(app));
  if (item === undefined) return undefined;
  const meta = parseMeta(app, item);
  recent.put(app, meta);
  return meta;
}

type Decide<T> = (meta: Meta | undefined) => Decision<T> | Promise<Decision<T>>;

/**
 * The one way in which META is written: read, decide, write on condition that nobody wrote in between; a lost race is read and decided
 * again. So a decision is atomic against every other, however many workers there are. What this process saw of it lately saves the first read.
 */
export async function changeMeta<T>(store: Store, app: string, decide: Decide<T>): Promise<T> {
  const guessed = await tryRecent(store, app, decide);
  if (guessed !== undefined) return guessed.result;
  for (let attempt = 0; attempt < RACES; attempt += 1) {
    const meta = await readMeta(store, app);
    const decision = await decide(meta);
    if (!writes(decision) || (await write(store, { app, meta, decision })) === 'written') return decision.result;
    await backOff(attempt);
  }
  throw new DriftlessError(
    'StateUnavailable',
    `Application/${app}: ${RACES} races for its record were lost; try again`,
  );
}

/** Decides by what was seen of META lately; undefined where that was nothing, or is not right any more, or asks for no write that would show it. */
async function tryRecent<T>(store: Store, app: string, decide: Decide<T>): Promise<{ result: T } | undefined> {
  const meta = store.recent.take(app);
  if (meta === undefined) return undefined;
  const decision = await tryDecide(decide, meta);
  if (decision === undefined || !writes(decision)) return undefined;
  return (await write(store, { app, meta, decision })) === 'written' ? { result: decision.result } : undefined;
}

/** A failure does not count either: what META is now may not be one. */
async function tryDecide<T>(decide: Decide<T>, meta: Meta): Promise<Decision<T> | undefined> {
  try {
    return await decide(meta);
  } catch {
    return undefined;
  }
}

function writes({ set, writes: others = [] }: Decision<unknown>): boolean {
  return set !== undefined || others.length > 0;
}

type MetaWrite = { readonly app: string; readonly meta: Meta | undefined; readonly decision: Decision<unknown> };

async function write(store: Store, { app, meta, decision }: MetaWrite): Promise<'written' | 'raced'> {
  const { set = {}, writes: others = [] } = decision;
  const result = await store.table.transact([metaUpdate(app, meta, set), ...others]);
  if (result === 'written') store.recent.put(app, updatedMeta(app, meta, set));
  return result;
}

/** As changeMeta, for the holder of a lease: decides only while no higher fence exists and the lease was not given back. */
export function changeMetaFenced<T>(
  store: Store,
  lease: Lease,
  decide: (meta: Meta) => Decision<T> | Promise<Decision<T>>,
): Promise<T> {
  return changeMeta(store, lease.app, (meta) => {
    if (meta?.lease?.fence !== lease.fence) throw leaseLost(lease);
    return decide(meta);
  });
}

/** Writes other items of an application, on condition that the lease is still the one with the highest fence. */
export async function writeFenced({ table }: Store, lease: Lease, writes: readonly Write[]): Promise<void> {
  const fenceIsOurs = {
    Key: metaKey(lease.app),
    ConditionExpression: '#lease.fence = :fence',
    ExpressionAttributeNames: { '#lease': 'lease' },
    ExpressionAttributeValues: { ':fence': lease.fence },
  };
  const result = await table.transact([{ ConditionCheck: fenceIsOurs }, ...writes]);
  if (result === 'raced') throw leaseLost(lease);
}

/** The record of an application, as the ports have it; undefined when it was removed. */
export function recordOf({ specs }: Pick<Store, 'specs'>, name: string, meta: Meta): ApplicationRecord | undefined {
  const { app, specHash, specSeq, desiredSeq, desiredRevision, lease, lastSync, health } = meta;
  const { previous, deployment, suspended, held, inventory } = meta;
  if (app === undefined || specHash === undefined) return undefined;
  return {
    app: specs.parse(name, app),
    specHash,
    ...(specSeq === undefined ? {} : { specSeq }),
    desiredSeq,
    ...(desiredRevision === undefined ? {} : { desiredRevision }),
    ...(lease === undefined ? {} : { lease }),
    ...(lastSync === undefined ? {} : { lastSync }),
    ...(health === undefined ? {} : { health }),
    ...(previous === undefined ? {} : { previous }),
    ...(deployment === undefined ? {} : { deployment }),
    ...(suspended === undefined ? {} : { suspended }),
    ...(held === undefined ? {} : { held }),
    ...(inventory === undefined ? {} : { inventory }),
  };
}
