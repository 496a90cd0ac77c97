// In: an object as Git has it, and the settings of its application. Out: what keeps it from being deleted, compared or judged as others are, in one word each.
import { ANNOTATIONS, meaningIn } from '../../dialects/annotations.ts';
import type { SyncOptions } from '../../model/application.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { turnOf } from '../../order/hooks.ts';
import { isProtected } from '../../ownership/may-delete.ts';

type Settings = Pick<SyncOptions, 'prune' | 'pruneProtected'>;

/** `prune-disabled`, `protected`, `hook:PreSync`, `ignore-health`, `drift:off`, `recreate`. */
export function guardsOf(object: KubeObject, { prune, pruneProtected }: Settings): readonly string[] {
  const { phase, deletePolicies } = turnOf(object);
  const isKept = !prune || meaningIn(object, ANNOTATIONS.prune) === 'no';
  const drift = meaningIn(object, ANNOTATIONS.drift);
  return [
    ...(isKept ? ['prune-disabled'] : []),
    ...(isProtected(object.kind) && !pruneProtected.includes(object.kind) ? ['protected'] : []),
    ...(deletePolicies === undefined ? [] : [`hook:${phase}`]),
    ...(meaningIn(object, ANNOTATIONS.ignoreHealth) === 'yes' ? ['ignore-health'] : []),
    ...(drift === undefined ? [] : [`drift:${drift}`]),
    ...(meaningIn(object, ANNOTATIONS.recreate) === 'yes' ? ['recreate'] : []),
  ];
}
