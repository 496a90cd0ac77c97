// In: workloads that progress or are degraded. Out: their health with what their pods show. Pods and ReplicaSets are listed once for each namespace, however many workloads
// it has. Pods that cannot be read leave a workload to its own status.

import { mapBounded } from '../../async/map-bounded.ts';
import { asDriftlessError } from '../../errors.ts';
import { podSelectorOf, rolloutHealth } from '../../health/rollout-health.ts';
import type { HealthContext } from '../../health/rule.ts';
import { listWhere } from '../../live/list-where.ts';
import type { Health } from '../../model/health.ts';
import { idKey, idOf, type KubeObject } from '../../model/kube-object.ts';
import type { Cluster } from '../../ports/cluster.ts';

/** With more namespaces than these, pods of the whole cluster are listed at once. */
const NAMESPACES = 4;

type PodPorts = { readonly server: Pick<Cluster, 'kind' | 'list'>; readonly context: HealthContext };

type Owned = { readonly pods: readonly KubeObject[]; readonly replicaSets: readonly KubeObject[] };

/** The health of workloads, by identity; empty where their pods cannot be read. */
export async function healthByPods(
  workloads: readonly KubeObject[],
  { server, context }: PodPorts,
): Promise<ReadonlyMap<string, Health>> {
  if (workloads.length === 0) return new Map();
  try {
    const { pods, replicaSets } = await ownedBy(workloads, server);
    return new Map(
      workloads.map((workload) => [idKey(idOf(workload)), rolloutHealth({ workload, pods, replicaSets }, context)]),
    );
  } catch (thrown) {
    if (asDriftlessError(thrown).code === 'ApiServerUnreachable') throw thrown;
    return new Map();
  }
}

async function ownedBy(workloads: readonly KubeObject[], server: PodPorts['server']): Promise<Owned> {
  const owners = new Set(workloads.flatMap(({ metadata }) => metadata.uid ?? []));
  const deployments = workloads.filter(({ kind }) => kind === 'Deployment');
  const replicaSets = await listOwned(server, {
    type: ['apps/v1', 'ReplicaSet'],
    workloads: deployments,
    content: 'metadata',
    owners,
  });
  for (const { metadata } of replicaSets) if (metadata.uid !== undefined) owners.add(metadata.uid);
  const pods = await listOwned(server, { type: ['v1', 'Pod'], workloads, content: 'full', owners });
  return { pods, replicaSets };
}

type OwnedQuery = {
  readonly type: readonly [apiVersion: string, kind: string];
  /** Whose objects are listed. */
  readonly workloads: readonly KubeObject[];
  readonly content: 'full' | 'metadata';
  readonly owners: ReadonlySet<string>;
};

/** Lists what the owners have; of a workload that is alone in its namespace by its own selector. */
async function listOwned(
  server: PodPorts['server'],
  { type, workloads, content, owners }: OwnedQuery,
): Promise<readonly KubeObject[]> {
  if (workloads.length === 0) return [];
  const kind = await server.kind(...type);
  if (kind === undefined) return [];
  const found = new Map<string, KubeObject>();
  const see = (object: KubeObject): void => {
    const isOwned = object.metadata.ownerReferences?.some(({ uid }) => owners.has(uid)) ?? false;
    if (isOwned) found.set(idKey(idOf(object)), object);
  };
  const byNamespace = Map.groupBy(workloads, ({ metadata }) => metadata.namespace ?? '');
  if (byNamespace.size > NAMESPACES) {
    const namespaces = [...byNamespace.keys()];
    await listWhere(server, { kind, content, namespaces, separately: NAMESPACES }, see);
    return [...found.values()];
  }
  await mapBounded([...byNamespace], NAMESPACES, async ([namespace, own]) => {
    const [only, ...others] = own;
    const labelSelector = only && others.length === 0 ? podSelectorOf(only) : undefined;
    const query = { kind, content, namespaces: [namespace], separately: 1 };
    await listWhere(server, { ...query, ...(labelSelector !== undefined && { labelSelector }) }, see);
  });
  return [...found.values()];
}
