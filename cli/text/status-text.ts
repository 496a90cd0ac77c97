// The text form of applications.

import type { HeldRevision, Suspension } from '../../lib/model/application-record.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { whoOf } from '../../lib/model/who.ts';
import type { ListedApplication } from '../../lib/queries/application-list.ts';
import type { ApplicationView } from '../../lib/queries/application-view.ts';
import { managersOf } from './drift-text.ts';
import { healthLine, healthRemarks, needsReason, unhealthyLines } from './health-text.ts';
import { commitText, orderedBy } from './history-text.ts';
import { withOutcome } from './outcome-text.ts';
import { ago, cut, formatTable, shortRevision } from './table.ts';

/** Below a name of the detailed view. */
const INDENT = ' '.repeat(13);

const HEADER = ['APPLICATION', 'SYNC', 'HEALTH', 'REVISION', 'DRIFT', 'LAST OPERATION'];

/** An application of the list, with its own view where that has been read. */
export type StatusRow = { readonly item: ListedApplication; readonly view?: ApplicationView | undefined };

/** A line for each application; below the table, the reasons for those that are not well, and how many have none here. */
export function formatStatus(rows: readonly StatusRow[], now: number): string {
  if (rows.length === 0) return 'no applications are configured';
  const cells = rows.map(({ item, view }) => [
    cut(item.name, 32),
    item.sync.status,
    item.health ?? '-',
    shortRevision(item.revision),
    formatDrift(item),
    view === undefined ? formatListed(item.lastOperation, now) : formatLast(view.lastOperation, now),
  ]);
  const remarks = rows.flatMap(({ item, view }) =>
    view === undefined ? [] : remarksOf(view, now).map((remark) => `${item.name}: ${remark}`),
  );
  const unexplained = rows.filter(({ item, view }) => view === undefined && needsExplanation(item)).length;
  const rest = unexplained === 0 ? [] : [`and ${unexplained} more; driftless status APP explains one`];
  const below = [...remarks, ...rest];
  return [formatTable(HEADER, cells), ...(below.length > 0 ? ['', ...below] : [])].join('\n');
}

/** Whether the view of an application has more to say than its line in the list. */
export function needsExplanation({ sync, health, suspended, held, moved }: ListedApplication): boolean {
  const isIll = sync.status !== 'Synced' || (health !== undefined && needsReason({ status: health }));
  return isIll || moved === true || held > 0 || suspended !== undefined;
}

/** One application, a line for each thing to know. */
export function formatApplication(app: ApplicationView, now: number): string {
  const { source, destination, drift } = app;
  const lines: readonly (readonly [string, string])[] = [
    ['project', app.project],
    ['source', [source.repo, source.ref, source.path].filter((part) => part !== '').join(' ')],
    ['destination', `${destination.cluster}/${destination.namespace}`],
    ['mode', `sync ${app.mode}, drift ${drift.mode}`],
    ['sync', syncLine(app)],
    ...aheadLines(app.sync, now).map((line) => ['ahead', line] as const),
    ['health', healthLine(app.health, now)],
    ...unhealthyLines(app.health, now).map((line) => ['unhealthy', line] as const),
    ['revision', revisionLine(app, now)],
    ...(app.link === undefined ? [] : [['link', app.link] as const]),
    ['previous', app.previousRevision ?? '-'],
    ['operation', app.lastOperation === undefined ? '-' : formatOperation(app.lastOperation, now)],
    ['drift', driftLine(app, now)],
    ...(app.suspended ? [['suspended', formatSuspension(app.suspended, now)] as const] : []),
    ...app.held.map((held) => ['held', formatHeld(held, now)] as const),
    ...(app.moved ?? []).map((left) => ['left', formatLeft(left)] as const),
  ];
  return [app.name, ...lines.map(([name, text]) => `  ${name.padEnd(11)}  ${text}`)].join('\n');
}

/** The refusals are with the operation. */
function syncLine({ sync, lastOperation }: ApplicationView): string {
  const [first = '', ...refused] = withOutcome(withReason(sync), lastOperation?.outcome);
  return refused.length === 0 ? first : first.replace(/:$/, '');
}

function remarksOf(app: ApplicationView, now: number): readonly string[] {
  const { sync, health, suspended, held, drift, moved = [] } = app;
  const { correction } = drift;
  const isRunning = sync.status === 'Progressing';
  return [
    ...(sync.reason !== undefined && !isRunning ? [syncRemark(app)] : []),
    ...healthRemarks(health, now),
    ...(correction?.fighting ? [`correction stopped, reverted by ${managersOf(correction.fighting)}`] : []),
    ...(correction?.failing ? [`correction stopped, ${correction.failing.message}`] : []),
    ...(suspended ? [`suspended ${formatSuspension(suspended, now)}`] : []),
    ...held.slice(-1).map((one) => `held ${formatHeld(one, now)}`),
    ...moved.map((left) => `left ${formatLeft(left)}`),
  ];
}

function syncRemark({ sync, lastOperation }: ApplicationView): string {
  return withOutcome(withReason(sync), lastOperation?.outcome).join('\n');
}

function formatDrift({ drift }: ListedApplication): string {
  return drift.status === 'Drifted' ? `${drift.count} ${drift.count === 1 ? 'object' : 'objects'}` : drift.status;
}

function driftLine({ drift }: ApplicationView, now: number): string {
  const { status, count, reason, scannedAt } = drift;
  const what = status === 'Drifted' ? `${count} drifted` : status;
  const when = scannedAt === undefined ? [] : [`scanned ${ago(scannedAt, now)} ago`];
  return [what, ...(reason === undefined ? [] : [reason]), ...when].join(', ');
}

function formatLast(operation: Operation | undefined, now: number): string {
  if (operation === undefined) return '-';
  const { seq, trigger, outcome, phase, endedAt, requestedAt } = operation;
  return `${seq} ${trigger.kind} ${outcome?.status ?? phase} ${ago(endedAt ?? requestedAt, now)} ago`;
}

function formatListed(operation: ListedApplication['lastOperation'], now: number): string {
  if (operation === undefined) return '-';
  const { seq, trigger, status = 'running', endedAt, requestedAt } = operation;
  const at = endedAt ?? requestedAt;
  return [seq, ...(trigger ? [trigger] : []), status, ...(at === undefined ? [] : [`${ago(at, now)} ago`])].join(' ');
}

function formatOperation(operation: Operation, now: number): string {
  const { trigger, outcome } = operation;
  const who = orderedBy(trigger);
  const by = who === undefined ? '' : `, by ${who}`;
  const sentence = `${formatLast(operation, now)}${by}${outcome === undefined ? '' : `: ${outcome.message}`}`;
  return withOutcome(sentence, outcome).join(`\n${INDENT}`);
}

function revisionLine({ revision, commit }: ApplicationView, now: number): string {
  if (revision === undefined) return '-';
  return commit === undefined ? revision : `${revision} ${ago(commit.at, now)} ago, ${commitText(commit)}`;
}

/** The commits that are not deployed; the newest has its page at the forge. */
function aheadLines({ head }: ApplicationView['sync'], now: number): readonly string[] {
  if (head?.ahead === undefined) return head?.link === undefined ? [] : [head.link];
  const { count, isMore, commits } = head.ahead;
  const lines = commits.map((one) => `${shortRevision(one.revision)} ${ago(one.at, now)} ago, ${commitText(one)}`);
  const rest = count > commits.length ? [`and ${isMore ? 'more than ' : ''}${count - commits.length} more`] : [];
  return [...lines, ...rest, ...(head.link === undefined ? [] : [head.link])];
}

function formatSuspension({ reason, by, at, until }: Suspension, now: number): string {
  const who = by === undefined ? '' : ` by ${whoOf(by)}`;
  const end = until === undefined ? 'until it is resumed' : `until ${until}`;
  return `since ${ago(at, now)}${who}, ${end}: ${reason}`;
}

function formatHeld({ revision, reason, at }: HeldRevision, now: number): string {
  return `${shortRevision(revision)} since ${ago(at, now)}: ${reason}`;
}

/** What is left in a cluster that was the destination before. */
function formatLeft({
  cluster,
  namespace,
  count,
  objects = [],
}: NonNullable<ApplicationView['moved']>[number]): string {
  const place = `in ${cluster}/${namespace}, the destination before`;
  if (count === undefined) return `objects ${place}`;
  const more = count > objects.length ? `, and ${count - objects.length} more` : '';
  return `${count} ${count === 1 ? 'object' : 'objects'} ${place}: ${objects.join(', ')}${more}`;
}

function withReason({ status, reason }: { readonly status: string; readonly reason?: string }): string {
  return reason === undefined || reason === '' ? status : `${status}, ${reason}`;
}
