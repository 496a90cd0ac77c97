// In: the objects of a plan, and what is live. Out: which of them wait for a Namespace or CRD of the same plan, or for the end of an old object. Pure.
import type { Refusal } from '../model/change-set.ts';
import { definedKinds } from '../model/definition.ts';
import { formatRef, idKey, type KubeObject } from '../model/kube-object.ts';
import type { Desired } from '../plan/desired.ts';
import type { PlannedObject } from '../plan/planned.ts';
import { replacement } from './decide-change.ts';
import { type NotApplied, refuse } from './refusals.ts';

type LiveObjects = ReadonlyMap<string, KubeObject>;

/** Namespaces by name, and kinds by `group/version/kind`, that the operation itself creates for other objects, with the object that brings them. */
export type Dependencies = {
  readonly namespaces: ReadonlyMap<string, string>;
  readonly kinds: ReadonlyMap<string, string>;
  /** Of these, the ones that are being deleted with all that is in them, and have to be created again. */
  readonly leaving: ReadonlySet<string>;
};

/** The Namespaces that are not live and the kinds that CRDs of the same plan define. */
export function dependenciesOf(desired: readonly Desired[], live: LiveObjects): Dependencies {
  const isLeaving = ({ id }: Desired): boolean => live.get(idKey(id))?.metadata.deletionTimestamp !== undefined;
  const fresh = desired.filter(
    (item) => item.id.group === '' && item.id.kind === 'Namespace' && (!live.has(idKey(item.id)) || isLeaving(item)),
  );
  const definitions = desired.flatMap(({ id, object }) =>
    definedKinds(object).map(({ group, version, kind }) => [`${group}/${version}/${kind}`, formatRef(id)] as const),
  );
  return {
    namespaces: new Map(fresh.map(({ id }) => [id.name, formatRef(id)])),
    kinds: new Map(definitions),
    leaving: new Set(desired.filter(isLeaving).map(({ id }) => formatRef(id))),
  };
}

/** An object that has to wait until the old one, or the Namespace or CRD that it is in, is gone; undefined for an object that stays. */
export function createdAgain(
  desired: Desired,
  live: LiveObjects,
  dependencies: Dependencies,
): PlannedObject | undefined {
  const { namespace = '' } = desired.id;
  const providers = [dependencies.namespaces.get(namespace), definitionOf(desired, dependencies)];
  const provider = providers.find((ref) => ref !== undefined && dependencies.leaving.has(ref));
  if (provider !== undefined) return defer(desired, provider);
  const old = live.get(idKey(desired.id));
  return old?.metadata.deletionTimestamp === undefined ? undefined : replacement(desired, old);
}

/** An object that cannot be dry-run yet, since its kind is not served; undefined for any other. */
export function unservedYet(desired: Desired, dependencies: Dependencies): PlannedObject | undefined {
  return desired.served ? undefined : defer(desired, definitionOf(desired, dependencies) ?? desired.kind.kind);
}

/** An object that the server refuses for want of its Namespace or kind: it waits where the plan brings it. Undefined for any other refusal. */
export function waitsFor(
  desired: Desired,
  result: NotApplied,
  dependencies: Dependencies,
): PlannedObject | Refusal | undefined {
  if (result.status !== 'refused') return undefined;
  const { namespace } = desired.id;
  if (result.reason === 'namespaceMissing' && namespace !== undefined) {
    const provider = dependencies.namespaces.get(namespace);
    if (provider !== undefined) return defer(desired, provider);
    const remedy = 'create it, add its Namespace to Git, or set sync.createNamespace: true';
    return refuse(desired, `namespace "${namespace}" does not exist; ${remedy}`);
  }
  const definition = result.reason === 'kindMissing' ? definitionOf(desired, dependencies) : undefined;
  return definition === undefined ? undefined : defer(desired, definition);
}

function definitionOf({ kind: { group, version, kind } }: Desired, { kinds }: Dependencies): string | undefined {
  return kinds.get(`${group}/${version}/${kind}`);
}

function defer(desired: Desired, deferred: string): PlannedObject {
  return { ...desired, action: 'created', fields: [], force: false, deferred };
}
