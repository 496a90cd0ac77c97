// The text form of drift: like a plan, with author and time. The arrow goes from the live value to the deployed one.

import { formatFieldChange } from '../../lib/diff/format.ts';
import type { Author, DriftedObject, DriftKind } from '../../lib/model/drift.ts';
import { formatRef } from '../../lib/model/kube-object.ts';
import type { DriftView } from '../../lib/queries/drift-view.ts';
import { ago } from './table.ts';

/** What a correction does to the object; the signs are those of `plan`. */
const SIGNS: Readonly<Record<DriftKind, string>> = { modified: '~', missing: '+', extra: '!', takenOver: '~' };

const WORDS: Readonly<Record<DriftKind, string>> = {
  modified: 'modified',
  missing: 'missing',
  extra: 'extra',
  takenOver: 'taken over',
};

/** The drift of applications, and the number of drifted ones; of the named clusters the newest scan does not tell. */
export function formatDrifts(views: readonly DriftView[], now: number, untold: readonly string[] = []): string {
  if (views.length === 0) return 'no applications are configured';
  const drifted = views.filter(({ status }) => status === 'Drifted').length;
  const told = views.filter(({ status }) => status === 'Drifted' || status === 'Unknown');
  return [...told.flatMap((view) => [formatDrift(view, now), '']), countOf(views, { drifted, untold })].join('\n');
}

type Known = { readonly drifted: number; readonly untold: readonly string[] };

/** How many have drifted, as far as that is known. */
function countOf(views: readonly DriftView[], { drifted, untold }: Known): string {
  const all = `${views.length} ${views.length === 1 ? 'application' : 'applications'}`;
  const isUntold = ({ status, cluster }: DriftView): boolean => status === 'InSync' && untold.includes(cluster);
  const unknown = views.filter(
    (view) => (view.status === 'Unknown' && view.deployed !== false) || isUntold(view),
  ).length;
  const verb = drifted > 1 ? 'have' : 'has';
  if (unknown > 0) return `${drifted} of ${all} ${verb} drifted, ${unknown} unknown`;
  return `${drifted === 0 ? 'none' : drifted} of ${all} ${verb} drifted`;
}

/** One application's drift. */
export function formatDrift(view: DriftView, now: number): string {
  const { app, mode, status, reason, scannedAt, count, objects, correction } = view;
  const seen = scannedAt === undefined ? '' : `, scanned ${ago(scannedAt, now)} ago`;
  const what =
    status === 'Drifted' ? `${count} ${count === 1 ? 'object has' : 'objects have'} drifted` : wordOf(status);
  const head = `${app} (${mode}): ${what}${reason === undefined ? '' : `, ${reason}`}${seen}`;
  const left = count - objects.length;
  return [
    head,
    ...objects.flatMap((object) => formatObject(object, now)).map((line) => `  ${line}`),
    ...(left > 0 ? [`  and ${left} more`] : []),
    ...(correction === undefined ? [] : [`  ${formatCorrection(correction, now)}`]),
  ].join('\n');
}

/** Who reverts corrections; a manager that removes an object leaves no trace of itself. */
export function managersOf({ managers }: { readonly managers: readonly string[] }): string {
  return managers.length === 0 ? 'another manager' : managers.join(', ');
}

/** One drifted object: what, who, since when, and its fields. */
export function formatObject(object: DriftedObject, now: number): readonly string[] {
  const { id, drift, fields, by, since, handling, note } = object;
  const authors = by.map(formatAuthor).filter((author) => author !== '');
  const who = authors.length === 0 ? '' : ` by ${authors.join(', ')}`;
  const remarks = [...(handling === 'report' ? ['reported only'] : []), ...(note === undefined ? [] : [note])];
  const remark = remarks.length === 0 ? '' : ` (${remarks.join('; ')})`;
  const head = `${SIGNS[drift]} ${formatRef(id)} ${WORDS[drift]} ${ago(since, now)} ago${who}${remark}`;
  return [head, ...fields.map((field) => `    ${formatFieldChange(field)}`)];
}

/** `arn:aws:iam::1:user/ada with kubectl-edit, Update scale`. */
function formatAuthor({ user, manager, operation, sourceIp }: Author): string {
  const how = [manager, operation && `(${operation})`].filter((part) => part !== undefined).join(' ');
  if (user === undefined) return how;
  const from = sourceIp === undefined ? '' : ` from ${sourceIp}`;
  return `${user}${from}${how === '' ? '' : ` with ${how}`}`;
}

function formatCorrection(
  { attempts, seq, notBefore, fighting, failing }: NonNullable<DriftView['correction']>,
  now: number,
): string {
  if (fighting !== undefined)
    return `correction stopped ${ago(fighting.since, now)} ago: reverted by ${managersOf(fighting)}; driftless sync starts it again`;
  if (failing !== undefined)
    return `correction stopped ${ago(failing.since, now)} ago: ${failing.message}; driftless sync starts it again`;
  const wait = Date.parse(notBefore) > now ? `, the next one not before ${notBefore}` : '';
  return `corrected ${attempts} ${attempts === 1 ? 'time' : 'times'}, last by operation ${seq}${wait}`;
}

function wordOf(status: DriftView['status']): string {
  const words = { InSync: 'in sync', Off: 'drift detection is off', Unknown: 'unknown', Drifted: 'drifted' } as const;
  return words[status];
}
