// In: what was known before, and what is known now. Out: what people are told, and only where it has changed.
import { formatFieldChange } from '../diff/format.ts';
import type { Author, ClusterRecord, DriftedObject, DriftRecord } from '../model/drift.ts';
import { formatRef } from '../model/kube-object.ts';
import type { Notification } from '../model/notification.ts';
import { isGivenUp } from '../policy/correction.ts';

const MAX_LINES = 30;

/** What there is to say about an application's drift. */
export function driftNews(
  next: DriftRecord,
  previous: DriftRecord | undefined,
  { at, cluster }: { readonly at: string; readonly cluster: string },
): readonly Notification[] {
  const { app, objects } = next;
  const about = { at, app, cluster };
  const lines = objects.flatMap(describeDrift).slice(0, MAX_LINES);
  const change = changeOf(next, previous);
  return [
    ...(change === undefined ? [] : [{ ...about, ...change, lines }]),
    ...giveUpNews(next, previous).map((news) => ({ ...about, ...news, lines })),
  ];
}

function changeOf(
  { app, count, objects }: DriftRecord,
  previous: DriftRecord | undefined,
): Pick<Notification, 'kind' | 'title'> | undefined {
  const before = previous?.count ?? 0;
  if (count === 0)
    return before === 0 ? undefined : { kind: 'drift.resolved', title: `${app}: nothing has drifted any more` };
  const counted = count === 1 ? '1 object has' : `${count} objects have`;
  if (before === 0) return { kind: 'drift.opened', title: `${app}: ${counted} drifted` };
  if (digest(objects) === digest(previous?.objects ?? [])) return undefined;
  return { kind: 'drift.changed', title: `${app}: ${counted} drifted now` };
}

/** Corrections have ended. */
function giveUpNews(
  { app, correction }: DriftRecord,
  previous: DriftRecord | undefined,
): readonly Pick<Notification, 'kind' | 'title'>[] {
  if (correction === undefined || isGivenUp(previous?.correction)) return [];
  const { fighting, failing } = correction;
  const end = 'it is corrected no more until somebody syncs or resumes it';
  if (failing !== undefined)
    return [{ kind: 'drift.failing', title: `${app}: its corrections fail, ${failing.message}; ${end}` }];
  if (fighting === undefined) return [];
  const who = fighting.managers.length === 0 ? 'somebody' : fighting.managers.join(', ');
  return [{ kind: 'drift.fighting', title: `${app}: ${who} changes it back after each correction; ${end}` }];
}

/** What there is to say about a cluster. */
export function clusterNews(
  next: ClusterRecord,
  previous: ClusterRecord | undefined,
  at: string,
): readonly Notification[] {
  const { cluster, status, reason = '' } = next;
  if (status === (previous?.status ?? 'Reachable')) return [];
  return status === 'Unknown'
    ? [
        {
          kind: 'cluster.unreachable',
          at,
          cluster,
          title: `${cluster}: the cluster cannot be reached`,
          lines: [reason],
        },
      ]
    : [{ kind: 'cluster.reachable', at, cluster, title: `${cluster}: the cluster can be reached again`, lines: [] }];
}

/** One drifted object, with its fields, for people. */
function describeDrift({ id, drift, by, since, note, fields }: DriftedObject): readonly string[] {
  const who = by.map(describeAuthor).filter((text) => text !== '');
  const words = [`${formatRef(id)} ${WORDS[drift]} since ${since}`, ...who.map((one) => `by ${one}`)].join(' ');
  return [note === undefined ? words : `${words} (${note})`, ...fields.map((field) => `  ${formatFieldChange(field)}`)];
}

const WORDS = { modified: 'modified', missing: 'missing', extra: 'extra', takenOver: 'taken over' } as const;

/** `kubectl-edit (Update)`, or the user where the audit log tells. */
function describeAuthor({ manager, operation, user, verb, sourceIp }: Author): string {
  const tool = manager === undefined ? '' : operation === undefined ? manager : `${manager} (${operation})`;
  const person = user === undefined ? '' : [user, verb, sourceIp && `from ${sourceIp}`].filter(Boolean).join(' ');
  return [tool, person].filter((text) => text !== '').join(', ');
}

/** What is told again only when it is different: which objects, how, in which fields. Who did it, and when, follows from that. */
function digest(objects: readonly DriftedObject[]): string {
  return JSON.stringify(
    objects.map(({ id, drift, fields, handling }) => [formatRef(id), id.group, drift, handling, fields]),
  );
}
