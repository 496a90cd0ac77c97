// In: managed fields, and a path as a diff prints it. Out: who owns what is there. The API server names items of lists by all their merge keys, diffs by
// one; so the object is walked along.
import { ITEM_KEYS, parseFieldPath } from '../model/field-path.ts';
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Whether an entry owns the field, something in it, or the whole that it is in. */
export function ownsField({ fieldsV1 }: ManagedFieldsEntry, path: string, objects: readonly KubeObject[]): boolean {
  const steps = parseFieldPath(path);
  if (steps === undefined || fieldsV1 === undefined) return false;
  return ownsSteps(fieldsV1, steps, objects) || ownsSteps(fieldsV1, asWritten(steps, objects), objects);
}

/** The server makes `data` of a Secret's `stringData`, and goes on to own what was written. */
function asWritten([first, ...rest]: readonly string[], objects: readonly KubeObject[]): readonly string[] {
  const isSecret = objects.some(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Secret');
  return [isSecret && first === 'data' ? 'stringData' : (first ?? ''), ...rest];
}

/** Paths of single fields that one entry owns and another one does not, as diffs print them. */
export function ownedBesides(one: ManagedFieldsEntry | undefined, other: ManagedFieldsEntry | undefined): Fields {
  return without(fieldsOf(one?.fieldsV1), fieldsOf(other?.fieldsV1));
}

/** Whether a set of fields has any in common with an entry's. */
export function sharesFields(some: Fields, others: unknown): boolean {
  const theirs = fieldsOf(others);
  return Object.entries(some).some(([key, below]) => {
    if (theirs[key] === undefined) return false;
    const [mine, yours] = [fieldsOf(below), fieldsOf(theirs[key])];
    return isLeaf(mine) || isLeaf(yours) || sharesFields(mine, yours);
  });
}

/** Whether a set of fields has none. */
export function isEmpty(fields: Fields): boolean {
  return Object.keys(fields).every((key) => key === '.');
}

/** A set of fields without those that are not in the object any more, such as what a rule has taken out of it. */
export function presentIn(fields: Fields, value: unknown): Fields {
  const kept = Object.entries(fields).flatMap(([key, below]) => {
    const inner = valuesAt(value, key)[0];
    if (key === '.' || inner === undefined) return [];
    const [before, after] = [fieldsOf(below), presentIn(fieldsOf(below), inner)];
    return isEmpty(after) && !isLeaf(before) ? [] : [[key, after] as const];
  });
  return Object.fromEntries(kept);
}

function ownsSteps(fields: Fields, [step, ...rest]: readonly string[], values: readonly unknown[]): boolean {
  if (step === undefined || isLeaf(fields)) return true;
  return Object.keys(fields).some((key) => {
    if (key === '.' || !isStep(key, step, values)) return false;
    return ownsSteps(
      fieldsOf(fields[key]),
      rest,
      values.flatMap((value) => valuesAt(value, key)),
    );
  });
}

/** Whether a step of managed fields is this one of a path: `f:image` is image, `k:{"name":"api"}` the item that diffs call api. */
function isStep(key: string, step: string, values: readonly unknown[]): boolean {
  if (key.startsWith('f:')) return key.slice(2) === step;
  if (key.startsWith('v:')) return key.slice(2) === JSON.stringify(step);
  return values
    .flatMap((value) => valuesAt(value, key))
    .some((item) => ITEM_KEYS.some((name) => String(fieldsOf(item)[name]) === step));
}

function valuesAt(value: unknown, key: string): readonly unknown[] {
  if (key.startsWith('f:')) {
    const inner = fieldsOf(value)[key.slice(2)];
    return inner === undefined ? [] : [inner];
  }
  if (!Array.isArray(value)) return [];
  if (key.startsWith('v:')) return value.filter((item) => JSON.stringify(item) === key.slice(2));
  if (!key.startsWith('k:')) return [];
  const wanted = Object.entries(fieldsOf(JSON.parse(key.slice(2))));
  return value.filter((item) => wanted.every(([field, part]) => hasPart(fieldsOf(item), field, part)));
}

/** A port's protocol is part of its key, and may be left out. */
function hasPart(item: Fields, field: string, part: unknown): boolean {
  return item[field] === part || (field === 'protocol' && item[field] === undefined);
}

function without(one: Fields, other: Fields): Fields {
  const kept = Object.entries(one).flatMap(([key, below]) => {
    if (key === '.') return [];
    if (other[key] === undefined) return [[key, below] as const];
    const rest = without(fieldsOf(below), fieldsOf(other[key]));
    return isEmpty(rest) ? [] : [[key, rest] as const];
  });
  return Object.fromEntries(kept);
}

function isLeaf(fields: Fields): boolean {
  return Object.keys(fields).length === 0;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/**
 * Paths, step by step, of the single fields that an entry owns; items of lists by the first of their keys. Left out are items that are values of their own,
 * the keys of the others, and the bare existence of what has fields: nobody disputes those.
 */
export function ownedPaths(fieldsV1: unknown): readonly (readonly string[])[] {
  return Object.entries(fieldsOf(fieldsV1)).flatMap(([key, below]) => {
    if (key.startsWith('k:')) return ownedItem(fieldsOf(JSON.parse(key.slice(2))), fieldsOf(below));
    if (!key.startsWith('f:')) return [];
    const step = key.slice(2);
    return isLeaf(fieldsOf(below)) ? [[step]] : ownedPaths(below).map((rest) => [step, ...rest]);
  });
}

function ownedItem(keys: Fields, below: Fields): readonly (readonly string[])[] {
  const name = ITEM_KEYS.find((field) => keys[field] !== undefined);
  if (name === undefined) return [];
  const inner = Object.entries(below).filter(([field]) => keys[field.slice(2)] === undefined);
  return ownedPaths(Object.fromEntries(inner)).map((rest) => [String(keys[name]), ...rest]);
}
