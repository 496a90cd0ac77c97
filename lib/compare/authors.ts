// In: a live object, and the fields of it that differ. Out: who changed them and when, as far as its managed fields tell. Pure.
import { othersOf, ownEntry, ownsField } from '../managed-fields/owners.ts';
import type { FieldChange } from '../model/change-set.ts';
import type { Author } from '../model/drift.ts';
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';

const NAMED = 5;

/**
 * The owners of what differs, the newest first. A manager that removes a field leaves no trace of that; then those who changed the object since it was applied
 * are named, since it was one of them.
 */
export function authorsOf(fields: readonly FieldChange[], live: KubeObject): readonly Author[] {
  const others = othersOf(live);
  const owners = others.filter((entry) => fields.some(({ path }) => ownsField(entry, path, [live])));
  const applied = Date.parse(ownEntry(live)?.time ?? '');
  const later = others.filter(({ time = '' }) => Date.parse(time) > applied);
  return namedAuthors(owners.length > 0 ? owners : later);
}

/** Managed fields as authors, the newest first. */
export function namedAuthors(entries: readonly ManagedFieldsEntry[]): readonly Author[] {
  const newestFirst = entries.toSorted((a, b) => Date.parse(b.time ?? '') - Date.parse(a.time ?? ''));
  return newestFirst.slice(0, NAMED).map(({ manager, operation, subresource, time }) => ({
    ...(manager !== undefined && { manager }),
    ...(operation !== undefined && { operation: subresource ? `${operation} ${subresource}` : operation }),
    ...(time !== undefined && { at: time }),
  }));
}
