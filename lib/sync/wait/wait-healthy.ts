// In: objects that were applied. Out: whether they are healthy, cannot become so, or take too long. The first look goes on as a watch for some
// seconds; after that each look is a durable poll, which costs nothing in between.
import type { Health } from '../../model/health.ts';
import type { StagedObject } from '../apply/apply-stage.ts';
import type { Run } from '../operation/run.ts';
import { type Look, observe, watchedObjects } from './observe.ts';

/** How long the first look watches; a rollout that is done by then is known at once. */
const WATCH_MS = 20_000;

/** Pauses between later looks, in seconds; the last one repeats. */
const PAUSES = [2, 4, 8, 15, 30];

export type Waited =
  | { readonly status: 'healthy' | 'degraded'; readonly health: Health }
  | { readonly status: 'superseded' };

type Progress = { readonly looks: number; readonly sinceMs: number; readonly end?: Look };

/** Waits until all of the objects are healthy, one of them is known to fail, the application's timeout is over, or a newer operation waits. */
export async function waitHealthy(
  run: Run,
  { name, objects }: { readonly name: string; readonly objects: readonly StagedObject[] },
): Promise<Waited> {
  const watched = watchedObjects(objects);
  if (watched.length === 0) return { status: 'healthy', health: { status: 'Healthy', message: '' } };
  const began = run.ports.clock.monotonic();
  const { end } = await run.flow.poll<Progress>(name, { looks: 0, sinceMs: 0 }, async ({ looks, sinceMs }) => {
    const now = run.ports.clock.now();
    const since = sinceMs === 0 ? now : sinceMs;
    const look = await observe(run, { objects: watched, sinceMs: since, watchMs: looks === 0 ? WATCH_MS : 0 });
    const health = look.status === 'superseded' ? undefined : look.health;
    run.log.info('looked at health', { status: look.status, reason: health?.message });
    if (look.status !== 'waiting') return { state: { looks: looks + 1, sinceMs: since, end: look } };
    return { state: { looks: looks + 1, sinceMs: since }, nextSeconds: PAUSES[looks] ?? 30 };
  });
  run.addTiming('wait', run.ports.clock.monotonic() - began);
  if (end === undefined || end.status === 'superseded') return { status: 'superseded' };
  return { status: end.status === 'healthy' ? 'healthy' : 'degraded', health: end.health };
}
