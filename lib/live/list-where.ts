// In: a kind, and the namespaces that hold the wanted objects. Out: each of them is passed on as its page comes, so that no list is ever in memory as a whole. May throw
// ClusterAccessDenied and what the API server's state is.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import type { ListQuery } from '../model/cluster-api.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { Cluster } from '../ports/cluster.ts';

const CONCURRENT_LISTS = 8;

export type Whereabouts = Omit<ListQuery, 'namespace' | 'keep'> & {
  readonly namespaces: readonly string[];
  /** With more namespaces than these, all are listed at once, as far as that is allowed. */
  readonly separately: number;
};

/** Lists some namespaces, or all at once, and passes each object on; the same one maybe more than once. */
export async function listWhere(
  cluster: Pick<Cluster, 'list'>,
  { namespaces, separately, ...query }: Whereabouts,
  see: (object: KubeObject) => void,
): Promise<void> {
  const keep = (object: KubeObject): boolean => {
    see(object);
    return false;
  };
  const listEach = async (): Promise<void> => {
    await mapBounded(namespaces, CONCURRENT_LISTS, (namespace) => cluster.list({ ...query, namespace, keep }));
  };
  if (query.kind.namespaced && namespaces.length <= separately) return listEach();
  try {
    await cluster.list({ ...query, keep });
  } catch (thrown) {
    if (!query.kind.namespaced || asDriftlessError(thrown).code !== 'ClusterAccessDenied') throw thrown;
    await listEach();
  }
}
