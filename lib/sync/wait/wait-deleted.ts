// In: a plan whose removals were requested. Out: what is still being deleted, and what holds it, when the time is over; or the end of an operation that a
// newer one supersedes. Objects that are gone leave the inventory. A look costs one GET for each object; the pauses between looks are durable.
import { mapBounded } from '../../async/map-bounded.ts';
import { pollUntil } from '../../async/poll-until.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { formatRef, idKey, type KubeObject } from '../../model/kube-object.ts';
import { heldBy } from '../../ownership/held-by.ts';
import { without } from '../../plan/inventory.ts';
import type { PlannedRemoval } from '../../plan/planned.ts';
import { supersededFinish } from '../finish/finish.ts';
import type { Run } from '../operation/run.ts';
import { done, finished, type StageResult } from '../operation/stage-result.ts';
import { CONCURRENT_REQUESTS } from '../plan/plan-context.ts';

/** How long the first look goes on, so that a quick end is known at once. */
const FIRST_LOOK_MS = 3_000;
const EVERY_MS = 250;

/** Pauses between later looks, in seconds; the last one repeats. */
const PAUSES = [1, 2, 4, 8, 15, 30];

/** Objects that the outcome names; a step's result is small. */
const NAMED = 20;

/** One object whose deletion has not ended. */
type HeldObject = { readonly ref: string; readonly by: string };

export type HeldDeletions = { readonly count: number; readonly named: readonly HeldObject[] };

type Progress = { readonly looks: number; readonly end?: HeldDeletions | 'superseded' };

/** Waits until the deleted objects are gone, for the remaining time of `sync.timeout`. */
export async function waitDeleted(run: Run, planKey: string): Promise<StageResult<HeldDeletions>> {
  const { end } = await run.flow.poll<Progress>('wait-deleted', { looks: 0 }, async ({ looks }) => {
    if (await run.lease.isSuperseded()) return { state: { looks: looks + 1, end: 'superseded' } };
    const { removals } = await run.plans.get(planKey);
    const until = await deadlineOf(run);
    const isFinal = ({ remaining }: Look): boolean =>
      remaining.every(({ live }) => run.ports.clock.now() >= deadlineFor(live, until));
    const look = await lookFor(run, removals, { timeoutMs: looks === 0 ? FIRST_LOOK_MS : 0, isFinal });
    await forget(run, look.gone);
    if (!isFinal(look)) return { state: { looks: looks + 1 }, nextSeconds: PAUSES[looks] ?? 30 };
    const { remaining } = look;
    const named = remaining.slice(0, NAMED).map(({ live, entry }) => ({ ref: formatRef(entry), by: heldBy(live) }));
    return { state: { looks: looks + 1, end: { count: remaining.length, named } } };
  });
  if (end === undefined || end === 'superseded') return finished(supersededFinish());
  return done(end);
}

type Deadline = { readonly startedMs: number; readonly timeoutMs: number };

export async function deadlineOf(run: Run): Promise<Deadline> {
  const [{ app }, { startedAt = '' }] = [await run.application(), await run.record.read()];
  return { startedMs: Date.parse(startedAt), timeoutMs: app.sync.timeoutSeconds * 1000 };
}

async function lookFor(
  run: Run,
  removals: readonly PlannedRemoval[],
  { timeoutMs, isFinal }: { readonly timeoutMs: number; readonly isFinal: (look: Look) => boolean },
): Promise<Look> {
  const { clock } = run.ports;
  const pause = (): Promise<void> => clock.sleep(EVERY_MS);
  return pollUntil(() => lookAtRemovals(run, removals), isFinal, { clock, timeoutMs, pause });
}

/** What has been deleting for longer than the time-out was waited for before, and is only looked at. */
export function deadlineFor(
  { metadata: { deletionTimestamp = '' } }: KubeObject,
  { startedMs, timeoutMs }: Deadline,
): number {
  const since = Date.parse(deletionTimestamp);
  return Math.min(startedMs, Number.isNaN(since) ? startedMs : since) + timeoutMs;
}

type Remaining = PlannedRemoval & { readonly live: KubeObject };

/** What became of the objects whose deletion was requested. One that is live, and not being deleted, was kept; it is in neither list. */
type Look = { readonly gone: readonly InventoryEntry[]; readonly remaining: readonly Remaining[] };

/** Reads each removal that the inventory still has; an object with another uid has taken the place of one that is gone. */
export async function lookAtRemovals(run: Run, removals: readonly PlannedRemoval[]): Promise<Look> {
  const [cluster, inventory] = [await run.cluster(), await run.inventory()];
  const recorded = new Set(inventory.map(idKey));
  const requested = removals.filter(({ action, entry }) => action === 'deleted' && recorded.has(idKey(entry)));
  const found = await mapBounded(requested, CONCURRENT_REQUESTS, async (removal) => {
    const kind = await cluster.kind(removal.entry.apiVersion, removal.entry.kind);
    return { removal, live: kind && (await cluster.get(kind, removal.entry)) };
  });
  return {
    gone: found.flatMap(({ removal, live }) => (live?.metadata.uid === removal.uid ? [] : [removal.entry])),
    remaining: found.flatMap(({ removal, live }) =>
      live?.metadata.deletionTimestamp !== undefined && live.metadata.uid === removal.uid ? [{ ...removal, live }] : [],
    ),
  };
}

async function forget(run: Run, gone: readonly InventoryEntry[]): Promise<void> {
  if (gone.length > 0) await run.writeInventory(without(await run.inventory(), gone), 'prune');
}
