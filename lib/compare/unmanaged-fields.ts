// In: a desired object, and what is live of it. Out: the fields that are not sent, since a rule ignores them and somebody else owns them: whoever writes, with
// force or without, leaves them as they are. Nothing is asked here.
import { isDeepStrictEqual } from 'node:util';
import { leftToOthers } from '../ignore/left-to-others.ts';
import { type IgnoreContext, ignoredOf } from '../ignore/rules.ts';
import { ownedPaths } from '../managed-fields/owners.ts';
import { lastingOwners } from '../managed-fields/takeover.ts';
import { stepInto } from '../model/field-path.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { APP_LABEL, type Desired } from '../plan/desired.ts';

type Steps = readonly string[];

/** The fields of a desired object that are left to others, step by step. */
export function leftFields(
  { id, object }: Pick<Desired, 'id' | 'object'>,
  live: KubeObject,
  context: IgnoreContext,
): readonly Steps[] {
  const others = lastingOwners(live).map(({ manager = '', fieldsV1 }) => ({ manager, paths: ownedPaths(fieldsV1) }));
  return leftToOthers(live, ignoredOf(id, live, context), others).flatMap((path) => {
    const written = asWritten(path, object);
    const isSent = written.some((one) => valueAt(object, one) !== undefined);
    return isSent && path[2] !== APP_LABEL ? written : [];
  });
}

/** Whether two objects have the same in all of these fields. */
export function agreeIn(fields: readonly Steps[], [one, other]: readonly [KubeObject, KubeObject]): boolean {
  return fields.every((path) => isDeepStrictEqual(valueAt(one, path), valueAt(other, path)));
}

function valueAt(object: KubeObject, path: Steps): unknown {
  return path.reduce<unknown>(stepInto, object);
}

/** The server makes `data` of a Secret's `stringData`. */
function asWritten(path: Steps, { apiVersion, kind }: KubeObject): readonly Steps[] {
  const [first, ...rest] = path;
  const isSecretData = apiVersion === 'v1' && kind === 'Secret' && first === 'data';
  return isSecretData ? [path, ['stringData', ...rest]] : [path];
}
