// In: the key of a plan whose objects are applied and healthy. Out: objects that Git does not have any more are gone, and the inventory is what
// the cluster has. Each delete names the uid that was planned; whatever was created since under that name stays.
import { isDeepStrictEqual } from 'node:util';
import { mapBounded } from '../async/map-bounded.ts';
import { DriftlessError } from '../errors.ts';
import { formatRef } from '../model/kube-object.ts';
import { rankOf } from '../order/kinds.ts';
import { without, writeAhead } from '../plan/inventory.ts';
import type { Plan, PlannedRemoval } from '../plan/planned.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Run, StageEnd } from './operation/run.ts';
import { CONCURRENT_REQUESTS } from './plan/plan-changes.ts';

/** Deletes what the plan says, in the reverse of the order in which it was applied, and writes the inventory where that has changed. */
export async function pruneStage(
  run: Run,
  { planKey }: { readonly planKey: string },
): Promise<StageEnd<{ deleted: number }>> {
  return run.stage('prune', 'prune', async () => {
    const plan = await run.plans.get(planKey);
    const doomed = plan.removals.filter(({ action }) => action === 'deleted');
    if (doomed.length > 0) await deleteAll(run, doomed);
    await settleInventory(run, plan);
    return { deleted: doomed.length };
  });
}

async function deleteAll(run: Run, doomed: readonly PlannedRemoval[]): Promise<void> {
  const { app } = await run.application();
  const cluster = await run.ports.clusters.open(app.destination.cluster);
  const tiers = Map.groupBy(doomed, ({ entry }) => rankOf(entry.kind).tier);
  for (const tier of [...tiers.keys()].sort((a, b) => b - a)) {
    await mapBounded(tiers.get(tier) ?? [], CONCURRENT_REQUESTS, (removal) => deleteOne(run, cluster, removal));
  }
}

async function deleteOne(run: Run, cluster: Cluster, { entry, uid }: PlannedRemoval): Promise<void> {
  await run.keeper.need();
  const kind = await cluster.kind(entry.apiVersion, entry.kind);
  if (kind === undefined || uid === undefined) return;
  const result = await cluster.delete(kind, { ...entry, uid }, { guard: run.keeper.guard });
  if (result.status === 'refused')
    throw new DriftlessError('ApiServerRejected', `${formatRef(entry)} cannot be deleted: ${result.message}`);
}

/** Takes deleted and vanished objects out; one that was found as planned is entered with what was seen of it. */
async function settleInventory(run: Run, plan: Plan): Promise<void> {
  const before = await run.inventory();
  const gone = plan.removals.filter(({ action }) => action !== 'skipped').map(({ entry }) => entry);
  const unwritten = plan.objects.filter(({ action }) => action === 'unchanged');
  const after = without(writeAhead(before, { ...plan, objects: unwritten }), gone);
  if (!isDeepStrictEqual(before, after)) await run.putInventory(after, 'prune');
}
