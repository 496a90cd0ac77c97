// What people are told when an alarm went off.

import type { AlarmChange } from '../model/alarm-change.ts';
import type { DriftedObject, DriftRecord } from '../model/drift.ts';
import { formatRef } from '../model/kube-object.ts';
import type { Notification } from '../model/notification.ts';

/** Drifted objects that are named; the application's drift has them all. */
const NAMED_OBJECTS = 20;
const NAMED_FIELDS = 5;

type RolledBack = {
  readonly app: string;
  readonly undo: string;
  readonly to: string;
  readonly operation: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** A deployment is taken back. */
export function rolledBackNotice(change: AlarmChange, { app, undo, to, operation, now }: RolledBack): Notification {
  const [bad, good] = [undo.slice(0, 7), to.slice(0, 7)];
  return {
    kind: 'alarm.rolledBack',
    at: new Date(now).toISOString(),
    app,
    title: `${app} is rolled back from ${bad} to ${good}, since alarm ${change.name} went off within its bake time`,
    lines: [
      ...aboutAlarm(change),
      `operation ${operation} deploys what was rendered for ${to}`,
      `${undo} is held then: push a fix, or sync ${app} by hand to deploy it all the same`,
    ],
  };
}

type Checked = {
  /** The applications that were looked at, and why nothing was rolled back. */
  readonly wanted: readonly { readonly app: string; readonly reason: string }[];
  /** What was found, or why nothing could be. */
  readonly found: readonly DriftRecord[] | string;
  readonly now: number;
};

/** The alarm's applications were looked at. */
export function checkedNotice(change: AlarmChange, { wanted, found, now }: Checked): Notification {
  const [only, ...others] = wanted.map(({ app }) => app);
  const names = wanted.map(({ app }) => app).join(', ');
  const lines = wanted.flatMap(({ app, reason }) => [
    `${app} was not rolled back: ${reason}`,
    ...(typeof found === 'string' ? [] : driftLines(found.find((record) => record.app === app))),
  ]);
  return {
    kind: 'alarm.checked',
    at: new Date(now).toISOString(),
    ...(only !== undefined && others.length === 0 && { app: only }),
    title: `alarm ${change.name} went off; ${names}: ${typeof found === 'string' ? `could not be looked at: ${found}` : summaryOf(found)}`,
    lines: [...aboutAlarm(change), ...lines],
  };
}

function aboutAlarm({ reason, arn, at }: AlarmChange): readonly string[] {
  return [...(reason === '' ? [] : [reason]), `${arn} at ${at}`];
}

function summaryOf(found: readonly DriftRecord[]): string {
  const count = found.reduce((sum, record) => sum + (record.status === 'Drifted' ? record.count : 0), 0);
  const unknown = found.filter(({ status }) => status === 'Unknown').length;
  const blind = unknown === 0 ? '' : `, ${unknown} could not be looked at`;
  if (count === 0) return unknown === 0 ? 'nothing has drifted' : `nothing is known to have drifted${blind}`;
  return `${count === 1 ? '1 object has' : `${count} objects have`} drifted${blind}`;
}

function driftLines(record: DriftRecord | undefined): readonly string[] {
  if (record?.status === 'Unknown') return [`  ${record.reason ?? 'could not be looked at'}`];
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
