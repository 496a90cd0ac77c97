// In: an object and paths in it. Out: the object without these fields. Maps and lists that become empty are removed too, so that an object which never had
// them is the same.
import { ITEM_KEYS } from '../model/field-path.ts';
import type { KubeObject } from '../model/kube-object.ts';

type Steps = readonly string[];

/** The object without the fields at these paths; its identity and who owns its fields stay in any case. */
export function withoutFields(object: KubeObject, paths: readonly Steps[]): KubeObject {
  if (paths.length === 0) return object;
  const rest = paths.reduce<unknown>((value, path) => without(value, path), object);
  const { apiVersion, kind, metadata } = object;
  const { name, namespace, managedFields } = metadata;
  const fields = isRecord(rest) ? rest : {};
  const others = isRecord(fields['metadata']) ? fields['metadata'] : {};
  const identity = { name, ...(namespace !== undefined && { namespace }), ...(managedFields && { managedFields }) };
  return { ...fields, apiVersion, kind, metadata: { ...others, ...identity } };
}

function without(value: unknown, [step, ...rest]: Steps): unknown {
  if (step === undefined) return undefined;
  if (Array.isArray(value)) return withoutItems(value, step, rest);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).flatMap(([field, inner]) => {
    if (step !== '*' && field !== step) return [[field, inner] as const];
    const remaining = without(inner, rest);
    return remaining === undefined ? [] : [[field, remaining] as const];
  });
  return entries.length === 0 && Object.keys(value).length > 0 ? undefined : Object.fromEntries(entries);
}

function withoutItems(list: readonly unknown[], step: string, rest: Steps): unknown {
  const isNamed = list.some((item) => isCalled(item, step));
  const items = list.flatMap((item, place) => {
    const isMeant = step === '*' || (isNamed ? isCalled(item, step) : String(place) === step);
    if (!isMeant) return [item];
    const remaining = without(item, rest);
    return remaining === undefined ? [] : [remaining];
  });
  return items.length === 0 && list.length > 0 ? undefined : items;
}

/** Whether a list's item goes by this name, as diffs call it. */
function isCalled(item: unknown, step: string): boolean {
  return isRecord(item) && ITEM_KEYS.some((key) => item[key] !== undefined && String(item[key]) === step);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
