// In: a plan whose objects are applied and healthy. Out: objects that Git no longer has are deleted, and the inventory is what the cluster has. Each
// delete names the planned uid; a newer object of the same name stays.
import { isDeepStrictEqual } from 'node:util';
import { mapBounded } from '../async/map-bounded.ts';
import { DriftlessError } from '../errors.ts';
import { formatRef } from '../model/kube-object.ts';
import { rankOf } from '../order/kinds.ts';
import { without, writeAhead } from '../plan/inventory.ts';
import type { Plan, PlannedRemoval } from '../plan/planned.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Run } from './operation/run.ts';
import type { StageResult } from './operation/stage-result.ts';
import { CONCURRENT_REQUESTS } from './plan/plan-changes.ts';
import type { PlannedDeployment } from './plan/plan-stage.ts';

/** Deletes what the plan says, in the reverse of the apply order, and writes the inventory if that has changed. */
export async function pruneStage(
  run: Run,
  { plan: { planKey } }: PlannedDeployment,
): Promise<StageResult<{ deleted: number }>> {
  return run.stage('prune', 'prune', async () => {
    const plan = await run.plans.get(planKey);
    const removals = plan.removals.filter(({ action }) => action === 'deleted');
    if (removals.length > 0) await deleteAll(run, removals);
    await completeInventory(run, plan);
    return { deleted: removals.length };
  });
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
async function completeInventory(run: Run, plan: Plan): Promise<void> {
  const before = await run.inventory();
  const gone = plan.removals.filter(({ action }) => action !== 'skipped').map(({ entry }) => entry);
  const unwritten = plan.objects.filter(({ action }) => action === 'unchanged');
  const after = without(writeAhead(before, { ...plan, objects: unwritten }), gone);
  if (!isDeepStrictEqual(before, after)) await run.writeInventory(after, 'prune');
}
