// In: a stored plan. Out: the application's health, when the cluster has all of the plan; or the end of an operation whose objects are refused or do
// not become healthy, after its SyncFail hooks have run. One durable step applies each stage, and one waits for it.
import { asDriftlessError } from '../../errors.ts';
import type { Refusal } from '../../model/change-set.ts';
import type { Health } from '../../model/health.ts';
import { operationName } from '../../model/operation.ts';
import { type Stage, stagesOf } from '../../order/stages.ts';
import { afterApply, isWritten, writeAhead } from '../../plan/inventory.ts';
import type { PlannedObject } from '../../plan/planned.ts';
import { degradedFinish } from '../finish/deployed-finish.ts';
import { refusedFinish } from '../finish/finish.ts';
import type { Run } from '../operation/run.ts';
import { done, finished, type StageResult } from '../operation/stage-result.ts';
import type { PlannedDeployment } from '../plan/plan-stage.ts';
import { renderedCommit } from '../render/render-stage.ts';
import { type HealthResult, waitHealthy } from '../wait/wait-healthy.ts';
import { type ApplyPorts, applyStage, type StagedObject } from './apply-stage.ts';
import { recordDeployment } from './deployment-record.ts';
import { deleteFinishedHooks } from './hook-cleanup.ts';

/** How many refusals of one stage are reported; a step's result is small. */
const MAX_REFUSALS = 100;

type Stages = readonly Stage<StagedObject>[];

/** All of a plan is in the cluster; `finished` are the objects that have done their work, by their keys. */
export type AppliedPlan = { readonly health: Health; readonly finished: readonly string[] };

type ApplyEnd = HealthResult | { readonly status: 'refused'; readonly refusals: readonly Refusal[] };

/** Applies every stage that writes something, and waits for each to be healthy. */
export async function applyAndWait(run: Run, deployment: PlannedDeployment): Promise<StageResult<AppliedPlan>> {
  const plan = await run.plans.get(deployment.plan.planKey);
  const objects = plan.objects.filter(({ action }) => action !== 'skipped');
  const stages: Stages = stagesOf<PlannedObject>(objects);
  const writing = stages.filter(({ phase, tiers }) => phase !== 'SyncFail' && tiers.flat().some(isWritten));
  const applied =
    writing.length === 0 ? await checkHealth(run, stages) : await applyEach(run, { ...deployment, stages, writing });
  if (applied.status === 'finished') return applied;

  const { value } = applied;
  if (value.status === 'healthy') {
    await cleanUp(run, stages, 'HookSucceeded');
    return done({ health: value.health, finished: value.finished ?? [] });
  }
  await runFailHooks(run, stages);
  if (value.status === 'refused') return finished(refusedFinish(value.refusals, deployment.source.revision));
  return finished(degradedFinish(deployment, value.health));
}

type Work = PlannedDeployment & { readonly stages: Stages; readonly writing: Stages };

async function applyEach(run: Run, { stages, writing, ...deployment }: Work): Promise<StageResult<ApplyEnd>> {
  let health: Health = { status: 'Healthy', message: '' };
  const ended = new Set<string>();
  for (const [place, stage] of writing.entries()) {
    const applied = await run.stage('apply', `apply:${place}`, () =>
      applyAndRecord(run, { ...deployment, stage, first: place === 0 }),
    );
    if (applied.status === 'finished') return applied;
    const { refusals } = applied.value;
    if (refusals.length > 0) return done({ status: 'refused', refusals });
    run.record.wrote(stage.tiers.flat().filter(isWritten));

    const objects = awaitedObjects(stages, stage, place === writing.length - 1);
    const waited = await waitHealthy(run, { name: `wait:${place}`, objects });
    if (waited.status === 'finished' || waited.value.status === 'degraded') return waited;
    health = waited.value.health;
    for (const key of waited.value.finished ?? []) ended.add(key);
  }
  return done({ status: 'healthy', health, finished: [...ended] });
}

/** Where nothing is written, everything was healthy and no scan has seen otherwise since, nothing is looked at. */
async function checkHealth(run: Run, stages: Stages): Promise<StageResult<HealthResult>> {
  const [lastSync, { health, moved }] = [await run.lastSync(), await run.application()];
  const wasHealthy = lastSync !== undefined && lastSync.status !== 'degraded' && health?.status === 'Healthy';
  if (wasHealthy && moved === undefined && (await isHealthyToScans(run))) return done({ status: 'healthy', health });
  return waitHealthy(run, { name: 'wait', objects: stages.flatMap(({ tiers }) => tiers.flat()).filter(isNoHook) });
}

async function isHealthyToScans({ request, ports }: Run): Promise<boolean> {
  const drift = await ports.state.drift(request.app);
  return drift?.health === undefined || drift.health.status === 'Healthy';
}

type StageWork = PlannedDeployment & { readonly stage: Stage<StagedObject>; readonly first: boolean };

/** The inventory is written before the first write to the cluster, and completed after it. */
async function applyAndRecord(
  run: Run,
  { stage, first, ...deployment }: StageWork,
): Promise<{ refusals: readonly Refusal[] }> {
  const { planKey, alarmsBefore } = deployment.plan;
  const before = await run.inventory();
  const ahead = first ? writeAhead(before, await run.plans.get(planKey)) : before;
  if (first && alarmsBefore !== undefined) await recordDeployment(run, alarmsBefore);
  if (first) await run.writeInventory(ahead, 'apply', renderedCommit(deployment));

  const { applied, refusals } = await applyStage(stage, await applyPorts(run));
  await run.writeInventory(afterApply(ahead, applied), 'apply');
  return { refusals: refusals.slice(0, MAX_REFUSALS) };
}

async function applyPorts(run: Run): Promise<ApplyPorts> {
  const { app } = await run.application();
  const { clock } = run.ports;
  const rules = app.drift.ignore ?? [];
  const { pruneProtected, timeoutSeconds } = app.sync;
  const operation = operationName(run.request);
  const wrote = (object: StagedObject): void => run.record.wrote([object]);
  return {
    cluster: await run.cluster(),
    clock,
    lease: run.lease,
    operation,
    rules,
    pruneProtected,
    timeoutSeconds,
    wrote,
  };
}

/** What must be healthy after a stage: everything up to it, after the last one every object. Hooks count in their own stage only. */
function awaitedObjects(stages: Stages, current: Stage<StagedObject>, last: boolean): readonly StagedObject[] {
  const end = last ? stages.length : stages.indexOf(current) + 1;
  return stages.slice(0, end).flatMap((stage) => {
    return stage.tiers.flat().filter((object) => isNoHook(object) || stage === current);
  });
}

/** Runs the SyncFail hooks; whether they succeed or not, the operation ends with the failure before them. */
async function runFailHooks(run: Run, stages: Stages): Promise<void> {
  try {
    await applyFailHooks(run, stages);
    await cleanUp(run, stages, 'HookFailed');
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    if (code === 'LeaseLost') throw thrown;
    run.log.warn('could not run the SyncFail hooks', { code, reason: message });
  }
}

async function applyFailHooks(run: Run, stages: Stages): Promise<void> {
  for (const [place, stage] of stages.filter(({ phase }) => phase === 'SyncFail').entries()) {
    await run.stage('apply', `fail-hooks:${place}`, async () => {
      const { refusals } = await applyStage(stage, await applyPorts(run));
      if (refusals.length > 0) run.log.warn('SyncFail hook was refused', { refusals });
      return {};
    });
    await waitHealthy(run, { name: `wait-fail-hooks:${place}`, objects: stage.tiers.flat() });
  }
}

async function cleanUp(run: Run, stages: Stages, policy: 'HookSucceeded' | 'HookFailed'): Promise<void> {
  const hooks = stages
    .flatMap(({ tiers }) => tiers.flat())
    .filter((object) => object.deletePolicies?.includes(policy) && isWritten(object));
  if (hooks.length === 0) return;
  await run.stage('prune', `hooks:${policy}`, async () => {
    const remarks = await deleteFinishedHooks(hooks, { cluster: await run.cluster(), guard: run.lease.guard });
    for (const reason of remarks) run.log.warn('could not delete the object of a hook', { reason });
    return {};
  });
}

function isNoHook({ deletePolicies }: StagedObject): boolean {
  return deletePolicies === undefined;
}
