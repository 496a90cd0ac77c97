// In: objects to look at. Out: the health of those that are not Healthy, from the full object: a GET each for a few of a kind, one LIST of the kind where there are many.
// What cannot be read is Unknown with the reason. May throw what makes the cluster as a whole unreachable.

import { mapBounded } from '../../async/map-bounded.ts';
import { asDriftlessError } from '../../errors.ts';
import type { ObjectHealth } from '../../health/aggregate.ts';
import { healthOf } from '../../health/health.ts';
import { podSelectorOf } from '../../health/rollout-health.ts';
import type { HealthContext } from '../../health/rule.ts';
import { namespacesOf } from '../../live/list-kinds.ts';
import { listWhere } from '../../live/list-where.ts';
import type { ServedKind } from '../../model/cluster-api.ts';
import type { Health } from '../../model/health.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { idKey, idOf, type KubeObject, kindKey } from '../../model/kube-object.ts';
import { APP_LABEL } from '../../ownership/labels.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { Judge } from './judge.ts';
import { healthByPods } from './pods.ts';

/** With more of a kind, the kind is listed. */
const FEW = 3;
const KINDS_AT_ONCE = 8;

export type LookPorts = {
  readonly server: Pick<Cluster, 'kind' | 'get' | 'list'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly judge: Judge | undefined;
};

/** The health of objects that are not Healthy, by identity. */
export type Looked = ReadonlyMap<string, ObjectHealth>;

/** Looks at objects of any applications of a cluster. */
export async function lookAt(entries: readonly InventoryEntry[], { server, clock, judge }: LookPorts): Promise<Looked> {
  const { rules } = judge ?? {};
  const look = new Look(server, { now: clock.now(), ...(rules && { rules }) });
  const kinds = Map.groupBy(entries, kindKey);
  await mapBounded([...kinds.values()], KINDS_AT_ONCE, (wanted) => look.atKind(wanted));
  await look.atPods();
  return look.found;
}

class Look {
  readonly found = new Map<string, ObjectHealth>();
  readonly #server: LookPorts['server'];
  readonly #context: HealthContext & { readonly now: number };
  /** Workloads that progress or are degraded. */
  readonly #workloads = new Map<string, { readonly entry: InventoryEntry; readonly object: KubeObject }>();

  constructor(server: LookPorts['server'], context: HealthContext & { readonly now: number }) {
    this.#server = server;
    this.#context = context;
  }

  async atKind(entries: readonly InventoryEntry[]): Promise<void> {
    try {
      const served = await this.#servedKind(entries);
      if (served === undefined) for (const entry of entries) this.#record(entry, missing('its kind is not served'));
      else if (entries.length <= FEW || served.unlistable) await this.#getEach(served, entries);
      else await this.#list(served, entries);
    } catch (thrown) {
      const { code, message } = asDriftlessError(thrown);
      if (code === 'ApiServerUnreachable') throw thrown;
      for (const entry of entries) this.#record(entry, unreadable(message));
    }
  }

  /** What the pods say of the workloads takes the place of what their own status says. */
  async atPods(): Promise<void> {
    const workloads = [...this.#workloads.values()].map(({ object }) => object);
    const seen = await healthByPods(workloads, { server: this.#server, context: this.#context });
    for (const [key, health] of seen) {
      const entry = this.#workloads.get(key)?.entry;
      if (entry !== undefined) this.#record(entry, health);
    }
  }

  async #servedKind(entries: readonly InventoryEntry[]): Promise<ServedKind | undefined> {
    for (const [apiVersion, [first]] of Map.groupBy(entries, (entry) => entry.apiVersion)) {
      const served = first && (await this.#server.kind(apiVersion, first.kind));
      if (served !== undefined) return served;
    }
    return undefined;
  }

  async #getEach(kind: ServedKind, entries: readonly InventoryEntry[]): Promise<void> {
    await mapBounded(entries, KINDS_AT_ONCE, async (entry) => this.#see(entry, await this.#server.get(kind, entry)));
  }

  async #list(kind: ServedKind, entries: readonly InventoryEntry[]): Promise<void> {
    const wanted = new Map(entries.map((entry) => [idKey(entry), entry]));
    const query = { kind, labelSelector: APP_LABEL, content: 'full', separately: 1 } as const;
    const unseen = new Map(wanted);
    await listWhere(this.#server, { ...query, namespaces: namespacesOf(entries) }, (object) => {
      const key = idKey(idOf(object));
      const entry = wanted.get(key);
      unseen.delete(key);
      if (entry !== undefined) this.#see(entry, object);
    });
    await this.#getEach(kind, [...unseen.values()]);
  }

  #see(entry: InventoryEntry, object: KubeObject | undefined): void {
    if (entry.ignoresHealth) return;
    const health = object === undefined ? missing('not found in the cluster') : healthOf(object, this.#context);
    this.#record(entry, health);
    const isRolling = health.status === 'Progressing' || health.status === 'Degraded';
    if (object !== undefined && isRolling && podSelectorOf(object) !== undefined)
      this.#workloads.set(idKey(entry), { entry, object });
  }

  #record(entry: InventoryEntry, health: Health): void {
    if (health.status === 'Healthy') this.found.delete(idKey(entry));
    else this.found.set(idKey(entry), { id: entry, health });
  }
}

/** The health of an object that does not exist. */
export function missing(message: string): Health {
  return { status: 'Missing', message, reason: 'NotFound' };
}

function unreadable(message: string): Health {
  return { status: 'Unknown', message, reason: 'Unreadable' };
}
