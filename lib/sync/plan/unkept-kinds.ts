// In: desired objects, and the kinds that the API server does not list. Out: the objects without those kinds, and a refusal for each of these: such a kind
// is a request that the server answers (TokenReview, SubjectAccessReview, Binding), and nothing of it is kept.
import type { Refusal } from '../../model/change-set.ts';
import type { ServedKind } from '../../model/cluster-api.ts';
import { kindKey } from '../../model/kube-object.ts';
import type { Desired } from '../../plan/desired.ts';

/** Splits objects by whether the server keeps objects of their kind. */
export function withoutUnkept(
  desired: readonly Desired[],
  unlistable: readonly ServedKind[],
): { readonly kept: readonly Desired[]; readonly unkept: readonly Refusal[] } {
  const keys = new Set(unlistable.map(kindKey));
  const isKept = ({ id }: Desired): boolean => !keys.has(kindKey(id));
  return { kept: desired.filter(isKept), unkept: desired.filter((item) => !isKept(item)).map(unkeptRefusal) };
}

/** The kinds that the server keeps objects of. */
export function keptKinds(kinds: readonly ServedKind[], unlistable: readonly ServedKind[]): readonly ServedKind[] {
  const keys = new Set(unlistable.map(kindKey));
  return kinds.filter((kind) => !keys.has(kindKey(kind)));
}

function unkeptRefusal({ id, source }: Desired): Refusal {
  const message = `the API server answers a ${id.kind} and keeps none, so it cannot be deployed; remove it from Git`;
  return { id, source, message };
}
