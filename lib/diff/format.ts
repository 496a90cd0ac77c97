import type { Change, ChangeSet, FieldChange, Refusal } from '../model/change-set.ts';
import { formatRef } from '../model/kube-object.ts';
import { summarize } from '../model/operation.ts';

const SIGNS = { created: '+', configured: '~', recreated: '±', deleted: '-', unchanged: '=', skipped: '!' } as const;

/** Longest value that is printed on a line; longer ones are cut. */
const MAX_VALUE = 120;

/** A ChangeSet for people: one line for each object that changes, one for each field, the refusals, and a summary. */
export function formatChangeSet(changeSet: ChangeSet): string {
  const lines = [
    ...changeSet.changes.filter(({ action }) => action !== 'unchanged').flatMap(formatChange),
    ...changeSet.refusals.map((refusal) => `x ${formatRefusal(refusal)}`),
    formatSummary(changeSet),
  ];
  return lines.join('\n');
}

/** One object of a ChangeSet, with its fields. */
export function formatChange({ id, action, fields, note }: Change): readonly string[] {
  const ref = formatRef(id);
  const head = `${SIGNS[action]} ${ref} ${action}${note === undefined ? '' : ` (${note})`}`;
  return [head, ...fields.map((field) => `    ${ref}: ${formatFieldChange(field)}`)];
}

/** `spec.template.spec.containers[api].image: v1 → v2`; the path alone where the values are not known. */
export function formatFieldChange(change: FieldChange): string {
  if (!('from' in change) && !('to' in change)) return change.path;
  const from = 'from' in change ? formatValue(change.from) : '(none)';
  const to = 'to' in change ? formatValue(change.to) : '(none)';
  return `${change.path}: ${from} → ${to}`;
}

/** `Deployment/shop/api: spec.replicas: must be … (apps/api.yaml:14)`. */
export function formatRefusal({ id, field, message, source }: Refusal): string {
  const where = source === undefined ? '' : ` (${source})`;
  return `${formatRef(id)}: ${field === undefined ? '' : `${field}: `}${message}${where}`;
}

/** `1 created, 2 configured, 7 unchanged`. */
function formatSummary(changeSet: ChangeSet): string {
  const counts = Object.entries(summarize(changeSet)).filter(([, count]) => count > 0);
  return counts.length === 0 ? 'nothing to do' : counts.map(([action, count]) => `${count} ${action}`).join(', ');
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? value.replaceAll('\n', '⏎') : JSON.stringify(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}… (${text.length} characters)` : text;
}
