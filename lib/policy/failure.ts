// In: an operation that has ended, and what failed before it. Out: what fails now, and what people are told: each reason of a commit once, and once that it is
// over. A correction of drift changes none of it: it deploys what was deployed.
import type { ApplicationRecord, End, Failure } from '../model/application-record.ts';
import { type EventDraft, eventOf } from '../model/event.ts';
import type { Operation, Outcome } from '../model/operation.ts';
import { isOfGate } from './gates.ts';

/** What the end of an operation records of failing; absent where that stays as it is. */
export type FailureChange = Pick<End, 'failure' | 'events'> & {
  /** Whether the operation has failed for a reason that people were told before. */
  readonly isKnown?: true;
};

const LONGEST_MESSAGE = 1_000;

/** Whether a gate stopped the operation on purpose, which is no failure. */
export function isBarred({ error }: Outcome): boolean {
  return error !== undefined && isOfGate(error.code);
}

/** What fails after an operation. */
export function failureAfter(
  record: Pick<ApplicationRecord, 'failure'>,
  operation: Operation,
  hasWrittenNothing = false,
): FailureChange {
  const { outcome, trigger } = operation;
  if (outcome === undefined || trigger.kind === 'drift' || isBarred(outcome)) return {};
  if (outcome.status === 'failed' || outcome.status === 'refused')
    return afterFailure(record, operation, { ...outcome, status: outcome.status, hasWrittenNothing });
  if (record.failure === undefined || !hasDeployed(operation, outcome)) return {};
  return { failure: null, events: [recovered(record.failure, operation, outcome)] };
}

/** A rollback that found nothing to go back to ends as unchanged, too. */
function hasDeployed({ trigger }: Operation, { status }: Outcome): boolean {
  if (trigger.kind === 'rollback') return status === 'rolledBack' || status === 'degraded';
  return status === 'synced' || status === 'unchanged' || status === 'degraded';
}

type Failed = Outcome & Pick<Failure, 'status'> & { readonly hasWrittenNothing: boolean };

function afterFailure(
  { failure: before }: Pick<ApplicationRecord, 'failure'>,
  operation: Operation,
  { status, error, message, revision = operation.revision, hasWrittenNothing }: Failed,
): FailureChange {
  const { seq, endedAt = operation.requestedAt } = operation;
  const failure: Failure = {
    seq,
    status,
    ...(error && { code: error.code }),
    message: message.slice(0, LONGEST_MESSAGE),
    ...(revision !== undefined && { revision }),
    ...(hasWrittenNothing && { hasWrittenNothing }),
    since: before?.since ?? endedAt,
    at: endedAt,
  };
  if (before !== undefined && reasonOf(before) === reasonOf(failure)) return { failure, isKnown: true };
  return { failure, events: [failed(failure, operation, error?.hint)] };
}

/** The same for the same reason; the words of a code may differ each time. */
function reasonOf({ status, code, message, revision = '-' }: Failure): string {
  return `${status} ${revision} ${code ?? message}`;
}

function failed(failure: Failure, operation: Operation, hint: string | undefined): EventDraft {
  const { app, seq } = operation;
  const { status, revision, message, at, since } = failure;
  const notification = {
    kind: `deployment.${status}`,
    at,
    app,
    title: `${app}: the deployment ${ofCommit(revision)}${status === 'refused' ? 'was refused' : 'failed'}`,
    lines: [...message.split('\n'), ...(hint === undefined ? [] : [hint]), ...commitLines(operation)],
  } as const;
  const key = `${notification.kind} ${since} ${reasonOf(failure)}`.slice(0, 200);
  return eventOf(notification, { key, seq, ...(revision !== undefined && { revision }) });
}

function recovered(
  { status, since, message }: Failure,
  operation: Operation,
  { status: now, revision = operation.revision }: Outcome,
): EventDraft {
  const { app, seq, endedAt = operation.requestedAt } = operation;
  const how = now === 'rolledBack' ? 'rolled back' : 'deployed';
  const notification = {
    kind: 'deployment.recovered',
    at: endedAt,
    app,
    title: `${app}: ${revision === undefined ? 'it' : `commit ${revision.slice(0, 7)}`} is ${how} again`,
    lines: [`before, since ${since}: ${status}: ${message.split('\n')[0] ?? ''}`, ...commitLines(operation)],
  } as const;
  return eventOf(notification, { key: `deployment.recovered ${since} ${seq}`, seq, ...(revision && { revision }) });
}

function ofCommit(revision: string | undefined): string {
  return revision === undefined ? '' : `of commit ${revision.slice(0, 7)} `;
}

function commitLines({ commit }: Operation): readonly string[] {
  return commit === undefined ? [] : [`${commit.author}: ${commit.subject}`];
}
