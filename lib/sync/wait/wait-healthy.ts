// In: objects that were applied. Out: whether they become healthy within the application's timeout; or the end of an operation that a newer one
// supersedes. The first check watches for some seconds; each later check is a durable poll, which costs nothing in between.
import { vanishesSoon } from '../../health/finished.ts';
import type { Health } from '../../model/health.ts';
import type { StagedObject } from '../apply/apply-stage.ts';
import { supersededFinish } from '../finish/finish.ts';
import type { Run } from '../operation/run.ts';
import { done, finished, type StageResult } from '../operation/stage-result.ts';
import { type Observation, objectsWithHealth, observeHealth } from './observe-health.ts';

/** How long the first check watches, so that the end of a quick rollout is known at once. */
const WATCH_MS = 20_000;

/** Pauses between later checks, in seconds; the last one repeats. */
const PAUSES = [2, 4, 8, 15, 30];

/** Longer than the longest pause: what stays for as long after its end is seen there. */
const SOON_SECONDS = 60;

export type HealthResult = {
  readonly status: 'healthy' | 'degraded';
  readonly health: Health;
  /** Objects that have done their work, by their keys. */
  readonly finished?: readonly string[];
};

type Progress = { readonly looks: number; readonly sinceMs: number; readonly end?: Observation };

/** Waits until all of the objects are healthy, one of them fails, the timeout has passed, or a newer operation waits. */
export async function waitHealthy(
  run: Run,
  { name, objects }: { readonly name: string; readonly objects: readonly StagedObject[] },
): Promise<StageResult<HealthResult>> {
  const observed = objectsWithHealth(objects, await run.healthRules());
  if (observed.length === 0) return done({ status: 'healthy', health: { status: 'Healthy', message: '' } });
  // The end of a Job that removes itself at once is seen by a watch only.
  const isBrief = observed.some(({ object }) => vanishesSoon(object, SOON_SECONDS));
  const startedMs = run.ports.clock.monotonic();
  const { end } = await run.flow.poll<Progress>(name, { looks: 0, sinceMs: 0 }, async ({ looks, sinceMs }) => {
    const now = run.ports.clock.now();
    const since = sinceMs === 0 ? now : sinceMs;
    const watchMs = looks === 0 || isBrief ? WATCH_MS : 0;
    const found = await observeHealth(run, { objects: observed, sinceMs: since, watchMs });
    const health = found.status === 'superseded' ? undefined : found.health;
    run.log.info('checked health', { status: found.status, reason: health?.message });
    if (found.status !== 'waiting') return { state: { looks: looks + 1, sinceMs: since, end: found } };
    return { state: { looks: looks + 1, sinceMs: since }, nextSeconds: isBrief ? 1 : (PAUSES[looks] ?? 30) };
  });
  run.record.addTiming('wait', run.ports.clock.monotonic() - startedMs);
  if (end === undefined || end.status === 'superseded') return finished(supersededFinish());
  const { health, finished: ended } = end;
  return done({ status: end.status === 'healthy' ? 'healthy' : 'degraded', health, ...(ended && { finished: ended }) });
}
