// The text form of an application's history.
import type { Commit } from '../../lib/model/commit.ts';
import type { Outcome, Trigger } from '../../lib/model/operation.ts';
import { whoOf } from '../../lib/model/who.ts';
import type { ShownOperation } from '../../lib/queries/history.ts';
import { outcomeLines } from './outcome-text.ts';
import { ago, cut, duration, formatTable, shortRevision } from './table.ts';

const HEADER = ['SEQ', 'TRIGGER', 'REVISION', 'OUTCOME', 'TOOK', 'WHEN', 'CHANGES'];

/** A line for each operation, the newest first; below it its commit, and what the line does not tell: why it did not end well, what was left or taken over. */
export function formatHistory(operations: readonly ShownOperation[], now: number): string {
  if (operations.length === 0) return 'nothing has been deployed yet';
  const rows = operations.map((operation) => [
    String(operation.seq),
    cut(formatTrigger(operation), 40),
    shortRevision(operation.revision),
    operation.outcome?.status ?? operation.phase,
    took(operation),
    `${ago(operation.endedAt ?? operation.requestedAt, now)} ago`,
    changesOf(operation),
  ]);
  const [header, ...lines] = formatTable(HEADER, rows).split('\n');
  return [
    header,
    ...lines.flatMap((line, place) => [line, ...commitOf(operations[place]), ...reasonOf(operations[place], line)]),
  ].join('\n');
}

function formatTrigger({ trigger }: ShownOperation): string {
  const { kind, toSeq, from } = trigger;
  const which = toSeq === undefined ? (from === undefined ? '' : ` from ${from}`) : ` to ${toSeq}`;
  const by = orderedBy(trigger);
  return `${kind}${which}${by === undefined ? '' : ` by ${by}`}`;
}

function commitOf(operation: ShownOperation | undefined): readonly string[] {
  if (operation?.commit === undefined) return [];
  return [`     ${[commitText(operation.commit), ...(operation.link ? [operation.link] : [])].join('  ')}`];
}

function took({ startedAt, endedAt }: ShownOperation): string {
  if (startedAt === undefined || endedAt === undefined) return '-';
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)}s` : duration(ms);
}

function changesOf({ plan, outcome }: ShownOperation): string {
  // A plan with refusals was not applied, so what it would have done is not told.
  const told = plan !== undefined && plan.refused > 0 ? { refused: plan.refused } : (plan ?? {});
  const counts = Object.entries(told).filter(([, count]) => count > 0);
  if (counts.length > 0) return counts.map(([action, count]) => `${count} ${action}`).join(', ');
  return outcome !== undefined && isGood(outcome) ? outcome.message : '-';
}

function reasonOf(operation: ShownOperation | undefined, line: string): readonly string[] {
  const outcome = operation?.outcome;
  if (operation === undefined || outcome === undefined) return [];
  const changes = changesOf(operation);
  const isTold = isGood(outcome) && line.endsWith(changes) && outcome.message.endsWith(changes);
  return isTold ? [] : outcomeLines(outcome).map((text) => `     ${text}`);
}

function isGood({ status }: Outcome): boolean {
  return status === 'synced' || status === 'unchanged';
}

/** Triggers whose `by` is a person, or an alarm. Deliveries and scans have long names that mean nothing to people. */
const ORDERS: readonly Trigger['kind'][] = ['manual', 'adopt', 'rollback', 'resume'];

/** Who, or which alarm, has ordered an operation; undefined where no one has. */
export function orderedBy({ kind, by }: Trigger): string | undefined {
  // A resumption of an earlier version is recorded as the configuration's; what machines write there has no person's name.
  return by !== undefined && ORDERS.includes(kind) ? whoOf(by) : undefined;
}

/** `ada: Raise the memory (signed)`. */
export function commitText({ author, subject, signed }: Commit): string {
  return `${author}: ${subject}${signed ? ' (signed)' : ''}`;
}
