// In: a rendering. Out: the key of its stored plan, so that what is applied is what was planned; or the end of an operation whose plan has refusals.
// May throw what the API server's state is.
import type { Application } from '../../model/application.ts';
import { idKey } from '../../model/kube-object.ts';
import { operationName, type PlanSummary, summarize } from '../../model/operation.ts';
import { changesReleases } from '../../plan/inventory.ts';
import { type Plan, remarksOn, toChangeSet } from '../../plan/planned.ts';
import type { OwnerRecord } from '../../ports/ownership.ts';
import { alarmsBefore } from '../apply/deployment-record.ts';
import { refusedFinish } from '../finish/finish.ts';
import { firstOf } from '../finish/first-of.ts';
import { holdersOf } from '../handover/holders-of.ts';
import { ownersNamed } from '../handover/owners-named.ts';
import { releaseLeft } from '../handover/release-held.ts';
import { applicationsBeside } from '../handover/request-others.ts';
import type { HandOver } from '../handover/settle-foreign.ts';
import type { Run } from '../operation/run.ts';
import { done, finished, type StageResult } from '../operation/stage-result.ts';
import { type RenderedSource, renderedCommit } from '../render/render-stage.ts';
import { planChanges } from './plan-changes.ts';

/** The key of a stored plan, and how much it changes. The result of the step `plan`. */
type StoredPlan = {
  readonly planKey: string;
  readonly summary: PlanSummary;
  readonly refused: number;
  /** How many objects are waited for. */
  readonly waits?: number;
  /** What is said of objects that go from one application to another. */
  readonly remarks?: readonly string[];
  /** How many skipped objects are named by a remark, or by what the prune left to others. */
  readonly remarked?: number;
  /** Whether the plan releases objects, or takes some back. */
  readonly releases?: true;
  /** The application's alarms that were in ALARM before; absent where no alarm watches this deployment. */
  readonly alarmsBefore?: readonly string[];
};

/** Everything that is decided before the first write to the cluster. */
export type PlannedDeployment = RenderedSource & { readonly plan: StoredPlan };

/** Plans the deployment on the API server and stores the plan. */
export async function planStage(run: Run, rendered: RenderedSource): Promise<StageResult<PlannedDeployment>> {
  const { app, seq } = run.request;
  const changeSetKey = `changes/${app}/${seq}`;
  const planned = await run.stage<StoredPlan>('plan', 'plan', async () => {
    const [plan, before] = await Promise.all([makePlan(run, rendered), alarmsBefore(run, rendered.source)]);
    const planKey = `plans/${app}/${seq}`;
    const changeSet = toChangeSet(plan);
    await Promise.all([run.plans.put(planKey, plan), run.changeSets.put(changeSetKey, changeSet)]);
    const refused = plan.refusals.length;
    return {
      planKey,
      summary: summarize(changeSet),
      refused,
      ...(plan.waits && { waits: plan.waits.length }),
      ...remarksOf(plan, await madeAgain(run)),
      ...(changesReleases(await run.inventory(), plan) && { releases: true }),
      ...(before && { alarmsBefore: before }),
    };
  });
  if (planned.status === 'finished') return planned;
  const { value } = planned;
  run.record.add({ plan: value.summary, changeSetKey });
  if (value.refused === 0) return done({ ...rendered, plan: value });
  const { refusals, removals, isGuarded } = await run.plans.get(value.planKey);
  if (isGuarded) await releaseLeft(run, removals);
  return finished(refusedFinish(refusals, rendered.source.revision));
}

/** What is said of a cluster that was made again under its name. */
async function madeAgain(run: Run): Promise<readonly string[]> {
  const count = await run.forgotten();
  if (count === 0) return [];
  const { app } = await run.application();
  return [
    `cluster "${app.destination.cluster}" was made again: ${count} recorded ${count === 1 ? 'object' : 'objects'} of the former one ${count === 1 ? 'is' : 'are'} forgotten`,
  ];
}

function remarksOf(plan: Plan, first: readonly string[]): Pick<StoredPlan, 'remarks' | 'remarked'> {
  const { texts: others, skipped } = remarksOn(plan);
  const texts = [...first, ...others];
  return {
    ...(texts.length > 0 && { remarks: firstOf(texts) }),
    ...(skipped > 0 && { remarked: skipped }),
  };
}

async function makePlan(run: Run, rendered: RenderedSource): Promise<Plan> {
  const { source, rendering } = rendered;
  const { repair } = source;
  const handOver = { ...handOverOf(run, rendered), ...(await adoptionOf(run)) };
  const { app, formerly = [] } = await run.application();
  const { deployer } = run.ports;
  const [cluster, project, manifests, inventory] = [
    await run.cluster(),
    await run.project(),
    await run.manifests.get(rendering.renderedKey),
    await run.inventory(),
  ];
  const request = {
    project,
    deployer,
    manifests,
    inventory,
    handOver,
    operation: operationName(run.request),
    formerly: formerly.map(({ name }) => name),
  };
  if (repair === 'drift')
    return planChanges({ ...request, app: forced(app), only: await driftToCorrect(run) }, cluster);
  return planChanges({ ...request, app: repair === 'rollback' ? withoutPruneLimit(app) : app }, cluster);
}

/** An earlier rendering leaves what another application has by now, and wants nothing. */
function handOverOf(run: Run, planned: RenderedSource): HandOver {
  const { state } = run.ports;
  const rendered = renderedCommit(planned);
  return {
    want: async (wanted) => {
      if (rendered === undefined) return;
      await run.record.writeWith('plan', (lease, operation) => state.putWants(lease, { rendered, wanted }, operation));
    },
    owners: async (names) => ownersIn((await run.application()).app.destination.cluster, await ownersNamed(run, names)),
    holders: (ids) => holdersOf(run, planned.source, ids),
    leaves: rendered === undefined,
  };
}

/** What an order to take objects over allows. */
async function adoptionOf(run: Run): Promise<Pick<HandOver, 'adoption'>> {
  const { trigger } = await run.record.read();
  if (trigger.kind !== 'adopt') return {};
  const { from } = trigger;
  return { adoption: { ...(from !== undefined && { from }), others: () => applicationsBeside(run) } };
}

/** What applications of other clusters have and want is not here: one that was moved has left its objects. */
function ownersIn(cluster: string, owners: ReadonlyMap<string, OwnerRecord>): Awaited<ReturnType<HandOver['owners']>> {
  return new Map(
    [...owners].map(([name, owner]) => {
      const { record } = owner;
      const isElsewhere = record !== undefined && record.app.destination.cluster !== cluster;
      return [name, isElsewhere ? { ...owner, inventory: [], wants: [] } : owner];
    }),
  );
}

/** Identities of the drifted objects that the newest scan found, and that are corrected rather than reported. */
async function driftToCorrect(run: Run): Promise<ReadonlySet<string>> {
  const record = await run.ports.state.drift(run.request.app);
  return new Set(record?.objects.filter(({ handling }) => handling === 'correct').map(({ id }) => idKey(id)));
}

/** The writer of the drift owns the changed fields, so a correction without force would conflict. */
function forced(app: Application): Application {
  return { ...app, sync: { ...app.sync, force: true } };
}

/** The limit guards against renderings that went wrong. A rollback deploys a proven one, and prunes what the undone commit created. */
function withoutPruneLimit(app: Application): Application {
  return { ...app, sync: { ...app.sync, maxPrunePercent: 100 } };
}
