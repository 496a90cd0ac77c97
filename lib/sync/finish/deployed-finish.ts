// How an operation ends whose plan is in the cluster: one sentence for people, and what the next operation needs to know.
import type { Health } from '../../model/health.ts';
import type { Outcome, OutcomeStatus, PlanSummary } from '../../model/operation.ts';
import type { PlannedDeployment } from '../plan/plan-stage.ts';
import type { Pruned } from '../prune.ts';
import { renderedCommit } from '../render/render-stage.ts';
import type { HeldDeletions } from '../wait/wait-deleted.ts';
import type { Finish, RecordEffect } from './finish.ts';

type CompleteFinish = Extract<Finish, { readonly outcome: Outcome }>;

/** All of the plan is in the cluster and healthy; what the prune left is named. */
export function deployedFinish(
  deployment: PlannedDeployment,
  health: Health,
  { kept, held, left: others }: Pruned,
): Finish {
  const complete = completeFinish(deployment, health);
  const finish = { ...complete, ...(others && { waiting: [others.waiting] }) };
  const { summary: planned, remarks = [], remarked = 0 } = deployment.plan;
  if (kept.length === 0 && held.count === 0 && others === undefined && remarks.length === 0) return finish;
  const stays = kept.length + held.count + (others?.late ?? 0);
  const summary = {
    ...planned,
    deleted: Math.max(0, planned.deleted - stays),
    skipped: Math.max(0, planned.skipped - remarked),
  };
  const left = held.count === 0 ? [] : [`${held.count} being deleted${holdersOf(held)}`];
  const message = [
    ...(countsAny(summary) ? [messageOf(deployment, summary)] : []),
    ...left,
    ...kept,
    ...(others?.named ?? []),
    ...remarks,
  ].join(', ');
  const outcome = { ...finish.outcome, message };
  if (held.count === 0) return { ...finish, outcome };
  return { ...finish, outcome: { ...outcome, status: 'degraded', health: deletingHealth(held) }, isDeleting: true };
}

function holdersOf({ named }: HeldDeletions): string {
  const holders = [...new Set(named.map(({ by }) => by).filter((by) => by !== ''))];
  return holders.length === 0 ? '' : `, held by ${holders.join(', ')}`;
}

function deletingHealth({ count, named }: HeldDeletions): Health {
  const causes = named.map(({ ref, by }) => `${ref} is being deleted${by === '' ? '' : `, held by ${by}`}`);
  const more = count > named.length ? [`and ${count - named.length} more`] : [];
  return { status: 'Progressing', message: [...causes, ...more].join('; ') };
}

function completeFinish(deployment: PlannedDeployment, health: Health): CompleteFinish {
  const { source, plan } = deployment;
  const changed = countChanged(plan.summary) > 0;
  const status = changed ? 'synced' : 'unchanged';
  if (source.repair === 'drift') return correctedFinish(deployment, status);
  const outcome = { revision: source.revision, message: messageOf(deployment), health };
  const recorded = source.repair === 'rollback' ? 'synced' : status;
  return {
    outcome: { ...outcome, status: source.repair === 'rollback' ? 'rolledBack' : status },
    effect: effectOf(deployment, recorded, true),
  };
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
function correctedFinish({ source, plan }: PlannedDeployment, status: 'synced' | 'unchanged'): CompleteFinish {
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

function messageOf(
  { source: { repair, revision, undone }, rendering, plan }: PlannedDeployment,
  summary = plan.summary,
): string {
  const empty = rendering.objects === 0 ? 'the source holds no manifest; ' : '';
  if (repair !== 'rollback') return `${empty}${counted(summary)}`;
  const from = undone === undefined || undone === revision ? '' : ` from ${undone.slice(0, 7)}`;
  return `rolled back${from} to ${revision.slice(0, 7)}: ${counted(summary)}`;
}

function countsAny(summary: PlanSummary): boolean {
  return Object.values(summary).some((count) => count > 0);
}

function countChanged({ created, configured, recreated, deleted }: PlanSummary): number {
  return created + configured + recreated + deleted;
}

function counted(summary: PlanSummary): string {
  const parts = Object.entries(summary).filter(([, count]) => count > 0);
  return parts.length === 0 ? 'nothing to deploy' : parts.map(([action, count]) => `${count} ${action}`).join(', ');
}
