// In: an operation that wants to write, writes, or has ended. Out: its lease, and which operation is next. What may go wrong: a higher fence
// exists (LeaseLost), or the application is unknown.
import type { Acquisition, Deployment, End, Lease } from '../model/application-record.ts';
import { headAfterEnd } from '../model/head.ts';
import { changeMeta, changeMetaFenced, type Decision, recordOf, type Store } from './application-item.ts';
import { applicationUnknown, leaseLost } from './dynamo/errors.ts';
import { endedOperationPut } from './dynamo/writes.ts';
import { expiry, liveLease, newestIsOpen } from './lease-rules.ts';
import type { MetaChange } from './lists/list-items.ts';
import { forgetAt, readOperation, supersededPut } from './operations.ts';
import { nothingWanted } from './ownership/wants.ts';
import type { Meta } from './schema/records.ts';
import { newest } from './suspension.ts';

const OVERTAKEN = {
  status: 'superseded',
  message: 'a newer operation was requested, or the application was removed, before this one ended',
} as const;

/**
 * Gives the newest operation the lease under a fence that is higher than any before; also when that operation has it already, since then its
 * worker has crashed. An operation that another worker runs is not taken up before its lease has expired.
 */
export function acquire(store: Store, app: string, seq: number, leaseSeconds: number): Promise<Acquisition> {
  return changeMeta<Acquisition>(store, app, (meta) => {
    if (meta === undefined) throw applicationUnknown(app);
    const now = store.clock.now();
    const record = recordOf(store, app, meta);
    if (seq < meta.desiredSeq || record === undefined) return endObsolete(store, meta, { app, seq });
    if (seq > meta.desiredSeq || !newestIsOpen(meta)) return { result: { status: 'ended' } };
    const holder = liveLease(meta, now);
    if (holder !== undefined && !isOurs(store, holder, seq)) {
      return { result: { status: 'held', by: holder.seq, expiresAt: holder.expiresAt } };
    }
    const fence = meta.fence + 1;
    const lease = { app, seq, fence, expiresAt: expiry(now, leaseSeconds), ...workerOf(store) };
    return { result: { status: 'acquired', lease, record: { ...record, lease } }, set: { fence, lease } };
  });
}

function isOurs({ worker }: Store, holder: Lease, seq: number): boolean {
  return holder.seq === seq && holder.worker === worker;
}

function workerOf({ worker }: Store): Pick<Lease, 'worker'> {
  return worker === undefined ? {} : { worker };
}

/** Extends a lease, also an expired one that no other worker has taken. */
export function renew(
  store: Store,
  lease: Lease,
  leaseSeconds: number,
): Promise<{ readonly lease: Lease; readonly desiredSeq: number }> {
  return changeMetaFenced(store, lease, ({ desiredSeq }) => {
    const renewed = { ...lease, expiresAt: expiry(store.clock.now(), leaseSeconds) };
    return { result: { lease: renewed, desiredSeq }, set: { lease: renewed } };
  });
}

/** Ends the operation that holds the lease. A repetition after a crash gets the same answer. */
export function conclude(store: Store, lease: Lease, end: End): Promise<{ readonly successor?: number }> {
  return changeMeta(store, lease.app, (meta) => {
    if (meta?.lease?.fence === lease.fence) return concluded(store, meta, end);
    if (meta?.settled?.fence === lease.fence) return { result: successorOf(meta, lease.seq) };
    throw leaseLost(lease);
  });
}

function concluded(store: Store, meta: Meta, end: End): Decision<{ successor?: number }> {
  const { operation, lastSync, health, previous, held, waiting, events = [] } = end;
  const commit = newestOf(meta, end);
  const { seq, outcome } = operation;
  const revision = outcome?.revision ?? operation.revision;
  return {
    result: successorOf(meta, seq),
    set: {
      lease: undefined,
      settled: {
        seq,
        fence: meta.fence,
        ...(outcome === undefined ? {} : { status: outcome.status }),
        ...(revision === undefined ? {} : { revision }),
        at: operation.endedAt ?? isoNow(store),
      },
      ...(meta.openFrom === seq ? { openFrom: seq + 1 } : {}),
      ...(lastSync === undefined ? {} : { lastSync }),
      ...commit.set,
      ...(health === undefined ? {} : { health }),
      ...(previous === undefined ? {} : { previous }),
      ...(held === undefined ? {} : { held: newest(held) }),
      ...(waiting === undefined && meta.waiting === undefined ? {} : { waiting }),
      ...newsOf(meta, end),
    },
    writes: [endedOperationPut(operation, forgetAt(store)), ...commit.writes],
    events,
  };
}

/** What is known of the newest commit and what fails, where the end changes it. */
function newsOf({ head: known, lastSync: before }: Meta, { lastSync = before, seen, failure }: End): MetaChange {
  const head = headAfterEnd(known, { before: before?.revision, deployed: lastSync?.revision, seen });
  return {
    ...(JSON.stringify(head) === JSON.stringify(known) ? {} : { head }),
    ...(failure === undefined ? {} : { failure: failure ?? undefined }),
  };
}

/** What the end of an operation says of the newest commit: that it was rendered, and that nothing of it is wanted any more. */
function newestOf({ wants }: Meta, { operation, rendered, wantsNothing }: End): ReturnType<typeof nothingWanted> {
  const nothing = wantsNothing && wants ? nothingWanted(operation.app, wants) : { set: {}, writes: [] };
  return { ...nothing, set: { ...(rendered && { rendered }), ...nothing.set } };
}

/** Records the deployment that alarms watch from now on, in place of the one before. */
export function putDeployment(store: Store, lease: Lease, deployment: Deployment): Promise<void> {
  return changeMetaFenced(store, lease, () => ({ result: undefined, set: { deployment } }));
}

/** An operation that a newer one, or the removal of its application, has overtaken: ends it, and takes back the lease it may have. */
async function endObsolete(store: Store, meta: Meta, id: { app: string; seq: number }): Promise<Decision<Acquisition>> {
  const { seq } = id;
  const own = meta.lease?.seq === seq;
  const free = own || liveLease(meta, store.clock.now()) === undefined;
  const operation = await readOperation(store, id.app, seq);
  const result: Acquisition = { status: 'ended', ...(free ? successorOf(meta, seq) : {}) };
  if (!own && (operation === undefined || operation.phase === 'done')) return { result };
  return {
    result,
    set: {
      ...(own ? { lease: undefined } : {}),
      ...(seq === meta.desiredSeq ? { settled: { seq, status: 'superseded', at: isoNow(store) } } : {}),
    },
    writes: operation === undefined || operation.phase === 'done' ? [] : [supersededPut(store, operation, OVERTAKEN)],
  };
}

function isoNow({ clock }: Store): string {
  return new Date(clock.now()).toISOString();
}

function successorOf(meta: Meta, seq: number): { successor?: number } {
  return meta.desiredSeq > seq && meta.app !== undefined && newestIsOpen(meta) ? { successor: meta.desiredSeq } : {};
}
