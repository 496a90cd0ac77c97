// In: the name of an application and the number of its operation. Out: how it ended, recorded in the state table. Every stage is a durable
// step: after a crash the operation goes on with the stage that was running, which is safe to run again.
import type { Outcome } from '../model/operation.ts';
import type { Flow } from '../ports/workflow.ts';
import { applyStages } from './apply/apply-stages.ts';
import { concludeDeployed, concludeEarly, concludeRefused, concludeSuperseded } from './finish/finish-operation.ts';
import { awaitTurn } from './operation/acquire-lease.ts';
import { Run, type SyncPorts, type SyncRequest } from './operation/run.ts';
import { planStage } from './plan/plan-stage.ts';
import { pruneStage } from './prune.ts';
import { renderStage } from './render/render-stage.ts';
import { resolveStage } from './resolve/resolve-source.ts';

/**
 * Deploys the newest commit of an application, or what was deployed before: resolve → render → plan → apply and wait, stage by stage → prune →
 * conclude.
 */
export async function syncApp(request: SyncRequest, flow: Flow, ports: SyncPorts): Promise<Outcome> {
  const run = new Run(request, flow, ports);
  try {
    return await deploy(run);
  } catch (error) {
    return run.fail(error);
  }
}

async function deploy(run: Run): Promise<Outcome> {
  if ((await awaitTurn(run)) === 'ended')
    return run.leave('it has ended already, or a newer one was asked for before it began');

  const source = await resolveStage(run);
  if (source.ended) return concludeSuperseded(run);
  if (source.over) return concludeEarly(run, source);

  const rendered = await renderStage(run, source);
  if (rendered.ended) return concludeSuperseded(run);
  if (rendered.over) return concludeEarly(run, { ...rendered, revision: source.revision });

  const planned = await planStage(run, { ...source, ...rendered });
  if (planned.ended) return concludeSuperseded(run);
  if (planned.refused > 0) return concludeRefused(run, (await run.plans.get(planned.planKey)).refusals);

  const deployed = await applyStages(run, planned);
  if (deployed.status === 'superseded') return concludeSuperseded(run);
  if (deployed.status === 'refused') return concludeRefused(run, deployed.refusals);

  if (deployed.status === 'healthy') {
    const pruned = await pruneStage(run, planned);
    if (pruned.ended) return concludeSuperseded(run);
  }
  return concludeDeployed(run, { source, rendered, planned, deployed });
}
