// In: two renderings of an application. Out: what changes from the first to the second, object by object, values of Secrets masked. Pure.
import { diffObjects } from '../../diff/diff.ts';
import type { Change, Manifest, Refusal } from '../../model/change-set.ts';
import type { ServedKind } from '../../model/cluster-api.ts';
import { groupOf, idKey } from '../../model/kube-object.ts';
import { type Desired, type KindLookup, type Placement, prepareDesired } from '../../plan/desired.ts';

type Renderings = { readonly deployed: readonly Manifest[]; readonly next: readonly Manifest[] };

/** Compares renderings; what cannot be applied is a refusal. */
export function diffRenderings(
  { deployed, next }: Renderings,
  placement: Placement,
  served: KindLookup,
): { readonly changes: readonly Change[]; readonly refusals: readonly Refusal[] } {
  const before = prepareDesired(
    deployed,
    placement,
    (apiVersion, kind) => served(apiVersion, kind) ?? gone(apiVersion, kind),
  );
  const after = prepareDesired(next, placement, served);
  const known = new Map(before.desired.map((desired) => [idKey(desired.id), desired]));
  const kept = new Set(after.desired.map(({ id }) => idKey(id)));
  const changes = [
    ...after.desired.flatMap((desired) => changeOf(known.get(idKey(desired.id)), desired)),
    ...before.desired
      .filter(({ id }) => !kept.has(idKey(id)))
      .map(({ id }): Change => ({ id, action: 'deleted', fields: [] })),
  ];
  return { changes: changes.toSorted((a, b) => (idKey(a.id) < idKey(b.id) ? -1 : 1)), refusals: after.refusals };
}

function changeOf(before: Desired | undefined, { id, object, hash }: Desired): readonly Change[] {
  if (before === undefined) return [{ id, action: 'created', fields: [] }];
  if (before.hash === hash) return [];
  return [{ id, action: 'configured', fields: diffObjects(before.object, object) }];
}

/** A kind whose definition is gone: its objects were placed in a namespace most likely. */
function gone(apiVersion: string, kind: string): ServedKind {
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return { group: groupOf(apiVersion), version, kind, plural: '', namespaced: true };
}
