// In: managed fields, and a path as a diff prints it. Out: who owns what. The API server names items of lists by all their merge keys, a diff by one of them,
// so items are looked up in the object.
import { parseFieldPath } from '../model/field-path.ts';
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';
import { difference, type FieldSet, hasSteps, toFieldSet, writtenAs } from './field-set.ts';

/** The field manager of everything that is applied. */
export const FIELD_MANAGER = 'driftless';

/** Whether an entry is our own: what we applied, not what was updated in our name. */
export function isOurs({ manager, operation, subresource = '' }: ManagedFieldsEntry): boolean {
  return manager === FIELD_MANAGER && operation === 'Apply' && subresource === '';
}

/** Our own entry in the managed fields of an object. */
export function ownEntry({ metadata: { managedFields = [] } }: KubeObject): ManagedFieldsEntry | undefined {
  return managedFields.find(isOurs);
}

/** The fields that we own, as text to compare. */
export function ownFields(object: KubeObject): string {
  return JSON.stringify(ownEntry(object)?.fieldsV1 ?? {});
}

/** Managed fields of every other manager, without those of the object's status. */
export function othersOf(live: KubeObject): readonly ManagedFieldsEntry[] {
  const own = ownEntry(live);
  return (live.metadata.managedFields ?? []).filter((entry) => entry !== own && entry.subresource !== 'status');
}

/** Whether an entry owns the field, something in it, or the whole that it is in. */
export function ownsField({ fieldsV1 }: ManagedFieldsEntry, path: string, objects: readonly KubeObject[]): boolean {
  const steps = parseFieldPath(path);
  const [object] = objects;
  if (steps === undefined || fieldsV1 === undefined) return false;
  return (object === undefined ? [steps] : writtenAs(steps, object)).some((one) => hasSteps(fieldsV1, one, objects));
}

/** The fields that one entry owns and another one does not. */
export function ownedBesides(one: ManagedFieldsEntry | undefined, other: ManagedFieldsEntry | undefined): FieldSet {
  return difference(toFieldSet(one?.fieldsV1), toFieldSet(other?.fieldsV1));
}
