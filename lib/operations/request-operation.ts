// The one way to an operation. In: an application, a trigger and, where it is known, the commit. Out: the operation that was requested, or the gate that
// blocks it. May go wrong: what the state table or the start throws.
//
// The gates are checked, the request is recorded in one atomic write, and the operation is started. While another operation has the lease, that one starts
// its successor at its end. A crash between the two writes leaves an operation that is requested and not started. A repeated request starts it, and so
// does the next sweep, which starts every open operation without a lease. Starting an operation twice is harmless, so no record of the start is needed.
import type { OperationRequest, WantedOperation } from '../model/application-record.ts';
import { operationName, type Trigger } from '../model/operation.ts';
import { type BlockingGate, blockedBy, type GatedApplication } from '../policy/gates.ts';
import type { Clock } from '../ports/runtime.ts';
import type { OperationStore } from '../ports/store.ts';
import type { Operations } from '../ports/workflow.ts';

export type RequestPorts = {
  readonly state: OperationStore;
  readonly operations: Operations;
  readonly clock: Pick<Clock, 'now'>;
};

export type OperationInput = WantedOperation & {
  /** Checks the gates for another kind of trigger than the operation's own; `manual` passes all of them. */
  readonly gatesOf?: Trigger['kind'];
};

/** No operation is requested. */
export type BlockedOperation = { readonly status: 'blocked'; readonly gate: BlockingGate };

/** `queued` waits for the operation that runs; `alreadyRequested` names the operation that an earlier request has made. */
export type RequestedOperation = {
  readonly status: 'started' | 'queued' | 'alreadyRequested';
  readonly seq: number;
  /** `<app>-<seq>`. */
  readonly operation: string;
};

/** An operation that is requested and not started yet; `start` says whether the caller has to start it. */
export type PreparedOperation = OperationRequest & { readonly status: 'prepared' };

/** Requests an operation and starts it where it is the caller's to start, also one that was requested before. */
export async function requestOperation(
  application: GatedApplication,
  input: OperationInput,
  ports: RequestPorts,
): Promise<RequestedOperation | BlockedOperation> {
  const prepared = await prepareOperation(application, input, ports);
  if (prepared.status === 'blocked') return prepared;
  const { seq, start, alreadyAsked } = prepared;
  const id = { app: application.app.name, seq };
  if (start) await startOperation(id, ports);
  const status = alreadyAsked ? 'alreadyRequested' : start ? 'started' : 'queued';
  return { status, seq, operation: operationName(id) };
}

/** Requests an operation and leaves its start to the caller, which has to record something first. */
export async function prepareOperation(
  application: GatedApplication,
  { gatesOf, ...wanted }: OperationInput,
  { state, clock }: Omit<RequestPorts, 'operations'>,
): Promise<PreparedOperation | BlockedOperation> {
  const { trigger, revision } = wanted;
  const commit = revision === undefined ? {} : { revision };
  const gate = blockedBy(application, { trigger: gatesOf ?? trigger.kind, ...commit, now: clock.now() });
  if (gate !== undefined) return { status: 'blocked', gate };
  return { status: 'prepared', ...(await state.request(application.app.name, wanted)) };
}

/** Starts an operation that was requested; does nothing where it runs or has ended. */
export function startOperation(
  { app, seq }: { readonly app: string; readonly seq: number },
  { operations }: Pick<RequestPorts, 'operations'>,
): Promise<void> {
  return operations.start(app, seq);
}
