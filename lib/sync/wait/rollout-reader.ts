import { healthOf } from '../../health/health.ts';
import { podSelectorOf, rolloutHealth } from '../../health/rollout-health.ts';
import type { HealthContext } from '../../health/rule.ts';
import type { Health } from '../../model/health.ts';
import { idKey, idOf, type KubeObject } from '../../model/kube-object.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Clock } from '../../ports/runtime.ts';

/** Pods of one workload are listed at most this often. */
const EVERY_MS = 1_000;

/** Reads the pods of workloads whose rollout is not complete, to report a rollout that cannot succeed before its deadline. */
export class RolloutReader {
  readonly #cluster: Cluster;
  readonly #clock: Clock;
  readonly #known = new Map<string, { readonly atMs: number; readonly health: Health }>();

  constructor(cluster: Cluster, clock: Clock) {
    this.#cluster = cluster;
    this.#clock = clock;
  }

  /** The health of a workload and its pods. */
  async healthOf(workload: KubeObject, context: HealthContext): Promise<Health> {
    const labelSelector = podSelectorOf(workload);
    const { namespace } = workload.metadata;
    if (labelSelector === undefined || namespace === undefined) return healthOf(workload, context);
    const key = idKey(idOf(workload));
    const known = this.#known.get(key);
    if (known !== undefined && this.#clock.monotonic() - known.atMs < EVERY_MS) return known.health;
    const [pods, replicaSets] = await Promise.all([
      this.#list('v1', 'Pod', { namespace, labelSelector }),
      workload.kind === 'Deployment' ? this.#list('apps/v1', 'ReplicaSet', { namespace, labelSelector }) : [],
    ]);
    const health = rolloutHealth({ workload, pods, replicaSets }, context);
    this.#known.set(key, { atMs: this.#clock.monotonic(), health });
    return health;
  }

  async #list(
    apiVersion: string,
    name: string,
    where: { readonly namespace: string; readonly labelSelector: string },
  ): Promise<readonly KubeObject[]> {
    const kind = await this.#cluster.kind(apiVersion, name);
    if (kind === undefined) return [];
    return (await this.#cluster.list({ kind, ...where, content: 'full' })).items;
  }
}
