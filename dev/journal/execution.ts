// In: an execution's operations and what the SDK sends of them. Out: what they become. What may go wrong: what AWS would refuse is refused
// here too, so that it shows on a laptop.
import {
  DurableExecutionClientError,
  type ErrorObject,
  type OperationUpdate,
  type WireOperation,
} from '@aws/durable-execution-sdk-js';

/** A durable execution that has not ended. */
export type Execution = {
  readonly name: string;
  /** JSON. */
  readonly payload: string;
  readonly startedAt: number;
  readonly operations: Map<string, WireOperation>;
  /** The latest time that it has seen, which does not go back when the machine's clock does. */
  now: number;
  /** Bytes of its journal file that are whole. */
  size: number;
  /** What the invocation that runs must show; each checkpoint changes it. */
  token: string;
  /** Invocations that broke since the last that did not. */
  faults: number;
};

/** How an execution ended. */
export type Ended = {
  readonly name: string;
  readonly payload: string;
  readonly status: 'SUCCEEDED' | 'FAILED';
  /** JSON. */
  readonly result?: string | undefined;
  readonly error?: ErrorObject;
  readonly startedAt: number;
  readonly endedAt: number;
};

type Operations = ReadonlyMap<string, WireOperation>;

const MAX_OPERATIONS = 3_000;
const MAX_PAYLOAD_BYTES = 256 * 1024;

/** An execution as it starts, or as it is read again before its checkpoints are. */
export function newExecution(start: Pick<Execution, 'name' | 'payload' | 'startedAt' | 'size'>): Execution {
  return { ...start, operations: new Map(), now: start.startedAt, token: '', faults: 0 };
}

/** Takes over operations that have changed. */
export function merge({ operations }: Execution, changed: readonly WireOperation[]): void {
  for (const operation of changed) if (operation.Id !== undefined) operations.set(operation.Id, operation);
}

/** Lets time pass for an execution, and returns what that has changed: waits that are over, retries that are due. */
export function passTime(execution: Execution, now: number): WireOperation[] {
  execution.now = Math.max(execution.now, now);
  const changed = [...execution.operations.values()].flatMap((operation): WireOperation[] => {
    const due = dueAt(operation);
    if (due === undefined || due > execution.now) return [];
    if (operation.Type !== 'WAIT') return [{ ...operation, Status: 'READY' }];
    return [{ ...operation, Status: 'SUCCEEDED', EndTimestamp: new Date(due) }];
  });
  merge(execution, changed);
  return changed;
}

/** When an execution that is not running goes on; 0 where it waits for nothing. */
export function wakesAt(operations: Operations): number {
  const times = [...operations.values()].flatMap((operation) => dueAt(operation) ?? []);
  return times.length === 0 ? 0 : Math.min(...times);
}

/** Whether a step has started and not ended. */
export function inStep(operations: Operations): boolean {
  return [...operations.values()].some(({ Type, Status }) => Type === 'STEP' && Status === 'STARTED');
}

/** The operations that updates make, in order, without changing the old ones. */
export function applyUpdates(operations: Operations, updates: readonly OperationUpdate[], at: number): WireOperation[] {
  const changed = new Map<string, WireOperation>();
  for (const update of updates) {
    const { Id: id, Payload: payload = '' } = update;
    if (id === undefined) throw refusal('an update has no id');
    if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES)
      throw refusal(`${update.Name ?? 'the operation'}: its result exceeds 256 kB`);
    changed.set(id, applyUpdate(changed.get(id) ?? operations.get(id), update, at));
  }
  const created = [...changed.keys()].filter((id) => !operations.has(id)).length;
  if (operations.size + created > MAX_OPERATIONS) throw refusal(`it has more than ${MAX_OPERATIONS} operations`);
  return [...changed.values()];
}

function applyUpdate(known: WireOperation | undefined, update: OperationUpdate, at: number): WireOperation {
  const { Id, Name, Type, SubType, Action } = update;
  const next = known ?? { Id, Name, Type, SubType, StartTimestamp: new Date(at), Status: undefined };
  if (Type === 'WAIT' && Action === 'START' && known === undefined) {
    const end = at + 1000 * (update.WaitOptions?.WaitSeconds ?? 0);
    return { ...next, Status: 'STARTED', WaitDetails: { ScheduledEndTimestamp: new Date(end) } };
  }
  if (Type === 'STEP' && Action === 'START' && (known === undefined || known.Status === 'READY'))
    return { ...next, Status: 'STARTED' };
  const open = known === undefined || known.Status === 'STARTED' || known.Status === 'READY';
  if (Type === 'STEP' && Action !== 'START' && open) return closeAttempt(next, update, at);
  throw refusal(`${Name}: ${Type} ${Action} does not follow on ${known?.Status ?? 'nothing'}`);
}

function closeAttempt(step: WireOperation, update: OperationUpdate, at: number): WireOperation {
  const Attempt = (step.StepDetails?.Attempt ?? 0) + 1;
  const details = { Attempt, Result: update.Payload, Error: update.Error };
  switch (update.Action) {
    case 'SUCCEED':
      return { ...step, Status: 'SUCCEEDED', StepDetails: details, EndTimestamp: new Date(at) };
    case 'FAIL':
      return { ...step, Status: 'FAILED', StepDetails: details, EndTimestamp: new Date(at) };
    case 'RETRY': {
      const next = at + 1000 * (update.StepOptions?.NextAttemptDelaySeconds ?? 1);
      return { ...step, Status: 'PENDING', StepDetails: { ...details, NextAttemptTimestamp: new Date(next) } };
    }
    default:
      throw refusal(`${step.Name}: a step knows no ${update.Action}`);
  }
}

function dueAt({ Type, Status, StepDetails, WaitDetails }: WireOperation): number | undefined {
  if (Type === 'WAIT' && Status === 'STARTED') return time(WaitDetails?.ScheduledEndTimestamp);
  if (Status === 'PENDING') return time(StepDetails?.NextAttemptTimestamp);
  return undefined;
}

function time(stamp: Date | string | undefined): number {
  return stamp === undefined ? 0 : new Date(stamp).getTime();
}

/** An error that ends the execution: a retry would meet it again. */
function refusal(what: string): DurableExecutionClientError {
  return new DurableExecutionClientError(what, { scope: 'EXECUTION' });
}
