// In: the records before and after a scan. Out: events, only where something has changed; people are notified of them.
import { formatFieldChange } from '../diff/format.ts';
import type { Author, ClusterRecord, DriftedObject, DriftRecord } from '../model/drift.ts';
import { type EventDraft, eventOf } from '../model/event.ts';
import { formatRef } from '../model/kube-object.ts';
import type { Notification } from '../model/notification.ts';
import { isGivenUp } from '../policy/correction.ts';

const MAX_LINES = 30;

/** The events of an application's drift. */
export function driftNews(
  next: DriftRecord,
  previous: DriftRecord | undefined,
  { at, cluster }: { readonly at: string; readonly cluster: string },
): readonly EventDraft[] {
  const { app, objects, version, scan } = next;
  const about = { at, app, cluster };
  const lines = objects.flatMap(describeDrift).slice(0, MAX_LINES);
  const change = changeOf(next, previous);
  const news = [...(change === undefined ? [] : [change]), ...giveUpNews(next, previous)];
  // The versions of an application that was removed and declared again begin at 1 once more.
  return news.map((one) => eventOf({ ...about, ...one, lines }, { key: `${one.kind} ${version} ${scan}` }));
}

function changeOf(
  { app, count, objects }: DriftRecord,
  previous: DriftRecord | undefined,
): Pick<Notification, 'kind' | 'title'> | undefined {
  const before = previous?.count ?? 0;
  if (count === 0) return before === 0 ? undefined : { kind: 'drift.resolved', title: `${app}: drift is resolved` };
  const counted = count === 1 ? '1 object has' : `${count} objects have`;
  if (before === 0) return { kind: 'drift.opened', title: `${app}: ${counted} drifted` };
  if (digest(objects) === digest(previous?.objects ?? [])) return undefined;
  return { kind: 'drift.changed', title: `${app}: ${counted} drifted` };
}

/** Corrections have ended. */
function giveUpNews(
  { app, correction }: DriftRecord,
  previous: DriftRecord | undefined,
): readonly Pick<Notification, 'kind' | 'title'>[] {
  if (correction === undefined || isGivenUp(previous?.correction)) return [];
  const { fighting: contended, failing } = correction;
  const end = 'corrections stop until the application is synced or resumed';
  if (failing !== undefined)
    return [{ kind: 'drift.failing', title: `${app}: corrections fail: ${failing.message}; ${end}` }];
  if (contended === undefined) return [];
  const who = contended.managers.length === 0 ? 'another manager' : contended.managers.join(', ');
  return [{ kind: 'drift.fighting', title: `${app}: corrections are reverted by ${who}; ${end}` }];
}

/** The events of a cluster. */
export function clusterNews(
  next: ClusterRecord,
  previous: ClusterRecord | undefined,
  at: string,
): readonly EventDraft[] {
  const { cluster, status, scan, reason = '' } = next;
  if (status === (previous?.status ?? 'Reachable')) return [];
  const change: Pick<Notification, 'kind' | 'title' | 'lines'> =
    status === 'Unknown'
      ? { kind: 'cluster.unreachable', title: `${cluster}: the cluster cannot be reached`, lines: [reason] }
      : { kind: 'cluster.reachable', title: `${cluster}: the cluster can be reached again`, lines: [] };
  return [eventOf({ ...change, at, cluster }, { key: `${change.kind} ${scan}` })];
}

/** One drifted object, with its fields, for people. */
function describeDrift({ id, drift, by, since, note, fields }: DriftedObject): readonly string[] {
  const who = by.map(describeAuthor).filter((text) => text !== '');
  const text = [`${formatRef(id)} ${DRIFT_NAMES[drift]} since ${since}`, ...who.map((one) => `by ${one}`)].join(' ');
  return [note === undefined ? text : `${text} (${note})`, ...fields.map((field) => `  ${formatFieldChange(field)}`)];
}

const DRIFT_NAMES = { modified: 'modified', missing: 'missing', extra: 'extra', takenOver: 'taken over' } as const;

/** `kubectl-edit (Update)`, or the user where the audit log tells. */
function describeAuthor({ manager, operation, user, verb, sourceIp }: Author): string {
  const tool = manager === undefined ? '' : operation === undefined ? manager : `${manager} (${operation})`;
  const person = user === undefined ? '' : [user, verb, sourceIp && `from ${sourceIp}`].filter(Boolean).join(' ');
  return [tool, person].filter((text) => text !== '').join(', ');
}

/** A notification is sent again where this changes: the objects, the kind of drift, the fields. Author and time follow from these. */
function digest(objects: readonly DriftedObject[]): string {
  return JSON.stringify(
    objects.map(({ id, drift, fields, handling }) => [formatRef(id), id.group, drift, handling, fields]),
  );
}
