// How an operation ends whose plan is in the cluster: one sentence for people, and what the next operation needs to know.
import type { Health } from '../../model/health.ts';
import type { Outcome, OutcomeStatus, PlanSummary } from '../../model/operation.ts';
import type { LeftObjects, PlannedDeployment } from '../plan/plan-stage.ts';
import { renderedCommit } from '../render/render-stage.ts';
import type { Finish, RecordEffect } from './finish.ts';

/** All of the plan is in the cluster and healthy. */
export function deployedFinish(planned: PlannedDeployment, health: Health, left?: LeftObjects): Finish {
  const deployment = left === undefined ? planned : withoutLeft(planned, left);
  const { source, plan } = deployment;
  const changed = countChanged(plan.summary) > 0;
  const status = changed ? 'synced' : 'unchanged';
  if (source.repair === 'drift') return correctedFinish(deployment, status);
  const outcome = { revision: source.revision, message: [messageOf(deployment), ...(left?.named ?? [])].join('; '), health };
  const recorded = source.repair === 'rollback' ? 'synced' : status;
  return {
    outcome: { ...outcome, status: source.repair === 'rollback' ? 'rolledBack' : status },
    effect: effectOf(deployment, recorded, true),
    ...(left && { waiting: [left.waiting] }),
  };
}

/** What is left to other applications was not deleted. */
function withoutLeft(deployment: PlannedDeployment, { count }: LeftObjects): PlannedDeployment {
  const { plan } = deployment;
  const { deleted, skipped } = plan.summary;
  const summary = { ...plan.summary, deleted: deleted - count, skipped: skipped + count };
  return { ...deployment, plan: { ...plan, summary } };
}

/** The plan was written, and does not become healthy. */
export function degradedFinish(deployment: PlannedDeployment, health: Health): Finish {
  const { revision, repair } = deployment.source;
  const outcome = { status: 'degraded', revision, health } as const;
  if (repair === 'drift')
    return { outcome: { ...outcome, message: health.message }, effect: { kind: 'retained', status: 'degraded' } };
  const message =
    repair === 'rollback' ? `${messageOf(deployment)}; the application is degraded: ${health.message}` : health.message;
  return { outcome: { ...outcome, message }, effect: effectOf(deployment, 'degraded', false) };
}

/** A correction writes some objects only, so their health says nothing about the health of the application. */
function correctedFinish({ source, plan }: PlannedDeployment, status: 'synced' | 'unchanged'): Finish {
  const message = status === 'synced' ? `drift was corrected: ${counted(plan.summary)}` : 'no drift to correct';
  const outcome: Outcome = { status, revision: source.revision, message };
  return { outcome, effect: { kind: 'retained' } };
}

function effectOf(deployment: PlannedDeployment, status: OutcomeStatus, isWhole: boolean): RecordEffect {
  const { source, rendering, plan } = deployment;
  const { revision, specHash, undone } = source;
  const { inputs, renderedKey } = rendering;
  const changed = countChanged(plan.summary) > 0;
  const rendered = renderedCommit(deployment);
  const deployed = { revision, specHash, inputs, renderedKey, status, changed, isWhole };
  return {
    kind: 'deployed',
    deployed: { ...deployed, ...(rendered && { rendered }), ...(undone !== undefined && { undone }) },
  };
}

function messageOf({ source: { repair, revision, undone }, plan }: PlannedDeployment): string {
  if (repair !== 'rollback') return counted(plan.summary);
  const from = undone === undefined || undone === revision ? '' : ` from ${undone.slice(0, 7)}`;
  return `rolled back${from} to ${revision.slice(0, 7)}: ${counted(plan.summary)}`;
}

function countChanged({ created, configured, recreated, deleted }: PlanSummary): number {
  return created + configured + recreated + deleted;
}

function counted(summary: PlanSummary): string {
  const parts = Object.entries(summary).filter(([, count]) => count > 0);
  return parts.length === 0 ? 'nothing to deploy' : parts.map(([action, count]) => `${count} ${action}`).join(', ');
}
