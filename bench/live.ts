import type { ListQuery, ServedKind } from '../lib/model/cluster-api.ts';
import type { KubeObject } from '../lib/model/kube-object.ts';
import type { Cluster } from '../lib/ports/cluster.ts';

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
  const { promise: live, resolve, reject } = Promise.withResolvers<number>();
  const see = (kind: ServedKind, object: KubeObject): void => {
    if (markOf(object) !== awaited.mark || abort.signal.aborted) return;
    seen.add(`${kind.kind}/${object.metadata.name}`);
    if (seen.size < awaited.count) return;
    resolve(performance.now());
    abort.abort();
  };
  const limit = setTimeout(() => {
    const state = `${seen.size} of ${awaited.count} objects are live in ${awaited.namespace}`;
    reject(new Error(`${state} after ${LIMIT_MS / 1000} s`));
    abort.abort();
  }, LIMIT_MS);
  abort.signal.addEventListener('abort', () => clearTimeout(limit));

  const follow = async (kind: ServedKind, query: ListQuery, from: string): Promise<void> => {
    for await (const object of changes(cluster, { ...query, resourceVersion: from }, abort.signal)) see(kind, object);
  };
  for (const kind of awaited.kinds) {
    const query = { kind, namespace: awaited.namespace, content: 'metadata' } as const;
    const { resourceVersion } = await cluster.list(query);
    follow(kind, query, resourceVersion).catch(reject);
  }
  // Whoever waits for it may come later.
  live.catch(() => undefined);
  return { live };
}

/** Objects as they change; where the server ends a watch, as it does whenever it likes, what it would have shown is listed. */
async function* changes(
  cluster: Cluster,
  { resourceVersion, ...query }: ListQuery & { readonly resourceVersion: string },
  signal: AbortSignal,
): AsyncGenerator<KubeObject> {
  for (let from = resourceVersion; !signal.aborted; ) {
    for await (const { type, object } of cluster.watch({ ...query, resourceVersion: from }, signal)) {
      if (type !== 'DELETED') yield object;
    }
    if (signal.aborted) return;
    const listed = await cluster.list(query);
    yield* listed.items;
    from = listed.resourceVersion;
  }
}

/** An object's mark is an annotation, so that a watch of metadata shows it. */
export const MARK = 'bench.driftless.dev/mark';

function markOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[MARK];
}
