// In: a request for an operation. Out: its number, and whether the caller has to start it. What may go wrong: the application is unknown.
import type { OperationRequest, WantedOperation } from '../model/application-record.ts';
import { changeMeta, type Decision, type Store } from './application-item.ts';
import { applicationUnknown } from './dynamo/errors.ts';
import { operationPut } from './dynamo/writes.ts';
import { liveLease, newestIsOpen } from './lease-rules.ts';
import { openOperations } from './operations.ts';
import type { Meta } from './schema/records.ts';

/** Requests an operation. While no lease is live, the caller has to start it; otherwise the holder finds it, at the latest when it ends. */
export function requestOperation(store: Store, app: string, wanted: WantedOperation): Promise<OperationRequest> {
  return changeMeta(store, app, async (meta) => {
    if (meta?.app === undefined) throw applicationUnknown(app);
    const free = liveLease(meta, store.clock.now()) === undefined;
    const seq = await askedBefore(store, app, { meta, wanted });
    if (seq === undefined) return asked(store, app, { meta, wanted });
    return { result: { seq, start: free && newestIsOpen(meta), alreadyAsked: true } };
  });
}

type Asking = { readonly meta: Meta; readonly wanted: WantedOperation };

/** The operation that already does what is requested: machines repeat a request. People and configuration always get a new operation. */
async function askedBefore(store: Store, app: string, { meta, wanted }: Asking): Promise<number | undefined> {
  switch (wanted.trigger.kind) {
    case 'push':
    case 'sweep':
      return isKnown(meta, wanted.revision) ? meta.desiredSeq : undefined;
    case 'drift':
      return newestIsOpen(meta) ? meta.desiredSeq : undefined;
    case 'handover':
      // One that runs may have planned before there was a reason to ask.
      return newestIsOpen(meta) && meta.lease?.seq !== meta.desiredSeq ? meta.desiredSeq : undefined;
    case 'rollback':
      return sameRollback(store, app, { meta, wanted });
    default:
      return undefined;
  }
}

/** A delivery that came twice, or a sweep that finds the commit of an earlier push. */
function isKnown(meta: Meta, revision: string | undefined): boolean {
  if (meta.desiredSeq === 0 || revision !== meta.desiredRevision) return false;
  return newestIsOpen(meta) || isDeployed(meta, revision);
}

function isDeployed({ settled }: Meta, revision: string | undefined): boolean {
  if (revision === undefined || settled?.revision !== revision) return false;
  return settled.status === 'synced' || settled.status === 'unchanged';
}

/** Several alarms go off for one bad commit. A request after the rollback stays: it brings another commit. */
async function sameRollback(store: Store, app: string, { meta, wanted }: Asking): Promise<number | undefined> {
  const { undo } = wanted.trigger;
  if (undo === undefined || !newestIsOpen(meta)) return undefined;
  const open = await openOperations(store, app, { from: meta.openFrom, to: meta.desiredSeq });
  return open.find(({ trigger }) => trigger.undo === undo)?.seq;
}

async function asked(
  { clock, lastSequence }: Store,
  app: string,
  { meta, wanted }: Asking,
): Promise<Decision<OperationRequest>> {
  const { revision, trigger, events } = wanted;
  const now = clock.now();
  const at = new Date(now).toISOString();
  const seq = Math.max(meta.desiredSeq, await lastSequence()) + 1;
  const operation = { app, seq, trigger, phase: 'pending', requestedAt: at } as const;
  return {
    result: { seq, start: liveLease(meta, now) === undefined, alreadyAsked: false },
    set: {
      desiredSeq: seq,
      requested: { seq, trigger: trigger.kind, at },
      ...(revision === undefined ? {} : { desiredRevision: revision }),
    },
    writes: [operationPut(operation)],
    ...(events !== undefined && { events: events(seq) }),
  };
}
