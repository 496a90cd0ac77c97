// In: objects that were applied. Out: how they do after one look, or after watching for a while. Reads only; may throw what the API server's
// state is. A watch that breaks off ends the look early, and the next one lists again.
import { DriftlessError } from '../../errors.ts';
import { healthOfAll, type JudgedObject } from '../../health/aggregate.ts';
import { healthOf, isHealthIgnored } from '../../health/health.ts';
import { hasHealth } from '../../health/without-health.ts';
import { distinctKinds, type LiveQuery, namespacesOf, readLive } from '../../live/list-kinds.ts';
import type { Health } from '../../model/health.ts';
import { idKey, type KubeObject } from '../../model/kube-object.ts';
import { APP_LABEL } from '../../plan/desired.ts';
import { isTracked } from '../../plan/inventory.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { StagedObject } from '../apply/apply-stage.ts';
import type { Run } from '../operation/run.ts';
import { LiveWatch } from './live-watch.ts';
import { RolloutReader } from './rollout-reader.ts';

/** A failure must last this long: right after a change, many controllers report one that is over in a moment. */
const GRACE_MS = 3_000;

/** While watching, time passes too: failures become lasting, pods are listed, a newer operation may wait. */
const TICK_MS = 500;

export type Look =
  | { readonly status: 'healthy' | 'degraded' | 'waiting'; readonly health: Health }
  | { readonly status: 'superseded' };

export type LookRequest = {
  readonly objects: readonly StagedObject[];
  /** When waiting began, in milliseconds since 1970. */
  readonly sinceMs: number;
  /** How long to watch when the first glance does not settle it. */
  readonly watchMs: number;
};

/** The objects whose health can be anything but good. */
export function watchedObjects(objects: readonly StagedObject[]): readonly StagedObject[] {
  return objects.filter((object) => isTracked(object) && hasHealth(object.kind) && !isHealthIgnored(object.object));
}

/** Looks at the objects until they are settled, or the time for watching is over. */
export async function observe(run: Run, request: LookRequest): Promise<Look> {
  const { app } = await run.application();
  const cluster = await run.ports.clusters.open(app.destination.cluster);
  if (await isSuperseded(run)) return { status: 'superseded' };
  const query = queryFor(app.name, request.objects);
  const { objects: live, lists } = await readLive(cluster, query);
  const watch = new LiveWatch(new Map(live), run.ports.clock);
  const look = new Looking(run, { ...request, timeoutMs: app.sync.timeoutSeconds * 1000 }, { cluster, watch });
  try {
    const first = await look.judge();
    if (first.status !== 'waiting' || request.watchMs === 0) return first;
    await run.recordPhase('wait');
    watch.start(cluster, lists, query);
    return await look.untilSettled();
  } finally {
    watch.stop();
  }
}

class Looking {
  readonly #run: Run;
  readonly #request: LookRequest & { readonly timeoutMs: number };
  readonly #watch: LiveWatch;
  readonly #rollouts: RolloutReader;
  readonly #judged = new Map<string, { readonly live: KubeObject; readonly health: Health; readonly atMs: number }>();
  #failingSince: number | undefined;

  constructor(
    run: Run,
    request: LookRequest & { readonly timeoutMs: number },
    { cluster, watch }: { readonly cluster: Cluster; readonly watch: LiveWatch },
  ) {
    this.#run = run;
    this.#request = request;
    this.#watch = watch;
    this.#rollouts = new RolloutReader(cluster, run.ports.clock);
  }

  async untilSettled(): Promise<Look> {
    const { clock } = this.#run.ports;
    const deadline = clock.monotonic() + this.#request.watchMs;
    let askAgain = clock.monotonic() + TICK_MS;
    for (;;) {
      await this.#watch.nextChange(TICK_MS);
      const look = await this.judge();
      if (look.status !== 'waiting' || this.#watch.ended || clock.monotonic() > deadline) return look;
      if (clock.monotonic() < askAgain) continue;
      if (await isSuperseded(this.#run)) return { status: 'superseded' };
      askAgain = clock.monotonic() + TICK_MS;
    }
  }

  async judge(): Promise<Look> {
    const now = this.#run.ports.clock.now();
    const health = healthOfAll(await Promise.all(this.#request.objects.map((object) => this.#judgeOne(object, now))));
    if (health.status === 'Healthy' || health.status === 'Suspended') return { status: 'healthy', health };
    if (this.#isFailing(health, now)) return { status: 'degraded', health };
    const { sinceMs, timeoutMs } = this.#request;
    if (now - sinceMs < timeoutMs) return { status: 'waiting', health };
    const message = `not healthy after ${timeoutMs / 1000} s: ${health.message}`;
    return { status: 'degraded', health: { ...health, message } };
  }

  async #judgeOne({ id, deletePolicies }: StagedObject, now: number): Promise<JudgedObject> {
    const live = this.#watch.objects.get(idKey(id));
    // A hook's Job may remove itself when it is done.
    if (live === undefined && deletePolicies !== undefined) return { id, health: { status: 'Healthy', message: '' } };
    if (live === undefined)
      return { id, health: { status: 'Progressing', message: 'is not in the cluster; was it deleted meanwhile?' } };
    const known = this.#judged.get(idKey(id));
    if (known?.live === live && (known.health.status === 'Healthy' || now - known.atMs < TICK_MS))
      return { id, health: known.health };
    const health = await this.#healthOf(live, now);
    this.#judged.set(idKey(id), { live, health, atMs: now });
    return { id, health };
  }

  async #healthOf(live: KubeObject, now: number): Promise<Health> {
    const health = healthOf(live, { now, since: this.#request.sinceMs });
    return health.status === 'Progressing' ? this.#rollouts.healthOf(live, now) : health;
  }

  #isFailing({ status }: Health, now: number): boolean {
    if (status !== 'Degraded' && status !== 'Unknown') {
      this.#failingSince = undefined;
      return false;
    }
    this.#failingSince ??= now;
    // A later look is a single one, and takes a failure at its word, unless waiting has only just begun.
    const since = this.#request.watchMs === 0 ? this.#request.sinceMs : this.#failingSince;
    return now - since >= GRACE_MS;
  }
}

async function isSuperseded(run: Run): Promise<boolean> {
  const hold = await run.keeper.take();
  if (hold.status === 'held') return hold.superseded;
  throw new DriftlessError(
    'LeaseLost',
    `operation ${run.request.app}-${run.request.seq} lost its lease while it waited for health`,
  );
}

function queryFor(app: string, objects: readonly StagedObject[]): LiveQuery {
  return {
    kinds: distinctKinds(objects.map(({ kind }) => kind)),
    namespaces: namespacesOf(objects.map(({ id }) => id)),
    labelSelector: `${APP_LABEL}=${app}`,
    content: 'full',
  };
}
