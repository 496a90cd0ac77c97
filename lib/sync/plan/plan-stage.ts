import type { Application } from '../../model/application.ts';
import { idKey } from '../../model/kube-object.ts';
import { type PlanSummary, summarize } from '../../model/operation.ts';
import { toChangeSet } from '../../plan/planned.ts';
import { alarmsBefore } from '../apply/deployment-record.ts';
import type { Run, StageEnd } from '../operation/run.ts';
import type { Rendered } from '../render/render-stage.ts';
import type { Source } from '../resolve/source.ts';
import { planChanges } from './plan-changes.ts';

/** Where the plan is kept, and how much it changes. */
export type Planned = {
  readonly planKey: string;
  readonly summary: PlanSummary;
  readonly refused: number;
  /** Alarms that were in ALARM before; absent where none watch over this deployment. */
  readonly alarmsBefore?: readonly string[];
};

/** Plans the deployment on the API server and keeps the plan: what is applied later is what was planned here. */
export async function planStage(run: Run, source: Source & Pick<Rendered, 'renderedKey'>): Promise<StageEnd<Planned>> {
  const { app, seq } = run.request;
  const changeSetKey = `changes/${app}/${seq}`;
  const planned = await run.stage<Planned>('plan', 'plan', async () => {
    const [plan, before] = await Promise.all([makePlan(run, source), alarmsBefore(run, source)]);
    const planKey = `plans/${app}/${seq}`;
    const changeSet = toChangeSet(plan);
    await Promise.all([run.plans.put(planKey, plan), run.changeSets.put(changeSetKey, changeSet)]);
    const refused = plan.refusals.length;
    return { planKey, summary: summarize(changeSet), refused, ...(before && { alarmsBefore: before }) };
  });
  if (!planned.ended) run.note({ plan: planned.summary, changeSetKey });
  return planned;
}

async function makePlan(
  run: Run,
  { renderedKey, repair }: Source & Pick<Rendered, 'renderedKey'>,
): ReturnType<typeof planChanges> {
  const { app } = await run.application();
  const cluster = await run.ports.clusters.open(app.destination.cluster);
  const [manifests, inventory] = [await run.manifests.get(renderedKey), await run.inventory()];
  if (repair === 'drift')
    return planChanges({ app: forced(app), manifests, inventory, only: await drifted(run) }, cluster);
  return planChanges({ app: repair === 'rollback' ? unbudgeted(app) : app, manifests, inventory }, cluster);
}

/** The objects that the newest scan has found, and that are to be put right. */
async function drifted(run: Run): Promise<ReadonlySet<string>> {
  const record = await run.ports.state.drift(run.request.app);
  return new Set(record?.objects.filter(({ handling }) => handling === 'correct').map(({ id }) => idKey(id)));
}

/** Who changed a drifted object owns what was changed, and would refuse it being put right. */
function forced(app: Application): Application {
  return { ...app, sync: { ...app.sync, force: true } };
}

/** The budget is there for renderings that went wrong; this one was deployed before, and what it lacks came with the commit that is taken back. */
function unbudgeted(app: Application): Application {
  return { ...app, sync: { ...app.sync, maxPrunePercent: 100 } };
}
