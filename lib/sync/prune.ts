// In: a plan whose objects are applied and healthy. Out: objects that Git no longer has are deleted, and the inventory is what the cluster has. Each
// delete names the planned uid; a newer object of the same name stays.
import { isDeepStrictEqual } from 'node:util';
import { mapBounded } from '../async/map-bounded.ts';
import { DriftlessError } from '../errors.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { formatRef } from '../model/kube-object.ts';
import { rankOf } from '../order/kinds.ts';
import { without, writeAhead } from '../plan/inventory.ts';
import type { Plan, PlannedRemoval } from '../plan/planned.ts';
import type { Cluster } from '../ports/cluster.ts';
import { type KeptObject, keptObjects } from './handover/kept-objects.ts';
import { gateSince } from './handover/release-stage.ts';
import { requestApplications } from './handover/request-others.ts';
import type { Run } from './operation/run.ts';
import type { StageResult } from './operation/stage-result.ts';
import { CONCURRENT_REQUESTS } from './plan/plan-changes.ts';
import type { LeftObjects, PlannedDeployment } from './plan/plan-stage.ts';

/** How many objects were deleted, and which were left. */
type Pruned = { readonly deleted: number; readonly left?: LeftObjects };

/** Deletes what the plan says, and no other application's newest commit holds, in the reverse of the apply order, and writes the inventory if that has changed. */
export async function pruneStage(
  run: Run,
  deployment: PlannedDeployment,
): Promise<StageResult<Pruned>> {
  return run.stage('prune', 'prune', async () => {
    const plan = await run.plans.get(deployment.plan.planKey);
    const removals = plan.removals.filter(({ action }) => action === 'deleted');
    const kept = await keptObjects(run, deployment, removals);
    const deleted = removals.filter((removal) => !kept.some((one) => one.removal === removal));
    if (deleted.length > 0) await deleteAll(run, deleted);
    const left = kept.map(({ removal: { entry } }) => entry);
    await completeInventory(run, plan, left);
    await tellFormerOwners(run, plan);
    return { deleted: deleted.length, ...(kept.length > 0 && { left: await leftTo(run, kept) }) };
  });
}

/** Objects that an outcome names. */
const NAMED = 20;

async function leftTo(run: Run, kept: readonly KeptObject[]): Promise<LeftObjects> {
  const named = kept.slice(0, NAMED).map(({ removal, holder }) => {
    const why = holder.isCertain ? '' : ', whose newest commit cannot be rendered';
    return `${formatRef(removal.entry)} is left to application ${holder.app}${why}`;
  });
  const more = kept.length > named.length ? [`and ${kept.length - named.length} more`] : [];
  return { count: kept.length, named: [...named, ...more], waiting: await gateSince(run, 'handover') };
}

/** Applications that objects were taken over from forget them. */
async function tellFormerOwners(run: Run, { objects }: Plan): Promise<void> {
  const names = objects.flatMap(({ from, action }) => (from === undefined || action === 'skipped' ? [] : [from.app]));
  if (names.length > 0) await requestApplications(run, [...(await run.ports.state.owners(names)).values()]);
}

async function deleteAll(run: Run, removals: readonly PlannedRemoval[]): Promise<void> {
  const cluster = await run.cluster();
  const tiers = Map.groupBy(removals, ({ entry }) => rankOf(entry.kind).tier);
  for (const tier of [...tiers.keys()].sort((a, b) => b - a)) {
    await mapBounded(tiers.get(tier) ?? [], CONCURRENT_REQUESTS, (removal) => deleteOne(run, cluster, removal));
  }
}

async function deleteOne(run: Run, cluster: Cluster, { entry, uid }: PlannedRemoval): Promise<void> {
  await run.lease.need();
  const kind = await cluster.kind(entry.apiVersion, entry.kind);
  if (kind === undefined || uid === undefined) return;
  const result = await cluster.delete(kind, { ...entry, uid }, { guard: run.lease.guard });
  if (result.status === 'refused')
    throw new DriftlessError('ApiServerRejected', `${formatRef(entry)} cannot be deleted: ${result.message}`);
}

/** Removes deleted and vanished objects, and adds the versions of the unchanged ones. */
async function completeInventory(run: Run, plan: Plan, left: readonly InventoryEntry[]): Promise<void> {
  const before = await run.inventory();
  const gone = plan.removals.filter(({ action, entry }) => action !== 'skipped' && !left.includes(entry)).map(({ entry }) => entry);
  const unwritten = plan.objects.filter(({ action }) => action === 'unchanged');
  const after = without(writeAhead(before, { ...plan, objects: unwritten }), gone);
  if (!isDeepStrictEqual(before, after)) await run.writeInventory(after, 'prune');
}
