// In: a desired object, and what is live of it. Out: its unmanaged fields, which a rule ignores and another manager owns: no write sends them, with force or
// without, so that they stay as the other manager has them. Pure.
import { isDeepStrictEqual } from 'node:util';
import { leftToOthers } from '../ignore/left-to-others.ts';
import { type IgnoreContext, ignoredOf } from '../ignore/rules.ts';
import { type FieldSteps, stepsOf, toFieldSet, writtenAs } from '../managed-fields/field-set.ts';
import { ownFields } from '../managed-fields/owners.ts';
import { lastingOwners } from '../managed-fields/takeover.ts';
import type { ApplyResult } from '../model/cluster-api.ts';
import { stepInto } from '../model/field-path.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { isIdentityField, withoutDeployer } from '../ownership/labels.ts';
import type { Desired } from '../plan/desired.ts';

/** The unmanaged fields of a desired object, step by step. */
export function unmanagedFields(
  { id, object }: Pick<Desired, 'id' | 'object'>,
  live: KubeObject,
  ignoring: IgnoreContext,
): readonly FieldSteps[] {
  const others = lastingOwners(live).map(({ manager = '', fieldsV1 }) => ({
    manager,
    paths: stepsOf(toFieldSet(fieldsV1)),
  }));
  return leftToOthers(live, ignoredOf(id, live, ignoring), others).flatMap((path) => {
    const written = writtenAs(path, object);
    const isSent = written.some((one) => valueAt(object, one) !== undefined);
    return isSent && !isIdentityField(path) ? written : [];
  });
}

/** Whether applying the whole object changes nothing of its unmanaged fields, not even who owns them. */
export function keepsUnmanaged(unmanaged: readonly FieldSteps[], live: KubeObject, whole: ApplyResult): boolean {
  if (unmanaged.length === 0) return true;
  if (whole.status !== 'applied') return false;
  if (ownFields(withoutDeployer(live)) !== ownFields(withoutDeployer(whole.object))) return false;
  return unmanaged.every((path) => isDeepStrictEqual(valueAt(live, path), valueAt(whole.object, path)));
}

function valueAt(object: KubeObject, path: FieldSteps): unknown {
  return path.reduce<unknown>(stepInto, object);
}
