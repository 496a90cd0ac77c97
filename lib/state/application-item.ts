// In: an application's name and a decision over its META item. Out: what the decision resulted in, once it is written. What may go wrong:
// the application is unknown, the lease is lost, or too many writers meet at the same item.
import { DriftlessError } from '../errors.ts';
import type { ApplicationRecord, Lease } from '../model/application-record.ts';
import { applicationStream, type EventDraft } from '../model/event.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { StoreCache } from './cache.ts';
import { commit } from './commit.ts';
import { backOff, RACES } from './dynamo/back-off.ts';
import type { StateTable } from './dynamo/dynamo-table.ts';
import { leaseLost } from './dynamo/errors.ts';
import { metaKey } from './dynamo/keys.ts';
import type { Write } from './dynamo/transactions.ts';
import { metaUpdate, updatedMeta } from './dynamo/writes.ts';
import type { IndexedMark } from './lists/indexed-mark.ts';
import { isIndexed, listed, type MetaChange } from './lists/list-items.ts';
import type { ListVersion } from './lists/list-version.ts';
import { type Meta, parseMeta } from './schema/records.ts';
import type { LastSequence } from './sequence.ts';

/** What every part of the store works with. */
export type Store = {
  readonly table: StateTable;
  readonly lastSequence: LastSequence;
  readonly cache: StoreCache;
  readonly indexed: IndexedMark;
  readonly listVersion: ListVersion;
  readonly clock: Pick<Clock, 'now'>;
  readonly log?: Log;
  readonly worker?: string;
  /** How long ended operations are kept. */
  readonly historySeconds: number;
};

/** What is to be written: new values of META's attributes (undefined removes one), other items and events, in one transaction; or nothing. */
export type Decision<T> = {
  readonly result: T;
  readonly set?: MetaChange;
  readonly writes?: readonly Write[];
  /** What has happened by this write; they are written only with something else. */
  readonly events?: readonly EventDraft[];
};

/** Reads an application's META item; undefined where the name was never used. */
export async function readMeta({ table, cache }: Store, app: string): Promise<Meta | undefined> {
  const item = await table.get(metaKey(app));
  if (item === undefined) return undefined;
  const meta = parseMeta(app, item);
  cache.putMeta(app, meta);
  return meta;
}

type Decide<T> = (meta: Meta | undefined) => Decision<T> | Promise<Decision<T>>;

/**
 * The one way in which META is written: read, decide, write on condition that the version is unchanged; a lost race is read and decided
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
  const meta = store.cache.takeMeta(app);
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
  const { set, items: lists } = listed(store.cache, { name: app, before: meta, set: decision.set ?? {} });
  const own = [metaUpdate(app, meta, set), ...(decision.writes ?? [])];
  const { events = [] } = decision;
  const result = await commit(store, { own, lists, stream: applicationStream(app), events });
  if (result === 'written') store.cache.putMeta(app, updatedMeta(app, meta, set));
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
export function recordOf({ cache }: Store, name: string, meta: Meta): ApplicationRecord | undefined {
  const { app, specHash, schemaVersion: _schema, version: _version, ...others } = meta;
  const { repo: _repo, listing: _listing, repos: _repos, indexed: _indexed, ...rest } = others;
  const { fence: _fence, settled: _settled, openFrom: _openFrom, wants, ...known } = rest;
  const { formerProject: _project, historyFrom: _from, ...state } = known;
  if (app === undefined || specHash === undefined) return undefined;
  return {
    app: cache.application(name, app),
    specHash,
    ...state,
    ...(wants && { wants: { generation: wants.generation, chunks: wants.chunks } }),
    ...(isIndexed(meta) ? {} : { needsIndex: true }),
  };
}
