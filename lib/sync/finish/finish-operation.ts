// How an operation ends: one sentence for people, and what the next operation needs to know.

import { formatRefusal } from '../../diff/format.ts';
import type { LastSync } from '../../model/application-record.ts';
import type { Refusal } from '../../model/change-set.ts';
import type { Outcome, OutcomeStatus, PlanSummary } from '../../model/operation.ts';
import type { Deployed } from '../apply/apply-stages.ts';
import type { Run } from '../operation/run.ts';
import type { Planned } from '../plan/plan-stage.ts';
import type { Rendered } from '../render/render-stage.ts';
import type { Early, Source } from '../resolve/source.ts';
import { leftByCorrection, leftByDeployment, leftByNothing, leftByRefusal } from './record-changes.ts';

/** Refusals that the outcome names one by one; the change set has them all. */
const NAMED_REFUSALS = 20;

/** A newer operation was asked for; it takes over where this one stops. */
export async function concludeSuperseded(run: Run): Promise<Outcome> {
  return run.conclude({ status: 'superseded', message: 'a newer operation was asked for and takes over' });
}

/** It was over before the cluster was even asked: there is nothing to deploy, or it may not be deployed. */
export async function concludeEarly(
  run: Run,
  { over, revision }: { readonly over: Early; readonly revision?: string },
): Promise<Outcome> {
  const outcome = { ...over, ...(revision !== undefined && { revision }) };
  return run.conclude(outcome, () => (over.status === 'refused' ? leftByRefusal(run) : leftByNothing(run, revision)));
}

/** The server, or a guard, did not let everything through. */
export async function concludeRefused(run: Run, refusals: readonly Refusal[]): Promise<Outcome> {
  const { revision } = await run.operation();
  const named = refusals.slice(0, NAMED_REFUSALS).map(formatRefusal);
  const more = refusals.length > named.length ? [`and ${refusals.length - named.length} more`] : [];
  const message = `${refusals.length} refused: ${[...named, ...more].join('; ')}`;
  return run.conclude({ status: 'refused', message, ...(revision !== undefined && { revision }) });
}

export type Ending = {
  readonly source: Source;
  readonly rendered: Rendered;
  readonly planned: Planned;
  readonly deployed: Extract<Deployed, { status: 'healthy' | 'degraded' }>;
};

/** The cluster has the commit; whether it does well is the outcome. */
export async function concludeDeployed(run: Run, ending: Ending): Promise<Outcome> {
  const { source, rendered, planned, deployed } = ending;
  if (source.repair === 'drift') return concludeCorrected(run, ending);
  const changed = countChanged(planned.summary) > 0;
  const status = statusOf(deployed, { changed, repair: source.repair });
  const made: LastSync = {
    revision: source.revision,
    seq: run.request.seq,
    specHash: source.specHash,
    inputs: rendered.inputs,
    renderedKey: rendered.renderedKey,
    status: status === 'rolledBack' ? 'synced' : status,
  };
  const outcome = { status, revision: source.revision, message: messageOf(ending), health: deployed.health };
  const { undone } = source;
  return run.conclude(outcome, () => leftByDeployment(run, { made, changed, ...(undone !== undefined && { undone }) }));
}

/** What was corrected does well or does not; that tells nothing good of what was left alone. */
async function concludeCorrected(run: Run, { source, planned, deployed }: Ending): Promise<Outcome> {
  const { revision } = source;
  if (deployed.status === 'degraded') {
    const { health } = deployed;
    return run.conclude({ status: 'degraded', revision, message: health.message, health }, () =>
      leftByCorrection(run, 'degraded'),
    );
  }
  const changed = countChanged(planned.summary) > 0;
  const message = changed
    ? `drift was corrected: ${counted(planned.summary)}`
    : 'nothing that is to be corrected has drifted';
  const outcome: Outcome = { status: changed ? 'synced' : 'unchanged', revision, message };
  return run.conclude(outcome, () => leftByCorrection(run));
}

function statusOf(
  { status }: Ending['deployed'],
  { changed, repair }: { readonly changed: boolean; readonly repair: Source['repair'] },
): OutcomeStatus {
  if (status === 'degraded') return 'degraded';
  if (repair === 'rollback') return 'rolledBack';
  return changed ? 'synced' : 'unchanged';
}

function messageOf({ source, planned, deployed }: Ending): string {
  const { repair, revision, undone } = source;
  const bad = deployed.status === 'degraded' ? deployed.health.message : undefined;
  if (repair !== 'rollback') return bad ?? counted(planned.summary);
  const from = undone === undefined || undone === revision ? '' : ` from ${undone.slice(0, 7)}`;
  const done = `rolled back${from} to ${revision.slice(0, 7)}: ${counted(planned.summary)}`;
  return bad === undefined ? done : `${done}; but it does not do well: ${bad}`;
}

function countChanged({ created, configured, recreated, deleted }: PlanSummary): number {
  return created + configured + recreated + deleted;
}

function counted(summary: PlanSummary): string {
  const parts = Object.entries(summary).filter(([, count]) => count > 0);
  return parts.length === 0
    ? 'there is nothing to deploy'
    : parts.map(([action, count]) => `${count} ${action}`).join(', ');
}
