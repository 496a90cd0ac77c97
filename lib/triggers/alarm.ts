// In: an event of CloudWatch. Out: rollbacks that were requested, applications that were scanned for drift, and the events of both, delivered. Safe to repeat: a rollback is
// requested once for each commit. May go wrong: PayloadInvalid for an event of another shape, which stays wrong when it is sent again; a rollback that
// could not be requested is thrown after everything else was done, so that the same event comes again.

import { asDriftlessError } from '../errors.ts';
import type { AlarmChange } from '../model/alarm-change.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { DriftRecord } from '../model/drift.ts';
import { applicationStream } from '../model/event.ts';
import { type RequestPorts, requestOperation } from '../operations/request-operation.ts';
import { type AlarmResponse, respondToAlarm } from '../policy/alarm-response.ts';
import type { Outbox } from '../ports/events.ts';
import type { Log } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import { parseAlarmEvent } from './alarm-event.ts';
import { checkedNotice, rolledBackNotice } from './alarm-notices.ts';

/** The outside world of an alarm. */
export type AlarmPorts = RequestPorts & {
  readonly state: StateStore;
  readonly outbox: Outbox;
  readonly log: Log;
  /** Scans these applications for drift now. */
  readonly check: (apps: readonly string[]) => Promise<readonly DriftRecord[]>;
};

/** The result for one application that names the alarm; its rollback is the operation `<app>-<seq>`. */
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
  // Most changes are returns to OK, which need no response.
  if (change.state !== 'ALARM') return [];
  const ports = { ...given, log: given.log.bind({ alarm: change.name, arn: change.arn }) };
  const now = ports.clock.now();
  const records = await ports.state.applications();
  const responses = records.flatMap((record) => {
    const response = respondToAlarm(change, record, now);
    return response === undefined ? [] : [{ record, response }];
  });
  const ignored = responses.flatMap(({ response }) => (response.action === 'ignore' ? [response] : []));
  const settled = await Promise.allSettled([
    ...responses.map(({ record, response }) =>
      response.action === 'rollback' ? rollBack(record, { change, response }, ports) : [],
    ),
    scanAll(
      change,
      responses.flatMap(({ response }) => (response.action === 'check' ? [response] : [])),
      ports,
    ),
  ]);
  for (const { app, reason } of ignored) ports.log.info('ignored alarm', { app, reason });
  const results = settled.flatMap((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
  return [...results, ...ignored.map((response) => ({ ...response, alarm: change.name }))];
}

type Rollback = Extract<AlarmResponse, { readonly action: 'rollback' }>;
type NoRollback = Exclude<AlarmResponse, Rollback>;

/** The same event again, and a second alarm for the same commit, find the rollback already requested. */
async function rollBack(
  record: ApplicationRecord,
  { change, response }: { readonly change: AlarmChange; readonly response: Rollback },
  ports: AlarmPorts,
): Promise<readonly AlarmResult[]> {
  const { app, undo, to } = response;
  const now = ports.clock.now();
  const events = (seq: number) => [rolledBackNotice(change, { ...response, seq, now })];
  const trigger = { kind: 'rollback', by: change.name, undo } as const;
  const result = await requestOperation(record, { trigger, events }, ports);
  if (result.status === 'blocked') {
    const reason = result.gate.message;
    ports.log.warn('did not roll back', { app, undo, reason });
    return [{ action: 'ignore', app, reason, alarm: change.name }];
  }
  const { operation } = result;
  const alreadyRequested = result.status === 'alreadyRequested';
  ports.log.warn('rolls back', { app, operation, undo, to, alreadyRequested });
  // Also where it is already requested: a crash may have come before the delivery.
  await ports.outbox.deliver(applicationStream(app));
  return [{ ...response, alarm: change.name, operation }];
}

/** The event is written also where the scan fails: the alarm alone is news. One about several applications is in the stream of the first. */
async function scanAll(
  change: AlarmChange,
  responses: readonly NoRollback[],
  ports: AlarmPorts,
): Promise<readonly AlarmResult[]> {
  const [first] = responses;
  if (first === undefined) return [];
  const apps = responses.map(({ app }) => app);
  const found = await scan(apps, ports);
  ports.log.info('scanned for drift', { applications: apps });
  const stream = applicationStream(first.app);
  await ports.state.putEvents(stream, [checkedNotice(change, { responses, found, now: ports.clock.now() })]);
  await ports.outbox.deliver(stream);
  return responses.map((response) => ({ ...response, alarm: change.name }));
}

async function scan(apps: readonly string[], ports: AlarmPorts): Promise<readonly DriftRecord[] | string> {
  try {
    return await ports.check(apps);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.error('could not scan for drift', { applications: apps, code, reason: message });
    return message;
  }
}
