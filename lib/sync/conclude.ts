// How an operation ends: one sentence for people, and what the next operation needs to know.

import { formatRefusal } from '../diff/format.ts';
import type { LastSync } from '../model/application-record.ts';
import type { Refusal } from '../model/change-set.ts';
import type { Outcome, OutcomeStatus, PlanSummary } from '../model/operation.ts';
import type { Deployed } from './apply-stages.ts';
import type { Planned } from './plan-stage.ts';
import type { Rendered } from './render-stage.ts';
import type { Resolved } from './resolve-stage.ts';
import type { Run } from './run.ts';

/** Refusals that the outcome names one by one; the change set has them all. */
const NAMED_REFUSALS = 20;

/** A newer operation was asked for; it takes over where this one stops. */
export async function concludeSuperseded(run: Run): Promise<Outcome> {
  return run.conclude({ status: 'superseded', message: 'a newer operation was asked for and takes over' });
}

/** Nothing that the application is made from has changed, so the cluster was not even asked. */
export async function concludeUnchanged(run: Run, { revision }: Resolved): Promise<Outcome> {
  const lastSync = await run.lastSync();
  const outcome = {
    status: 'unchanged',
    revision,
    message: 'the commit changes nothing that the application is made from',
  } as const;
  return run.conclude(outcome, lastSync && { ...lastSync, revision, seq: run.request.seq });
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
  readonly source: Resolved;
  readonly rendered: Rendered;
  readonly planned: Planned;
  readonly deployed: Extract<Deployed, { status: 'healthy' | 'degraded' }>;
};

/** The cluster has the commit; whether it does well is the outcome. */
export async function concludeDeployed(run: Run, { source, rendered, planned, deployed }: Ending): Promise<Outcome> {
  const { revision, specHash } = source;
  const status = statusOf(planned.summary, deployed);
  const lastSync: LastSync = {
    revision,
    seq: run.request.seq,
    specHash,
    inputs: rendered.inputs,
    renderedKey: rendered.renderedKey,
    status,
  };
  const message = status === 'degraded' ? deployed.health.message : counted(planned.summary);
  return run.conclude({ status, revision, message, health: deployed.health }, lastSync);
}

function statusOf(
  { created, configured, recreated, deleted }: PlanSummary,
  deployed: Ending['deployed'],
): OutcomeStatus {
  if (deployed.status === 'degraded') return 'degraded';
  return created + configured + recreated + deleted === 0 ? 'unchanged' : 'synced';
}

function counted(summary: PlanSummary): string {
  const parts = Object.entries(summary).filter(([, count]) => count > 0);
  return parts.length === 0
    ? 'there is nothing to deploy'
    : parts.map(([action, count]) => `${count} ${action}`).join(', ');
}
