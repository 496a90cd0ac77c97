// In: the key of a plan. Out: whether the cluster has all of it and is healthy. One durable step for applying each stage and one for waiting
// for it; a stage that fails ends the operation there, after the hooks for that case have run.

import { asDriftlessError } from '../../errors.ts';
import type { Refusal } from '../../model/change-set.ts';
import type { Health } from '../../model/health.ts';
import { operationName } from '../../model/operation.ts';
import { type Stage, stagesOf } from '../../order/stages.ts';
import { afterApply, isWritten, writeAhead } from '../../plan/inventory.ts';
import type { PlannedObject } from '../../plan/planned.ts';
import type { Run } from '../operation/run.ts';
import type { Planned } from '../plan/plan-stage.ts';
import { type Waited, waitHealthy } from '../wait/wait-healthy.ts';
import { type ApplyPorts, applyStage, type StagedObject } from './apply-stage.ts';
import { recordDeployment } from './deployment-record.ts';
import { deleteFinishedHooks } from './hook-cleanup.ts';

/** How applying ended. */
export type Deployed = Waited | { readonly status: 'refused'; readonly refusals: readonly Refusal[] };

/** Refusals that one stage reports; more of the same help nobody, and a step's result is small. */
const MAX_REFUSALS = 100;

const HEALTHY: Health = { status: 'Healthy', message: '' };

type Stages = readonly Stage<StagedObject>[];

type ApplyRequest = Pick<Planned, 'planKey' | 'alarmsBefore'>;

/** Applies every stage that writes something, and waits for each to be healthy. */
export async function applyStages(run: Run, planned: ApplyRequest): Promise<Deployed> {
  const { objects } = await run.plans.get(planned.planKey);
  const stages: Stages = stagesOf<PlannedObject>(objects);
  const writing = stages.filter(({ phase, tiers }) => phase !== 'SyncFail' && tiers.flat().some(isWritten));
  const end =
    writing.length === 0 ? await lookOnly(run, stages) : await applyEach(run, { ...planned, stages, writing });
  if (end.status === 'healthy') await cleanUp(run, stages, 'HookSucceeded');
  if (end.status === 'degraded' || end.status === 'refused') await runFailHooks(run, stages);
  return end;
}

type Work = ApplyRequest & { readonly stages: Stages; readonly writing: Stages };

async function applyEach(run: Run, { stages, writing, ...request }: Work): Promise<Deployed> {
  let health = HEALTHY;
  for (const [place, stage] of writing.entries()) {
    const work = { ...request, stage, first: place === 0 };
    const applied = await run.stage('apply', `apply:${place}`, () => applyAndRecord(run, work));
    if (applied.ended) return { status: 'superseded' };
    if (applied.refusals.length > 0) return { status: 'refused', refusals: applied.refusals };

    const objects = awaited(stages, stage, place === writing.length - 1);
    const waited = await waitHealthy(run, { name: `wait:${place}`, objects });
    if (waited.status !== 'healthy') return waited;
    health = waited.health;
  }
  return { status: 'healthy', health };
}

/** Where nothing is written and all was well, nobody has to look; the scan for drift is what looks then. */
async function lookOnly(run: Run, stages: Stages): Promise<Deployed> {
  const [lastSync, { health }] = [await run.lastSync(), await run.application()];
  if (lastSync !== undefined && lastSync.status !== 'degraded' && health?.status === 'Healthy')
    return { status: 'healthy', health };
  return waitHealthy(run, { name: 'wait', objects: stages.flatMap(({ tiers }) => tiers.flat()).filter(isNoHook) });
}

type StageWork = ApplyRequest & {
  readonly stage: Stage<StagedObject>;
  readonly first: boolean;
};

/** The inventory is written before the first write to the cluster, and completed after it. */
async function applyAndRecord(
  run: Run,
  { planKey, alarmsBefore, stage, first }: StageWork,
): Promise<{ refusals: readonly Refusal[] }> {
  const before = await run.inventory();
  const ahead = first ? writeAhead(before, await run.plans.get(planKey)) : before;
  if (first && alarmsBefore !== undefined) await recordDeployment(run, alarmsBefore);
  if (first) await run.putInventory(ahead, 'apply');

  const { applied, refusals } = await applyStage(stage, await applyPorts(run));
  await run.putInventory(afterApply(ahead, applied), 'apply');
  return { refusals: refusals.slice(0, MAX_REFUSALS) };
}

async function applyPorts(run: Run): Promise<ApplyPorts> {
  const { app } = await run.application();
  const cluster = await run.ports.clusters.open(app.destination.cluster);
  const { clock } = run.ports;
  const rules = app.drift.ignore ?? [];
  return { cluster, clock, keeper: run.keeper, operation: operationName(run.request), rules };
}

/** What must be healthy after a stage: everything up to it, and after the last one everything there is. Hooks count in their own stage only. */
function awaited(stages: Stages, current: Stage<StagedObject>, last: boolean): readonly StagedObject[] {
  const until = last ? stages.length : stages.indexOf(current) + 1;
  return stages.slice(0, until).flatMap((stage) => {
    return stage.tiers.flat().filter((object) => isNoHook(object) || stage === current);
  });
}

/** Runs the hooks for a failed deployment; whatever becomes of them, the failure stays the operation's end. */
async function runFailHooks(run: Run, stages: Stages): Promise<void> {
  try {
    await applyFailHooks(run, stages);
    await cleanUp(run, stages, 'HookFailed');
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    if (code === 'LeaseLost') throw thrown;
    run.log.warn('could not run the hooks for the failed deployment', { code, reason: message });
  }
}

async function applyFailHooks(run: Run, stages: Stages): Promise<void> {
  for (const [place, stage] of stages.filter(({ phase }) => phase === 'SyncFail').entries()) {
    await run.stage('apply', `fail-hooks:${place}`, async () => {
      const { refusals } = await applyStage(stage, await applyPorts(run));
      if (refusals.length > 0) run.log.warn('hook for the failed deployment was refused', { refusals });
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
    const { app } = await run.application();
    await deleteFinishedHooks(hooks, {
      cluster: await run.ports.clusters.open(app.destination.cluster),
      guard: run.keeper.guard,
    });
    return {};
  });
}

function isNoHook({ deletePolicies }: StagedObject): boolean {
  return deletePolicies === undefined;
}
