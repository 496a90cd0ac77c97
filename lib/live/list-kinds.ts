// In: kinds and an application's label. Out: what is live of them. May throw ClusterAccessDenied and what the API server's state is; a read that fails never
// looks like an absent object.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import type { ListResult, ServedKind } from '../model/cluster-api.ts';
import { idKey, idOf, type KubeObject, kindKey, type ObjectId } from '../model/kube-object.ts';
import type { Cluster } from '../ports/cluster.ts';

const CONCURRENT_LISTS = 16;

export type LiveQuery = {
  readonly kinds: readonly ServedKind[];
  /** Namespaces that the application's objects are in; with one alone the lists are narrowed to it. */
  readonly namespaces: readonly string[];
  readonly labelSelector: string;
  readonly content: 'full' | 'metadata';
};

/** One list, and from where a watch of the same objects can go on. */
export type ListedKind = { readonly kind: ServedKind; readonly namespace?: string; readonly resourceVersion: string };

/** The live objects, the lists that have them, and the kinds that the server keeps no objects of. */
export type LiveObjects = {
  readonly objects: ReadonlyMap<string, KubeObject>;
  readonly lists: readonly ListedKind[];
  readonly unlistable: readonly ServedKind[];
};

/** Lists each kind once; one LIST a kind, however many objects there are. */
export async function listKinds(cluster: Pick<Cluster, 'list'>, query: LiveQuery): Promise<LiveObjects> {
  const found = (await mapBounded(query.kinds, CONCURRENT_LISTS, (kind) => listKind(cluster, kind, query))).flat();
  const objects = new Map(found.flatMap(({ items }) => items.map((item) => [idKey(idOf(item)), item] as const)));
  return {
    objects,
    lists: found.filter(({ unlistable }) => !unlistable).map(({ items: _, ...list }) => list),
    unlistable: found.filter(({ unlistable }) => unlistable).map(({ kind }) => kind),
  };
}

type Listed = ListedKind & ListResult;

/** All namespaces at once; where that is forbidden, as to a deployer that has rights in namespaces only, each of the given ones. */
async function listKind(
  cluster: Pick<Cluster, 'list'>,
  kind: ServedKind,
  query: LiveQuery,
): Promise<readonly Listed[]> {
  const { namespaces, labelSelector, content } = query;
  const list = async (scope: { readonly namespace?: string }): Promise<Listed> => {
    return { kind, ...scope, ...(await cluster.list({ kind, labelSelector, content, ...scope })) };
  };
  const [only, ...others] = namespaces;
  if (kind.namespaced && only !== undefined && others.length === 0) return [await list({ namespace: only })];
  try {
    return [await list({})];
  } catch (thrown) {
    if (!kind.namespaced || asDriftlessError(thrown).code !== 'ClusterAccessDenied') throw thrown;
    return mapBounded(namespaces, CONCURRENT_LISTS, (namespace) => list({ namespace }));
  }
}

/** Each kind once, in one of the versions that name it. */
export function distinctKinds(kinds: readonly ServedKind[]): readonly ServedKind[] {
  return [...new Map(kinds.map((kind) => [kindKey(kind), kind])).values()];
}

/** Each namespace once. */
export function namespacesOf(ids: readonly ObjectId[]): readonly string[] {
  return [...new Set(ids.flatMap(({ namespace }) => namespace ?? []))];
}
