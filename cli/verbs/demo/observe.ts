import { healthOf } from '../../../lib/health/health.ts';
import { formatRef, idOf, type KubeObject } from '../../../lib/model/kube-object.ts';
import { APP_LABEL } from '../../../lib/ownership/labels.ts';
import type { Cluster } from '../../../lib/ports/cluster.ts';

const KINDS = [
  ['v1', 'ConfigMap'],
  ['v1', 'Service'],
  ['apps/v1', 'Deployment'],
  ['apps/v1', 'StatefulSet'],
] as const;

/** One line for each object of the example, with its health. */
export async function listObjects(cluster: Cluster, namespace: string): Promise<readonly string[]> {
  const lists = await Promise.all(
    KINDS.map(([apiVersion, kind]) => list(cluster, { apiVersion, kind, namespace, labelSelector: APP_LABEL })),
  );
  return lists
    .flat()
    .map((object) => `${formatRef(idOf(object)).padEnd(32)} ${healthOf(object, { now: Date.now() }).status}`);
}

/** One line for each pod, with its image and phase. */
export async function listPods(cluster: Cluster, namespace: string, labelSelector: string): Promise<readonly string[]> {
  const pods = await list(cluster, { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  return pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map((pod) => `${formatRef(idOf(pod)).padEnd(32)} ${healthOf(pod).status}`);
}

/** When a Deployment with this image is in the cluster, in milliseconds of the monotonic clock; by a watch, so nothing is added by polling. */
export async function imageLive(cluster: Cluster, namespace: string, image: string): Promise<number> {
  const kind = await cluster.kind('apps/v1', 'Deployment');
  if (kind === undefined) return Number.NaN;
  const query = { kind, namespace, content: 'full' } as const;
  const { resourceVersion } = await cluster.list(query);
  const abort = new AbortController();
  for await (const { object } of cluster.watch({ ...query, resourceVersion }, abort.signal)) {
    if (!JSON.stringify(object.spec).includes(`"${image}"`)) continue;
    abort.abort();
    return performance.now();
  }
  return Number.NaN;
}

async function list(
  cluster: Cluster,
  {
    apiVersion,
    kind: name,
    namespace,
    labelSelector,
  }: { apiVersion: string; kind: string; namespace: string; labelSelector: string },
): Promise<readonly KubeObject[]> {
  const kind = await cluster.kind(apiVersion, name);
  if (kind === undefined) return [];
  return (await cluster.list({ kind, namespace, labelSelector, content: 'full' })).items;
}
