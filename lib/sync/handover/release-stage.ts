// In: a plan. Out: what it releases is released, where no write to the cluster does that; or the end of an operation that waits for objects of other
// applications: it releases what it no longer wants, so that two that exchange objects do not wait for each other, and applies nothing.
import { changesReleases, withReleases } from '../../plan/inventory.ts';
import type { Wait } from '../../plan/planned.ts';
import type { Finish } from '../finish/finish.ts';
import { firstOf } from '../finish/first-of.ts';
import type { Run } from '../operation/run.ts';
import { done, finished, type StageResult } from '../operation/stage-result.ts';
import type { PlannedDeployment } from '../plan/plan-stage.ts';
import { renderedCommit } from '../render/render-stage.ts';
import { requestOthers } from './request-others.ts';

/** Releases what the application no longer wants. */
export async function releaseStage(run: Run, deployment: PlannedDeployment): Promise<StageResult<undefined>> {
  const { planKey, summary, releases, waits = 0 } = deployment.plan;
  const isWritten = summary.created + summary.configured + summary.recreated > 0;
  if (releases && (waits > 0 || !isWritten)) {
    const released = await run.stage('apply', 'release', () => release(run, deployment));
    if (released.status === 'finished') return released;
  }
  if (waits === 0) return done(undefined);
  const plan = await run.plans.get(planKey);
  return finished(await waitingFinish(run, plan.waits ?? [], deployment.source.revision));
}

async function release(run: Run, deployment: PlannedDeployment): Promise<Record<string, never>> {
  const plan = await run.plans.get(deployment.plan.planKey);
  const before = await run.inventory();
  // A process that was here before may have written, and then died before it requested the others.
  if (changesReleases(before, plan))
    await run.writeInventory(withReleases(before, plan), 'apply', renderedCommit(deployment));
  if (plan.waits !== undefined)
    await requestOthers(
      run,
      plan.removals.map(({ entry }) => entry),
    );
  return {};
}

async function waitingFinish(run: Run, waits: readonly Wait[], revision: string): Promise<Finish> {
  const named = firstOf(waits.map(({ reason }) => reason)).join('; ');
  const message = `waits for ${waits.length} ${waits.length === 1 ? 'object' : 'objects'} of other applications: ${named}`;
  return { outcome: { status: 'waiting', message, revision }, waiting: [await gateSince(run, 'object')] };
}

/** A gate of an application that waits, since the first operation that met it. */
export async function gateSince(run: Run, gate: 'object' | 'handover' | 'move') {
  const known = (await run.application()).waiting?.find((one) => one.gate === gate);
  return known ?? { gate, since: new Date(run.ports.clock.now()).toISOString() };
}
