// In: an application's name and a decision over its META item. Out: what the decision resulted in, once it is written. What may go wrong:
// the application is unknown, the lease is lost, or the same item is written by too many at once.
import { DriftlessError } from '../errors.ts';
import type { ApplicationRecord, Lease } from '../model/application-record.ts';
import type { Clock, Log } from '../ports.ts';
import { parseApplication } from './application-schema.ts';
import { backOff, RACES } from './back-off.ts';
import { leaseLost } from './faults.ts';
import { metaUpdate } from './items.ts';
import { type Meta, parseMeta } from './records.ts';
import type { StateTable } from './state-table.ts';
import { metaKey } from './table.ts';
import type { Write } from './transactions.ts';

/** What every part of the store works with. */
export type Store = {
  readonly table: StateTable;
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
export async function readMeta({ table }: Store, app: string): Promise<Meta | undefined> {
  const item = await table.get(metaKey(app));
  return item === undefined ? undefined : parseMeta(app, item);
}

/**
 * The one way in which META is written: read, decide, write on condition that nobody wrote in between; a lost race is read and decided
 * again. So a decision is atomic against every other, however many workers there are.
 */
export async function changeMeta<T>(
  store: Store,
  app: string,
  decide: (meta: Meta | undefined) => Decision<T> | Promise<Decision<T>>,
): Promise<T> {
  for (let attempt = 0; attempt < RACES; attempt += 1) {
    const meta = await readMeta(store, app);
    const { result, set, writes = [] } = await decide(meta);
    if (set === undefined && writes.length === 0) return result;
    if ((await store.table.transact([metaUpdate(app, meta, set ?? {}), ...writes])) === 'written') return result;
    await backOff(attempt);
  }
  throw new DriftlessError(
    'StateUnavailable',
    `Application/${app}: ${RACES} races for its record were lost; try again`,
  );
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
export function recordOf(name: string, meta: Meta): ApplicationRecord | undefined {
  const { app, specHash, specSeq, desiredSeq, desiredRevision, lease, lastSync, health } = meta;
  if (app === undefined || specHash === undefined) return undefined;
  return {
    app: parseApplication(name, app),
    specHash,
    ...(specSeq === undefined ? {} : { specSeq }),
    desiredSeq,
    ...(desiredRevision === undefined ? {} : { desiredRevision }),
    ...(lease === undefined ? {} : { lease }),
    ...(lastSync === undefined ? {} : { lastSync }),
    ...(health === undefined ? {} : { health }),
  };
}
