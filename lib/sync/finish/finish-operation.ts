// In: how an operation ends. Out: its outcome, once the record, the application's state and the lease are written as one, and a newer operation that
// waits is started. May throw what the state store throws; the operation then has no end, and the sweep finds it.
import { asDriftlessError } from '../../errors.ts';
import type { ApplicationRecord, End, Waiting } from '../../model/application-record.ts';
import { applicationStream } from '../../model/event.ts';
import type { Operation, Outcome } from '../../model/operation.ts';
import { type FailureChange, failureAfter } from '../../policy/failure.ts';
import { pendingDeletion, waitingForDeletion } from '../../policy/pending-deletion.ts';
import { sourceFound } from '../../policy/source-news.ts';
import { operationMetrics } from '../operation/metrics.ts';
import type { Run } from '../operation/run.ts';
import type { Finish, RecordEffect } from './finish.ts';
import { recordChanges } from './record-changes.ts';

type EndedFinish = Exclude<Finish, { readonly outcome?: undefined }>;

/** Ends the operation; one that belongs to another worker is not touched. */
export async function finishOperation(run: Run, finish: Finish): Promise<Outcome> {
  const { outcome } = finish;
  if (outcome === undefined) return abandonOperation(run, finish.abandoned);
  const { state, operations, metrics, outbox } = run.ports;
  await run.flow.step('conclude', async () => {
    const lease = await run.lease.need();
    const { deployment, ...changes } = await recordChanges(run, finish.effect);
    if (deployment !== undefined) await state.putDeployment(lease, deployment);
    const operation = await run.record.ended(outcome);
    const health = healthAtEnd(operation);
    const waiting = await waitingAfter(run, finish);
    const { isKnown, ...told } = await news(run, operation, finish.effect);
    const seen = run.seen && { seen: run.seen };
    const { successor } = await state.conclude(lease, {
      operation,
      ...changes,
      ...health,
      ...waiting,
      ...seen,
      ...told,
    });
    if (successor !== undefined) await operations.start(run.request.app, successor);
    run.log.info('ended operation', { outcome: outcome.status, reason: outcome.message });
    metrics?.put(operationMetrics(operation, isKnown));
    if (told.events !== undefined) await outbox?.deliver(applicationStream(run.request.app));
    return {};
  });
  return outcome;
}

/** What an operation took over from an earlier one, without a look, stays that one's. */
function healthAtEnd({ seq, endedAt, outcome }: Operation): Pick<End, 'health'> {
  return outcome?.health === undefined ? {} : { health: { seq, ...(endedAt && { at: endedAt }), ...outcome.health } };
}

/** What people are told of the end: a failure once for each reason, and that it is over; that Git answers again. */
async function news(run: Run, operation: Operation, effect: RecordEffect | undefined): Promise<FailureChange> {
  const record = await run.application();
  const hasWrittenNothing = effect?.kind === 'retained' || (operation.plan?.refused ?? 0) > 0;
  const { events = [], ...change } = failureAfter(record, operation, hasWrittenNothing);
  const found = run.seen && record.head ? sourceFound(record.app.name, record.head, run.seen.at) : [];
  const all = [...found, ...events];
  return { ...change, ...(all.length > 0 && { events: all }) };
}

/** An operation that has not seen all removals of the application to their end leaves a deletion under way as it was; a correction leaves all that is waited for. */
async function waitingAfter(
  run: Run,
  { effect, isDeleting, hasLooked, waiting }: EndedFinish,
): Promise<Pick<End, 'waiting'>> {
  const [record, { trigger }] = [await run.application(), await run.record.read()];
  const pending = effect?.kind === 'deployed' ? undefined : pendingDeletion(record);
  const deletion = isDeleting ? waitingForDeletion(record, run.ports.clock.now()) : pending;
  const known = trigger.kind === 'drift' ? (record.waiting ?? []).filter((one) => one !== pending) : [];
  const move =
    hasLooked || trigger.kind === 'drift' ? undefined : waitingForMove(record, effect, run.ports.clock.now());
  const all = [
    ...(deletion === undefined ? [] : [deletion]),
    ...(waiting ?? known),
    ...(move === undefined ? [] : [move]),
  ];
  return all.length === 0 ? {} : { waiting: all };
}

/** A deployment that does not get healthy leaves what is in former clusters to a later operation; one that ends before that leaves it as it was. */
function waitingForMove(
  { moved, waiting }: ApplicationRecord,
  effect: RecordEffect | undefined,
  now: number,
): Waiting | undefined {
  if (moved === undefined) return undefined;
  const known = waiting?.find(({ gate }) => gate === 'move');
  return known ?? (effect?.kind === 'deployed' ? { gate: 'move', since: new Date(now).toISOString() } : undefined);
}

/** Ends the operation after an error; without the lease, its record belongs to the worker that holds it. */
export async function failOperation(run: Run, thrown: unknown): Promise<Outcome> {
  const { code, message, hint } = asDriftlessError(thrown);
  if (code === 'LeaseLost') return abandonOperation(run, message);
  run.log.error('failed operation', { code, reason: message });
  try {
    return await finishOperation(run, { outcome: { status: 'failed', message, error: { code, message, hint } } });
  } catch (error) {
    if (asDriftlessError(error).code === 'LeaseLost') return abandonOperation(run, message);
    throw error;
  }
}

/** Writes nothing; returns the recorded outcome where there is one. */
async function abandonOperation(run: Run, reason: string): Promise<Outcome> {
  run.log.warn('abandoned operation', { reason });
  const { app, seq } = run.request;
  const recorded = await run.ports.state.operation(app, seq);
  return recorded?.outcome ?? { status: 'superseded', message: reason };
}
