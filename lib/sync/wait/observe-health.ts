// In: objects that were applied. Out: their health, read once or watched for a while. May throw what the API server's state is. A watch that breaks
// off ends the observation early; the next one lists again.
import { pollUntil } from '../../async/poll-until.ts';
import { healthOfAll, type ObjectHealth } from '../../health/aggregate.ts';
import { isFinished } from '../../health/finished.ts';
import { healthOf, isHealthIgnored } from '../../health/health.ts';
import type { OwnRules } from '../../health/rule.ts';
import { hasHealth } from '../../health/without-health.ts';
import { distinctKinds, type LiveQuery, listKinds, namespacesOf } from '../../live/list-kinds.ts';
import type { Health } from '../../model/health.ts';
import { idKey, type KubeObject } from '../../model/kube-object.ts';
import { APP_LABEL } from '../../ownership/labels.ts';
import { isTracked } from '../../plan/inventory.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { StagedObject } from '../apply/apply-stage.ts';
import type { Run } from '../operation/run.ts';
import { LiveWatch } from './live-watch.ts';
import { RolloutReader } from './rollout-reader.ts';

/** A failure must last this long: right after a change, many controllers report a failure that is over in a moment. */
const GRACE_MS = 3_000;

/** During a watch, time passes too: failures become lasting, pods are listed, a newer operation may wait. */
const TICK_MS = 500;

export type Observation =
  | {
      readonly status: 'healthy' | 'degraded' | 'waiting';
      readonly health: Health;
      /** Objects that have done their work, by their keys; absent where no object has. */
      readonly finished?: readonly string[];
    }
  | { readonly status: 'superseded' };

type ObservationRequest = {
  readonly objects: readonly StagedObject[];
  /** When the wait began, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** How long to watch unless the first read is final. */
  readonly watchMs: number;
};

/** The objects whose health can be anything but good. */
export function objectsWithHealth(
  objects: readonly StagedObject[],
  rules: OwnRules | undefined,
): readonly StagedObject[] {
  const canBeBad = ({ kind, object }: StagedObject): boolean => hasHealth(kind) || rules?.(object) !== undefined;
  return objects.filter((object) => isTracked(object) && canBeBad(object) && !isHealthIgnored(object.object));
}

/** Reads the objects, then watches them until their health is final or the time to watch is over. */
export async function observeHealth(run: Run, request: ObservationRequest): Promise<Observation> {
  const { app } = await run.application();
  const cluster = await run.cluster();
  if (await run.lease.isSuperseded()) return { status: 'superseded' };
  const query = queryFor(app.name, request.objects);
  const { objects: live, lists } = await listKinds(cluster, query);
  const watch = new LiveWatch(new Map(live), run.ports.clock);
  const timeoutMs = app.sync.timeoutSeconds * 1000;
  const rules = await run.healthRules();
  const observer = new HealthObserver(run, { ...request, timeoutMs, ...(rules && { rules }) }, { cluster, watch });
  try {
    const first = await observer.read();
    if (first.status !== 'waiting' || request.watchMs === 0) return first;
    await run.record.writePhase('wait');
    watch.start(cluster, lists, query);
    return await observer.watch();
  } finally {
    watch.stop();
  }
}

type ObservedRequest = ObservationRequest & { readonly timeoutMs: number; readonly rules?: OwnRules };

class HealthObserver {
  readonly #run: Run;
  readonly #request: ObservedRequest;
  readonly #watch: LiveWatch;
  readonly #rollouts: RolloutReader;
  readonly #known = new Map<string, { readonly live: KubeObject; readonly health: Health; readonly atMs: number }>();
  #failingSince: number | undefined;

  constructor(
    run: Run,
    request: ObservedRequest,
    { cluster, watch }: { readonly cluster: Cluster; readonly watch: LiveWatch },
  ) {
    this.#run = run;
    this.#request = request;
    this.#watch = watch;
    this.#rollouts = new RolloutReader(cluster, run.ports.clock);
  }

  /** Reads the health again after each change. */
  async watch(): Promise<Observation> {
    const { clock } = this.#run.ports;
    let nextLeaseMs = clock.monotonic() + TICK_MS;
    const check = async (): Promise<Observation> => {
      const found = await this.read();
      if (found.status !== 'waiting' || this.#watch.ended || clock.monotonic() < nextLeaseMs) return found;
      nextLeaseMs = clock.monotonic() + TICK_MS;
      return (await this.#run.lease.isSuperseded()) ? { status: 'superseded' } : found;
    };
    const isFinal = ({ status }: Observation): boolean => status !== 'waiting' || this.#watch.ended;
    const pause = (): Promise<void> => this.#watch.nextChange(TICK_MS);
    return pollUntil(check, isFinal, { clock, timeoutMs: this.#request.watchMs, pause });
  }

  async read(): Promise<Observation> {
    const now = this.#run.ports.clock.now();
    const health = healthOfAll(await Promise.all(this.#request.objects.map((object) => this.#readOne(object, now))));
    if (health.status === 'Healthy' || health.status === 'Suspended')
      return { status: 'healthy', health, ...this.#finished() };
    if (this.#isFailing(health, now)) return { status: 'degraded', health };
    const { sinceMs, timeoutMs } = this.#request;
    if (now - sinceMs < timeoutMs) return { status: 'waiting', health };
    const message = `not healthy after ${timeoutMs / 1000} s: ${health.message}`;
    return { status: 'degraded', health: { ...health, message } };
  }

  #finished(): { readonly finished?: readonly string[] } {
    const keys = this.#request.objects.map(({ id }) => idKey(id)).filter((key) => this.#hasFinished(key));
    return keys.length === 0 ? {} : { finished: keys };
  }

  #hasFinished(key: string): boolean {
    const live = this.#watch.objects.get(key);
    return live === undefined ? this.#watch.finished.has(key) : isFinished(live);
  }

  async #readOne({ id, deletePolicies, live: known }: StagedObject, now: number): Promise<ObjectHealth> {
    const live = this.#watch.objects.get(idKey(id));
    const hasEnded = deletePolicies !== undefined || known?.finished || this.#watch.finished.has(idKey(id));
    // A Job may delete itself at its end.
    if (live === undefined && hasEnded) return { id, health: { status: 'Healthy', message: '' } };
    if (live === undefined)
      return { id, health: { status: 'Progressing', message: 'not found in the cluster; was it deleted?' } };
    const judged = this.#known.get(idKey(id));
    if (judged?.live === live && (judged.health.status === 'Healthy' || now - judged.atMs < TICK_MS))
      return { id, health: judged.health };
    const health = await this.#healthOf(live, now);
    this.#known.set(idKey(id), { live, health, atMs: now });
    return { id, health };
  }

  async #healthOf(live: KubeObject, now: number): Promise<Health> {
    const { sinceMs: since, rules } = this.#request;
    const health = healthOf(live, { now, since, ...(rules && { rules }) });
    return health.status === 'Progressing' ? this.#rollouts.healthOf(live, { now, ...(rules && { rules }) }) : health;
  }

  #isFailing({ status }: Health, now: number): boolean {
    if (status !== 'Degraded' && status !== 'Unknown') {
      this.#failingSince = undefined;
      return false;
    }
    this.#failingSince ??= now;
    // A later check reads only once, and reports a failure at once, unless the wait has only just begun.
    const since = this.#request.watchMs === 0 ? this.#request.sinceMs : this.#failingSince;
    return now - since >= GRACE_MS;
  }
}

function queryFor(app: string, objects: readonly StagedObject[]): LiveQuery {
  return {
    kinds: distinctKinds(objects.map(({ kind }) => kind)),
    namespaces: namespacesOf(objects.map(({ id }) => id)),
    labelSelector: `${APP_LABEL}=${app}`,
    content: 'full',
  };
}
