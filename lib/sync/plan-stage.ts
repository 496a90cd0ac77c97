import { type PlanSummary, summarize } from '../model/operation.ts';
import { toChangeSet } from '../plan/planned.ts';
import { planChanges } from './plan-changes.ts';
import type { Run, StageEnd } from './run.ts';

/** Where the plan is kept, and how much it changes. */
export type Planned = { readonly planKey: string; readonly summary: PlanSummary; readonly refused: number };

/** Plans the deployment on the API server and keeps the plan: what is applied later is what was planned here. */
export async function planStage(
  run: Run,
  { renderedKey }: { readonly renderedKey: string },
): Promise<StageEnd<Planned>> {
  const { app, seq } = run.request;
  const changeSetKey = `changes/${app}/${seq}`;
  const planned = await run.stage('plan', 'plan', async () => {
    const record = await run.application();
    const cluster = await run.ports.clusters.open(record.app.destination.cluster);
    const manifests = await run.manifests.get(renderedKey);
    const plan = await planChanges({ app: record.app, manifests, inventory: await run.inventory() }, cluster);
    const planKey = `plans/${app}/${seq}`;
    const changeSet = toChangeSet(plan);
    await Promise.all([run.plans.put(planKey, plan), run.changeSets.put(changeSetKey, changeSet)]);
    return { planKey, summary: summarize(changeSet), refused: plan.refusals.length };
  });
  if (!planned.ended) run.note({ plan: planned.summary, changeSetKey });
  return planned;
}
