// In: the name of an application and the number of its operation. Out: the operation's outcome, recorded in the state table. Every stage is a
// durable step: after a crash the operation continues with the stage that was running, which is safe to run again.
import type { Outcome } from '../model/operation.ts';
import type { Flow } from '../ports/workflow.ts';
import { applyAndWait } from './apply/apply-and-wait.ts';
import { deployedFinish } from './finish/deployed-finish.ts';
import type { Finish } from './finish/finish.ts';
import { failOperation, finishOperation } from './finish/finish-operation.ts';
import { lookAfter } from './finish/look-after.ts';
import { releaseStage } from './handover/release-stage.ts';
import { movedStage, withMoved } from './moved/moved-stage.ts';
import { acquireLease } from './operation/acquire-lease.ts';
import { Run, type SyncPorts, type SyncRequest } from './operation/run.ts';
import { planStage } from './plan/plan-stage.ts';
import { pruneStage } from './prune.ts';
import { renderStage } from './render/render-stage.ts';
import { resolveStage } from './resolve/resolve-stage.ts';

/** Deploys the newest commit of an application, or a stored rendering: resolve → render → plan → release → apply → wait → prune → prune where it was
 * before → finish. */
export async function syncApp(request: SyncRequest, flow: Flow, ports: SyncPorts): Promise<Outcome> {
  const run = new Run(request, flow, ports);
  try {
    const outcome = await finishOperation(run, await deploy(run));
    await lookAfter(request, outcome, { flow, ports });
    return outcome;
  } catch (error) {
    return failOperation(run, error);
  }
}

async function deploy(run: Run): Promise<Finish> {
  const lease = await acquireLease(run);
  if (lease.status === 'finished') return lease.finish;

  const resolved = await resolveStage(run);
  if (resolved.status === 'finished') return resolved.finish;

  const rendered = await renderStage(run, resolved.value);
  if (rendered.status === 'finished') return rendered.finish;

  const planned = await planStage(run, rendered.value);
  if (planned.status === 'finished') return planned.finish;

  const released = await releaseStage(run, planned.value);
  if (released.status === 'finished') return released.finish;

  const applied = await applyAndWait(run, planned.value);
  if (applied.status === 'finished') return applied.finish;

  const pruned = await pruneStage(run, planned.value, applied.value.finished);
  if (pruned.status === 'finished') return pruned.finish;
  run.record.deleted(planned.value.plan.summary.deleted - pruned.value.kept.length - pruned.value.held.count);

  const moved = await movedStage(run, planned.value.source, pruned.value.moved);
  if (moved.status === 'finished') return moved.finish;

  return withMoved(run, deployedFinish(planned.value, applied.value.health, pruned.value), moved.value);
}
