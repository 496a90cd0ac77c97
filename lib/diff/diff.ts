// In: an object as it is live and as the server would make it. Out: the fields that differ, values of Secrets masked.
import type { FieldChange } from '../model/change-set.ts';
import { ITEM_KEYS, joinField } from '../model/field-path.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { maskPair } from './mask.ts';

/** Fields that the server maintains, and that are no part of the desired state. */
const SERVER_OWNED = ['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid', 'selfLink'];

/** The field changes from live to desired, in the order of the fields. */
export function diffObjects(live: KubeObject, desired: KubeObject): readonly FieldChange[] {
  const masked = maskPair({ live, desired });
  const changes: FieldChange[] = [];
  compare('', comparable(masked.live), comparable(masked.desired), changes);
  return changes;
}

function comparable(object: KubeObject | undefined): unknown {
  if (object === undefined) return undefined;
  const { status: _, ...rest } = object;
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(([field]) => !SERVER_OWNED.includes(field)),
  );
  return { ...rest, metadata };
}

function compare(path: string, from: unknown, to: unknown, changes: FieldChange[]): void {
  if (Object.is(from, to)) return;
  if (isRecord(from) && isRecord(to)) {
    for (const field of fieldsOf(from, to)) compare(joinField(path, field), own(from, field), own(to, field), changes);
    return;
  }
  const key = itemKey(from, to);
  if (key !== undefined && Array.isArray(from) && Array.isArray(to)) {
    const [before, after] = [byKey(from, key), byKey(to, key)];
    for (const item of fieldsOf(before, after))
      compare(`${path}[${item}]`, own(before, item), own(after, item), changes);
    return;
  }
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  changes.push({ path, ...(from !== undefined && { from }), ...(to !== undefined && { to }) });
}

/** A field that the object itself has: `toString` may be a key of a ConfigMap too. */
function own(record: Record<string, unknown>, field: string): unknown {
  return Object.hasOwn(record, field) ? record[field] : undefined;
}

/** The field that names each item in both lists; undefined where items have no names, and the list is compared as a whole. */
function itemKey(from: unknown, to: unknown): string | undefined {
  if (!Array.isArray(from) || !Array.isArray(to)) return undefined;
  return ITEM_KEYS.find((key) => [from, to].every((list) => namesItems(list, key)));
}

function namesItems(list: readonly unknown[], key: string): boolean {
  const names = list.map((item) => (isRecord(item) ? item[key] : undefined));
  return (
    names.every((name) => typeof name === 'string' || typeof name === 'number') && new Set(names).size === names.length
  );
}

function byKey(list: readonly unknown[], key: string): Record<string, unknown> {
  return Object.fromEntries(list.map((item) => [isRecord(item) ? String(item[key]) : '', item]));
}

function fieldsOf(a: object, b: object): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
