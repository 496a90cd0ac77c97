// Sets of fields as `fieldsV1` of managed fields writes them: a tree with a key for each step, `f:image` for a field, `k:{"name":"api"}` for an item of a list,
// `v:"a"` for an item that is a value of its own, and `.` for the bare existence of what has fields.
import { parseJson } from '../model/exact-json.ts';
import { ITEM_KEYS } from '../model/field-path.ts';
import type { KubeObject } from '../model/kube-object.ts';

export type FieldSet = Readonly<Record<string, unknown>>;

/** The steps of a path to a field; items of lists by the first of their keys. */
export type FieldSteps = readonly string[];

const EMPTY: FieldSet = {};

/** A value as a set of fields; everything but a map is empty. */
export function toFieldSet(value: unknown): FieldSet {
  return isFieldSet(value) ? value : EMPTY;
}

function isFieldSet(value: unknown): value is FieldSet {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a set has no field. */
export function isEmpty(fields: FieldSet): boolean {
  return Object.keys(fields).every((key) => key === '.');
}

/** Whether a step is a field as a whole, with nothing named below it. */
function isLeaf(fields: FieldSet): boolean {
  return Object.keys(fields).length === 0;
}

/** The fields of both sets. */
export function union(one: FieldSet, other: FieldSet): FieldSet {
  const merged = Object.entries(other).map(([key, below]) => [key, union(toFieldSet(one[key]), toFieldSet(below))]);
  return { ...one, ...Object.fromEntries(merged) };
}

/** The fields of one set that the other one does not have. */
export function difference(one: FieldSet, other: FieldSet): FieldSet {
  const remaining = Object.entries(one).flatMap(([key, below]) => {
    if (key === '.') return [];
    if (other[key] === undefined) return [[key, below] as const];
    const rest = difference(toFieldSet(below), toFieldSet(other[key]));
    return isEmpty(rest) ? [] : [[key, rest] as const];
  });
  return Object.fromEntries(remaining);
}

/** Whether two sets have a field in common. */
export function intersects(one: FieldSet, other: FieldSet): boolean {
  return Object.entries(one).some(([key, below]) => {
    if (other[key] === undefined) return false;
    const [mine, theirs] = [toFieldSet(below), toFieldSet(other[key])];
    return isLeaf(mine) || isLeaf(theirs) || intersects(mine, theirs);
  });
}

/** The fields of a set that a value has; an ignore rule may have removed the others from it. */
export function presentIn(fields: FieldSet, value: unknown): FieldSet {
  const present = Object.entries(fields).flatMap(([key, below]) => {
    const inner = valuesAt(value, key)[0];
    if (key === '.' || inner === undefined) return [];
    const [before, after] = [toFieldSet(below), presentIn(toFieldSet(below), inner)];
    return isEmpty(after) && !isLeaf(before) ? [] : [[key, after] as const];
  });
  return Object.fromEntries(present);
}

/** Whether a set has the field at these steps, something in it, or the whole that it is in. Items of lists are looked up in the values. */
export function hasSteps(fields: FieldSet, [step, ...rest]: FieldSteps, values: readonly unknown[]): boolean {
  if (step === undefined || isLeaf(fields)) return true;
  return Object.keys(fields).some((key) => {
    if (key === '.' || !isStep(key, step, values)) return false;
    const below = values.flatMap((value) => valuesAt(value, key));
    return hasSteps(toFieldSet(fields[key]), rest, below);
  });
}

/** Whether a key is this step of a path: `f:image` is image, `k:{"name":"api"}` the item that diffs call api. */
function isStep(key: string, step: string, values: readonly unknown[]): boolean {
  if (key.startsWith('f:')) return key.slice(2) === step;
  if (key.startsWith('v:')) return key.slice(2) === JSON.stringify(step);
  return values
    .flatMap((value) => valuesAt(value, key))
    .some((item) => ITEM_KEYS.some((name) => String(toFieldSet(item)[name]) === step));
}

/** The values at a key of a value: one field, or the items of a list. */
export function valuesAt(value: unknown, key: string): readonly unknown[] {
  if (key.startsWith('f:')) {
    const inner = toFieldSet(value)[key.slice(2)];
    return inner === undefined ? [] : [inner];
  }
  if (!Array.isArray(value)) return [];
  if (key.startsWith('v:')) return value.filter((item) => JSON.stringify(item) === key.slice(2));
  if (!key.startsWith('k:')) return [];
  const wanted = Object.entries(itemKeys(key));
  return value.filter((item) => wanted.every(([field, part]) => hasPart(toFieldSet(item), field, part)));
}

/** A port's protocol is part of its key, and most manifests omit it. */
function hasPart(item: FieldSet, field: string, part: unknown): boolean {
  return item[field] === part || (field === 'protocol' && item[field] === undefined);
}

/** The name that a key stands for: `f:image` → image, `k:{"name":"api"}` → api; undefined for `.`. */
export function nameOf(key: string): string | undefined {
  if (key.startsWith('f:')) return key.slice(2);
  if (key.startsWith('k:')) return String(Object.values(itemKeys(key))[0]);
  return key.startsWith('v:') ? key.slice(2) : undefined;
}

function itemKeys(key: string): FieldSet {
  return toFieldSet(parseJson(key.slice(2)));
}

/**
 * The steps to each single field of a set. Items that are values of their own, the keys of the other items, and the bare existence of what has fields are
 * omitted: they are never in dispute.
 */
export function stepsOf(fields: FieldSet): readonly FieldSteps[] {
  return Object.entries(fields).flatMap(([key, below]) => {
    if (key.startsWith('k:')) return stepsOfItem(itemKeys(key), toFieldSet(below));
    if (!key.startsWith('f:')) return [];
    const step = key.slice(2);
    return isLeaf(toFieldSet(below)) ? [[step]] : stepsOf(toFieldSet(below)).map((rest) => [step, ...rest]);
  });
}

function stepsOfItem(keys: FieldSet, below: FieldSet): readonly FieldSteps[] {
  const name = ITEM_KEYS.find((field) => keys[field] !== undefined);
  if (name === undefined) return [];
  const inner = Object.entries(below).filter(([field]) => keys[field.slice(2)] === undefined);
  return stepsOf(Object.fromEntries(inner)).map((rest) => [String(keys[name]), ...rest]);
}

/** The places where a field may have been written: the API server makes `data` of a Secret's `stringData`, and owners keep what they wrote. */
export function writtenAs(steps: FieldSteps, { apiVersion, kind }: KubeObject): readonly FieldSteps[] {
  const [first, ...rest] = steps;
  const isSecretData = apiVersion === 'v1' && kind === 'Secret' && first === 'data';
  return isSecretData ? [steps, ['stringData', ...rest]] : [steps];
}
