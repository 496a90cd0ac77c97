import type { ServedKind } from '../lib/model/cluster-api.ts';
import type { KubeObject } from '../lib/model/kube-object.ts';
import type { Cluster } from '../lib/ports.ts';

export const CONFIG_MAP: ServedKind = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  namespaced: true,
};
export const SERVICE: ServedKind = { group: '', version: 'v1', kind: 'Service', plural: 'services', namespaced: true };
export const DEPLOYMENT: ServedKind = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
};

/** What is waited for: so many different objects that carry this mark. */
export type Awaited = {
  readonly namespace: string;
  readonly kinds: readonly ServedKind[];
  readonly mark: string;
  readonly count: number;
};

const LIMIT_MS = 180_000;

/** A watch that is open when this returns; `live` is when the last of the objects was there, on the monotonic clock. */
export async function watchLive(cluster: Cluster, awaited: Awaited): Promise<{ readonly live: Promise<number> }> {
  const abort = new AbortController();
  const seen = new Set<string>();
  const follow = async (kind: ServedKind): Promise<void> => {
    const query = { kind, namespace: awaited.namespace, content: 'metadata' } as const;
    const { resourceVersion } = await cluster.list(query);
    const events = cluster.watch({ ...query, resourceVersion }, abort.signal);
    void (async () => {
      for await (const { type, object } of events) {
        if (type === 'DELETED' || markOf(object) !== awaited.mark) continue;
        seen.add(`${kind.kind}/${object.metadata.name}`);
        if (seen.size >= awaited.count) abort.abort();
      }
    })();
  };
  await Promise.all(awaited.kinds.map(follow));
  const live = new Promise<number>((resolve, reject) => {
    const limit = setTimeout(() => {
      reject(
        new Error(
          `${seen.size} of ${awaited.count} objects are live in ${awaited.namespace} after ${LIMIT_MS / 1000} s`,
        ),
      );
    }, LIMIT_MS);
    abort.signal.addEventListener('abort', () => {
      clearTimeout(limit);
      resolve(performance.now());
    });
  });
  return { live };
}

/** An object's mark is an annotation, so that a watch of metadata shows it. */
export const MARK = 'bench.driftless.dev/mark';

function markOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[MARK];
}
