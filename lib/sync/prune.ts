// In: a plan whose objects are applied and healthy. Out: objects that Git no longer has are deleted, the inventory is what the cluster has, and what is still
// being deleted when the time is over is named. Each delete names the planned uid; a newer object of the same name stays.
import { isDeepStrictEqual } from 'node:util';
import { mapBounded } from '../async/map-bounded.ts';
import { deleteObject } from '../live/delete-object.ts';
import type { Waiting } from '../model/application-record.ts';
import { formatRef, idKey } from '../model/kube-object.ts';
import { rankOf } from '../order/kinds.ts';
import { type Holder, leftToHolder } from '../ownership/claims.ts';
import { withFinished, without, writeAhead } from '../plan/inventory.ts';
import type { Plan, PlannedRemoval } from '../plan/planned.ts';
import type { Cluster } from '../ports/cluster.ts';
import { cannotDelete } from './apply/delete-and-wait.ts';
import { firstOf } from './finish/first-of.ts';
import { holdersOf } from './handover/holders-of.ts';
import { gateSince } from './handover/release-stage.ts';
import { requestNamed, requestOthers } from './handover/request-others.ts';
import { type LeftCount, leftCounts } from './moved/left-counts.ts';
import type { Run } from './operation/run.ts';
import { done, type StageResult } from './operation/stage-result.ts';
import { CONCURRENT_REQUESTS } from './plan/plan-context.ts';
import type { PlannedDeployment } from './plan/plan-stage.ts';
import { type HeldDeletions, lookAtRemovals, waitDeleted } from './wait/wait-deleted.ts';

/** Objects that were to be deleted, and stay: each with its name and the reason. */
type Kept = readonly string[];

type PruneStep = {
  readonly deleted: number;
  readonly kept?: Kept;
  /** What is left to other applications. */
  readonly left?: LeftObjects;
  /** How many are still being deleted. */
  readonly pending?: number;
  /** What is to be pruned in former clusters. */
  readonly moved?: readonly LeftCount[];
};

/** Objects that are not deleted, since other applications hold them: a sentence for each, and that they are looked at again. */
type LeftObjects = {
  /** How many of them the plan deleted. */
  readonly late: number;
  readonly named: readonly string[];
  readonly waiting: Waiting;
};

/** What a prune left. */
export type Pruned = {
  readonly kept: Kept;
  readonly held: HeldDeletions;
  readonly left?: LeftObjects;
  readonly moved?: readonly LeftCount[];
};

const NONE_HELD: HeldDeletions = { count: 0, named: [] };

/**
 * Deletes what the plan says and no other application's newest commit holds, in the reverse of the apply order, waits for its end, and writes the inventory if
 * that has changed.
 */
export async function pruneStage(
  run: Run,
  deployment: PlannedDeployment,
  finished: readonly string[],
): Promise<StageResult<Pruned>> {
  const { planKey } = deployment.plan;
  const pruned = await run.stage<PruneStep>('prune', 'prune', async () => {
    const plan = await run.plans.get(planKey);
    const { left, removals } = await heldByOthers(run, deployment, plan);
    const kept = removals.length > 0 ? await deleteAll(run, removals) : [];
    const pending = await completeInventory(run, plan, new Set(finished));
    await requestNamed(run, [...left.map(({ leftTo }) => leftTo.app), ...formerOwners(plan)]);
    await requestWaiting(run, plan);
    return {
      deleted: removals.length,
      ...(kept.length > 0 && { kept }),
      ...(left.length > 0 && { left: await leftObjects(run, left) }),
      ...(pending > 0 && { pending }),
      ...(await leftCounts(run, deployment.source)),
    };
  });
  if (pruned.status === 'finished') return pruned;
  const { kept = [], left, pending = 0, moved } = pruned.value;
  const stays = { kept, ...(left && { left }), ...(moved && { moved }) };
  if (pending === 0) return done({ ...stays, held: NONE_HELD });
  const held = await waitDeleted(run, planKey);
  return held.status === 'finished' ? held : done({ ...stays, held: held.value });
}

type Left = Pick<PlannedRemoval, 'entry' | 'action'> & { readonly leftTo: Holder };

/** Asks once more, right before the DELETE, who holds what is to be deleted; what the plan leaves to others stays in any case. */
async function heldByOthers(
  run: Run,
  { source }: PlannedDeployment,
  plan: Plan,
): Promise<{ readonly left: readonly Left[]; readonly removals: readonly PlannedRemoval[] }> {
  const planned = plan.removals.filter(({ action }) => action === 'deleted');
  const holders = await holdersOf(
    run,
    source,
    planned.map(({ entry }) => entry),
  );
  const left = plan.removals.flatMap(({ entry, action, leftTo = holders.get(idKey(entry)) }) =>
    leftTo === undefined ? [] : [{ entry, action, leftTo }],
  );
  return { left, removals: planned.filter(({ entry }) => !holders.has(idKey(entry))) };
}

/** What is said of objects that are left to others, which is looked at again. */
async function leftObjects(run: Run, left: readonly Left[]): Promise<LeftObjects> {
  const named = firstOf(left.map(({ entry, leftTo }) => `${formatRef(entry)} ${leftToHolder(leftTo)}`));
  const late = left.filter(({ action }) => action === 'deleted').length;
  return { late, named, waiting: await gateSince(run, 'handover') };
}

/** Requests the applications that want an object which stays, since its kind is protected or a setting keeps it: it is released by now. */
async function requestWaiting(run: Run, { removals }: Plan): Promise<void> {
  const freed = removals.filter(
    ({ entry, action, leftTo }) => action === 'skipped' && leftTo === undefined && entry.released === undefined,
  );
  if (freed.length > 0)
    await requestOthers(
      run,
      freed.map(({ entry }) => entry),
    );
}

/** Applications that objects were taken over from, which forget them. */
function formerOwners({ objects }: Plan): readonly string[] {
  return objects.flatMap(({ from, action }) => (from === undefined || action === 'skipped' ? [] : [from.app]));
}

async function deleteAll(run: Run, removals: readonly PlannedRemoval[]): Promise<Kept> {
  const cluster = await run.cluster();
  const tiers = Map.groupBy(removals, ({ entry }) => rankOf(entry.kind).tier);
  const kept: string[] = [];
  for (const tier of [...tiers.keys()].sort((a, b) => b - a)) {
    const stay = await mapBounded(tiers.get(tier) ?? [], CONCURRENT_REQUESTS, (removal) =>
      deleteOne(run, cluster, removal),
    );
    kept.push(...stay.filter((reason) => reason !== undefined));
  }
  return kept;
}

/** Returns why the object stays, if it does. */
async function deleteOne(run: Run, cluster: Cluster, { entry, uid, as }: PlannedRemoval): Promise<string | undefined> {
  await run.lease.need();
  const kind = await cluster.kind(entry.apiVersion, entry.kind);
  if (kind === undefined || uid === undefined) return undefined;
  const { app } = await run.application();
  const { prune, pruneProtected } = app.sync;
  const { deployer } = run.ports;
  const reason = { why: 'prune', app: as ?? app.name, deployer, uid, prune, pruneProtected } as const;
  const result = await deleteObject({ kind, id: entry }, reason, { cluster, guard: run.lease.guard });
  if (result.status === 'refused') throw cannotDelete({ id: entry }, result.message);
  if (result.status === 'kept') return `${formatRef(entry)} stays: ${result.reason}`;
  return result.status === 'contended' ? `${formatRef(entry)} stays: it changes too often to be deleted` : undefined;
}

/** Removes deleted and vanished objects, and adds the versions of the unchanged ones. Returns how many objects are still being deleted. */
async function completeInventory(run: Run, plan: Plan, finished: ReadonlySet<string>): Promise<number> {
  const before = await run.inventory();
  const { gone, remaining } = await lookAtRemovals(run, plan.removals);
  const vanished = plan.removals.filter(({ action }) => action === 'forgotten').map(({ entry }) => entry);
  const unwritten = plan.objects.filter(({ action }) => action === 'unchanged');
  const kept = without(writeAhead(before, { ...plan, objects: unwritten }), [...gone, ...vanished]);
  const after = withFinished(kept, finished);
  if (!isDeepStrictEqual(before, after)) await run.writeInventory(after, 'prune');
  return remaining.length;
}
