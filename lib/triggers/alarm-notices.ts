// In: an alarm that went off, and the response. Out: the event, which people are notified of.

import type { AlarmChange } from '../model/alarm-change.ts';
import type { DriftedObject, DriftRecord } from '../model/drift.ts';
import { type EventDraft, eventOf } from '../model/event.ts';
import { formatRef } from '../model/kube-object.ts';
import { operationName } from '../model/operation.ts';

/** A notification names this many drifted objects; `driftless drift` lists all of them. */
const NAMED_OBJECTS = 20;
const NAMED_FIELDS = 5;

type RolledBack = {
  readonly app: string;
  readonly undo: string;
  readonly to: string;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** The event of a rollback. */
export function rolledBackNotice(change: AlarmChange, { app, undo, to, seq, now }: RolledBack): EventDraft {
  const [bad, good] = [undo.slice(0, 7), to.slice(0, 7)];
  const notification = {
    kind: 'alarm.rolledBack',
    at: new Date(now).toISOString(),
    app,
    title: `${app} is rolled back from ${bad} to ${good}: alarm ${change.name} went off within its bake time`,
    lines: [
      ...aboutAlarm(change),
      `operation ${operationName({ app, seq })} deploys the stored rendering of ${to}`,
      `${undo} is held from then on: push a fix, or sync ${app} manually with --release to deploy it anyway`,
    ],
  } as const;
  return eventOf(notification, { key: `alarm.rolledBack ${seq}`, seq, revision: to });
}

type Checked = {
  /** The applications that were scanned, and why they were not rolled back. */
  readonly responses: readonly { readonly app: string; readonly reason: string }[];
  /** What the scan found, or why it failed. */
  readonly found: readonly DriftRecord[] | string;
  readonly now: number;
};

/** The event of the scan of the alarm's applications. An alarm's event that comes again has the same key. */
export function checkedNotice(change: AlarmChange, { responses, found, now }: Checked): EventDraft {
  const [only, ...others] = responses.map(({ app }) => app);
  const names = responses.map(({ app }) => app).join(', ');
  const lines = responses.flatMap(({ app, reason }) => [
    `${app} was not rolled back: ${reason}`,
    ...(typeof found === 'string' ? [] : driftLines(found.find((record) => record.app === app))),
  ]);
  const notification = {
    kind: 'alarm.checked',
    at: new Date(now).toISOString(),
    ...(only !== undefined && others.length === 0 && { app: only }),
    title: `alarm ${change.name} went off; ${names}: ${typeof found === 'string' ? `the scan for drift failed: ${found}` : summaryOf(found)}`,
    lines: [...aboutAlarm(change), ...lines],
  } as const;
  return eventOf(notification, { key: `alarm.checked ${change.arn} ${change.at}` });
}

function aboutAlarm({ reason, arn, at }: AlarmChange): readonly string[] {
  return [...(reason === '' ? [] : [reason]), `${arn} at ${at}`];
}

function summaryOf(found: readonly DriftRecord[]): string {
  const count = found.reduce((sum, record) => sum + (record.status === 'Drifted' ? record.count : 0), 0);
  const unknown = found.filter(({ status }) => status === 'Unknown').length;
  const blind = unknown === 0 ? '' : `, ${unknown} could not be scanned`;
  if (count === 0) return unknown === 0 ? 'no drift' : `no known drift${blind}`;
  return `${count === 1 ? '1 object has' : `${count} objects have`} drifted${blind}`;
}

function driftLines(record: DriftRecord | undefined): readonly string[] {
  if (record?.status === 'Unknown') return [`  ${record.reason ?? 'could not be scanned'}`];
  if (record?.status !== 'Drifted') return [];
  const named = record.objects.slice(0, NAMED_OBJECTS).map(driftLine);
  const more = record.count - named.length;
  return more > 0 ? [...named, `  and ${more} more`] : named;
}

function driftLine({ id, drift, fields, by, since }: DriftedObject): string {
  const paths = fields.slice(0, NAMED_FIELDS).map(({ path }) => path);
  const where = paths.length === 0 ? '' : `: ${paths.join(', ')}${fields.length > paths.length ? ', …' : ''}`;
  const who = by.flatMap(({ user, manager }) => user ?? manager ?? []).join(', ');
  return `  ${formatRef(id)} ${drift}${who === '' ? '' : ` by ${who}`} since ${since}${where}`;
}
