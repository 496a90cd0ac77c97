// In: an event of CloudWatch. Out: rollbacks that were asked for, drift that was looked at, and people who were told. Safe to repeat: a rollback is asked
// for once for each commit. May go wrong: PayloadInvalid for what is no alarm event, which is no better the next time; a rollback that could not be asked for
// is thrown after everything else was done, so that the same event comes again.

import { asDriftlessError } from '../errors.ts';
import type { AlarmChange } from '../model/alarm-change.ts';
import type { DriftRecord } from '../model/drift.ts';
import type { Notification } from '../model/notification.ts';
import { operationName } from '../model/operation.ts';
import { type AlarmResponse, respondToAlarm } from '../policy/alarm-response.ts';
import type { Notifier } from '../ports/notify.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import type { Operations } from '../ports/workflow.ts';
import { parseAlarmEvent } from './alarm-event.ts';
import { checkedNotice, rolledBackNotice } from './alarm-notices.ts';

/** What an alarm needs of the world. */
export type AlarmPorts = {
  readonly state: Pick<StateStore, 'applications' | 'request'>;
  readonly operations: Operations;
  readonly notifier: Notifier;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** Looks at the drift of these applications now. */
  readonly check: (apps: readonly string[]) => Promise<readonly DriftRecord[]>;
};

/** What became of one application that names the alarm; its rollback is the operation `<app>-<seq>`. */
type AlarmResult = AlarmResponse & { readonly alarm: string; readonly operation?: string };

/** Handles an alarm event of any shape. */
export async function handleAlarm(
  event: unknown,
  ports: AlarmPorts,
): Promise<{ readonly applications: readonly AlarmResult[] }> {
  const applications: AlarmResult[] = [];
  for (const change of readEvent(event, ports.log)) applications.push(...(await handleChange(change, ports)));
  return { applications };
}

function readEvent(event: unknown, log: Log): readonly AlarmChange[] {
  try {
    return parseAlarmEvent(event);
  } catch (thrown) {
    log.warn('refused an alarm event', { reason: asDriftlessError(thrown).message });
    throw thrown;
  }
}

async function handleChange(change: AlarmChange, given: AlarmPorts): Promise<readonly AlarmResult[]> {
  // Most changes are returns to OK, which ask for nothing.
  if (change.state !== 'ALARM') return [];
  const ports = { ...given, log: given.log.bind({ alarm: change.name, arn: change.arn }) };
  const now = ports.clock.now();
  const records = await ports.state.applications();
  const responses = records.flatMap((record) => respondToAlarm(change, record, now) ?? []);
  const settled = await Promise.allSettled([
    ...responses.filter(isRollback).map((response) => rollBack(change, response, ports)),
    checkAll(change, responses.filter(isCheck), ports),
  ]);
  for (const { app, reason } of responses.filter(isIgnored)) ports.log.info('left alarm alone', { app, reason });
  const results = settled.flatMap((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
  return [...results, ...responses.filter(isIgnored).map((response) => ({ ...response, alarm: change.name }))];
}

type Of<A extends AlarmResponse['action']> = Extract<AlarmResponse, { readonly action: A }>;
type Unrolled = Exclude<AlarmResponse, Of<'rollback'>>;

function isRollback(response: AlarmResponse): response is Of<'rollback'> {
  return response.action === 'rollback';
}

function isCheck(response: AlarmResponse): response is Unrolled {
  return response.action === 'check';
}

function isIgnored(response: AlarmResponse): response is Unrolled {
  return response.action === 'ignore';
}

/** An event that comes again, and a second alarm for the same commit, find the rollback asked for. */
async function rollBack(
  change: AlarmChange,
  response: Of<'rollback'>,
  ports: AlarmPorts,
): Promise<readonly AlarmResult[]> {
  const { app, undo } = response;
  const trigger = { kind: 'rollback', by: change.name, undo } as const;
  const { seq, start, alreadyAsked } = await ports.state.request(app, { trigger });
  if (start) await ports.operations.start(app, seq);
  const operation = operationName({ app, seq });
  ports.log.warn('rolls back', { app, operation, undo, to: response.to, alreadyAsked });
  const now = ports.clock.now();
  if (!alreadyAsked) await tell(rolledBackNotice(change, { ...response, operation, now }), ports);
  return [{ ...response, alarm: change.name, operation }];
}

/** A cluster that cannot be looked at is told of, too: the alarm is news by itself. */
async function checkAll(
  change: AlarmChange,
  wanted: readonly Unrolled[],
  ports: AlarmPorts,
): Promise<readonly AlarmResult[]> {
  if (wanted.length === 0) return [];
  const apps = wanted.map(({ app }) => app);
  const found = await look(apps, ports);
  ports.log.info('looked for drift', { applications: apps });
  await tell(checkedNotice(change, { wanted, found, now: ports.clock.now() }), ports);
  return wanted.map((response) => ({ ...response, alarm: change.name }));
}

async function look(apps: readonly string[], ports: AlarmPorts): Promise<readonly DriftRecord[] | string> {
  try {
    return await ports.check(apps);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.error('could not look for drift', { applications: apps, code, reason: message });
    return message;
  }
}

/** What was done stays done where nobody can be told. */
async function tell(notification: Notification, { notifier, log }: AlarmPorts): Promise<void> {
  try {
    await notifier.notify(notification);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    log.error('could not notify', { kind: notification.kind, code, reason: message });
  }
}
