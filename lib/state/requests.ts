// In: the wish for an operation. Out: its number, and whether the caller has to start it. What may go wrong: the application is unknown.
import type { OperationRequest } from '../model/application-record.ts';
import type { Trigger } from '../model/operation.ts';
import { applicationUnknown } from './faults.ts';
import { operationPut } from './items.ts';
import { liveLease, newestIsOpen } from './lease-rules.ts';
import { changeMeta, type Decision, type Store } from './meta.ts';
import type { Meta } from './records.ts';

type Wanted = { readonly revision?: string; readonly trigger: Trigger };

/** Asks for an operation. Who asks while no lease is live has to start it; otherwise the holder learns of it, at the latest when it concludes. */
export function requestOperation(store: Store, app: string, wanted: Wanted): Promise<OperationRequest> {
  return changeMeta(store, app, (meta) => {
    if (meta?.app === undefined) throw applicationUnknown(app);
    const now = store.clock.now();
    return repeated(meta, wanted, now) ?? asked(app, meta, wanted, now);
  });
}

/** A delivery that came twice, or a sweep that finds what a push already told; people and configuration always get a new operation. */
function repeated(meta: Meta, { revision, trigger }: Wanted, now: number): Decision<OperationRequest> | undefined {
  const repeatable = trigger.kind === 'push' || trigger.kind === 'sweep';
  if (!repeatable || meta.desiredSeq === 0 || revision !== meta.desiredRevision) return undefined;
  const answer = { seq: meta.desiredSeq, alreadyAsked: true };
  if (newestIsOpen(meta)) return { result: { ...answer, start: liveLease(meta, now) === undefined } };
  return isDeployed(meta, revision) ? { result: { ...answer, start: false } } : undefined;
}

function isDeployed({ settled }: Meta, revision: string | undefined): boolean {
  if (revision === undefined || settled?.revision !== revision) return false;
  return settled.status === 'synced' || settled.status === 'unchanged';
}

function asked(app: string, meta: Meta, { revision, trigger }: Wanted, now: number): Decision<OperationRequest> {
  const seq = meta.desiredSeq + 1;
  const operation = { app, seq, trigger, phase: 'pending', requestedAt: new Date(now).toISOString() } as const;
  return {
    result: { seq, start: liveLease(meta, now) === undefined, alreadyAsked: false },
    set: { desiredSeq: seq, ...(revision === undefined ? {} : { desiredRevision: revision }) },
    writes: [operationPut(operation)],
  };
}
