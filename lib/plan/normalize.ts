// In: an object as Git has it. Out: the same object as the API server keeps it, so that hash, dry-run, apply and drift see one form.
import { groupOf, type KubeObject } from '../model/kube-object.ts';
import { isBuiltInGroup } from './builtin-scopes.ts';

/** Writes an object in the form that the API server keeps. */
export function normalized(object: KubeObject): KubeObject {
  return withoutNullsInItems(withDataOfText(object));
}

/**
 * A Secret's `stringData` becomes `data`, as on the server. Server-side apply tracks the two apart, so a key that Git drops from `stringData` would stay live.
 */
function withDataOfText(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  if (object.apiVersion !== 'v1' || object.kind !== 'Secret' || stringData === undefined) return object;
  const texts = Object.entries(isRecord(stringData) ? stringData : {});
  const isPlain = stringData === null || isRecord(stringData);
  // Anything else is for the server to refuse.
  if (!isPlain || !texts.every(([, text]) => typeof text === 'string')) return object;
  const encoded = texts.map(([key, text]) => [key, Buffer.from(String(text), 'utf8').toString('base64')]);
  const data = isRecord(rest.data) ? rest.data : {};
  return { ...rest, data: { ...data, ...Object.fromEntries(encoded) } };
}

/**
 * An empty field of a list's item means that it is not set, as for client-side kubectl: `protocol:` of a port would be another port than the one that the
 * server has completed. Custom resources may give null a meaning, and so does the schema in a CRD.
 */
function withoutNullsInItems(object: KubeObject): KubeObject {
  if (!isBuiltInGroup(groupOf(object.apiVersion)) || object.kind === 'CustomResourceDefinition') return object;
  const entries = Object.entries(object).map(([field, value]) => [field, cleaned(value, false)] as const);
  if (entries.every(([field, value]) => value === object[field])) return object;
  return { ...object, ...Object.fromEntries(entries) };
}

/** The value without nulls below its lists; the same value where there are none. */
function cleaned(value: unknown, isInItem: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => cleaned(item, true));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).flatMap(([field, inner]) =>
    inner === null && isInItem ? [] : [[field, cleaned(inner, isInItem)] as const],
  );
  const isSame =
    entries.length === Object.keys(value).length && entries.every(([field, inner]) => inner === value[field]);
  return isSame ? value : Object.fromEntries(entries);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
