// In: the kinds in play and the application's label. Out: what is live of them, as metadata. May throw ClusterAccessDenied and whatever the
// API server's state is; a read that fails never looks like an absent object.
import type { ServedKind } from '../model/cluster-api.ts';
import { idKey, idOf, type KubeObject, kindKey, type ObjectId } from '../model/kube-object.ts';
import type { Cluster } from '../ports.ts';
import { mapBounded } from './bounded.ts';

const CONCURRENT_LISTS = 16;

export type LiveQuery = {
  readonly kinds: readonly ServedKind[];
  /** Namespaces that the application's objects are in; with one alone the lists are narrowed to it. */
  readonly namespaces: readonly string[];
  readonly labelSelector: string;
  readonly content: 'full' | 'metadata';
};

/** What is live, and the version of each kind's list, from where a watch can go on. */
export type LiveObjects = {
  readonly objects: ReadonlyMap<string, KubeObject>;
  readonly versions: readonly { readonly kind: ServedKind; readonly resourceVersion: string }[];
};

/** Lists each kind once; one LIST a kind, however many objects there are. */
export async function readLive(cluster: Cluster, query: LiveQuery): Promise<LiveObjects> {
  const lists = await mapBounded(query.kinds, CONCURRENT_LISTS, async (kind) => ({
    kind,
    ...(await cluster.list({
      kind,
      labelSelector: query.labelSelector,
      content: query.content,
      ...scopeOf(kind, query),
    })),
  }));
  const objects = new Map(lists.flatMap(({ items }) => items.map((item) => [idKey(idOf(item)), item] as const)));
  return { objects, versions: lists.map(({ kind, resourceVersion }) => ({ kind, resourceVersion })) };
}

/** The namespace that a list or watch of a kind is narrowed to. */
export function scopeOf(
  kind: ServedKind,
  { namespaces }: Pick<LiveQuery, 'namespaces'>,
): { readonly namespace?: string } {
  const [only, ...others] = namespaces;
  return kind.namespaced && only !== undefined && others.length === 0 ? { namespace: only } : {};
}

/** Each kind once, whatever version it is named in. */
export function distinctKinds(kinds: readonly ServedKind[]): readonly ServedKind[] {
  return [...new Map(kinds.map((kind) => [kindKey(kind), kind])).values()];
}

/** Each namespace once. */
export function namespacesOf(ids: readonly ObjectId[]): readonly string[] {
  return [...new Set(ids.flatMap(({ namespace }) => namespace ?? []))];
}
