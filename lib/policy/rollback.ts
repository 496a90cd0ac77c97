// In: an application with its state. Out: the deployment that a rollback goes back to, and the record that a deployment leaves for later rollbacks.
import type { ApplicationRecord, Deployment, HeldRevision, LastSync } from '../model/application-record.ts';
import type { Operation, Outcome, OutcomeStatus } from '../model/operation.ts';

/** A rollback's target with the commit that it undoes, or why there is none. */
export type RollbackTarget =
  | { readonly target: LastSync; readonly undone: string }
  | { readonly target?: undefined; readonly reason: string };

type State = Pick<ApplicationRecord, 'lastSync' | 'previous' | 'held'>;

type RollbackRequest = {
  /** The commit to undo; absent: the deployed one. */
  readonly undo?: string;
  /** A commit that an operation since the last good deployment has applied, at least in part. */
  readonly underWay?: string;
};

/** Returns the last good deployment before the commit that is in the cluster. */
export function rollbackTarget(
  { lastSync, previous, held }: State,
  { undo, underWay }: RollbackRequest,
): RollbackTarget {
  const undone = underWay ?? lastSync?.revision;
  if (undone === undefined) return { reason: 'nothing is deployed yet' };
  if (undo !== undefined && undo !== undone)
    return { reason: `commit ${undo.slice(0, 7)} is no longer deployed, ${undone.slice(0, 7)} is` };
  const target = [lastSync, previous].find((known) => {
    return known !== undefined && known.revision !== undone && isGood(known) && !isHeld(held, known.revision);
  });
  return target === undefined ? { reason: 'no earlier good deployment exists' } : { target, undone };
}

/**
 * The good deployment that a rollback after this one goes back to: the newest that came before what is deployed now was deployed first, has another rendering,
 * and was not rolled back itself. `history` is newest first.
 */
export function earlierDeployment(
  history: readonly Operation[],
  {
    deployed,
    held,
    specHash,
  }: { readonly deployed: LastSync; readonly held: ApplicationRecord['held']; readonly specHash: string },
): LastSync | undefined {
  const made = history.filter(isMade);
  const since = made.find(({ revision, seq }) => revision === deployed.revision && seq < deployed.seq)?.seq;
  if (since === undefined) return undefined;
  const found = made.find(
    ({ seq, revision, renderedKey }) =>
      seq < since &&
      revision !== deployed.revision &&
      renderedKey !== deployed.renderedKey &&
      !isHeld(held, revision ?? ''),
  );
  return found && asLastSync(found, specHash);
}

/** Whether an operation brought a commit to the cluster that was not deployed before, as a whole. */
function isMade({ trigger, outcome, revision, renderedKey }: Operation): boolean {
  if (revision === undefined || renderedKey === undefined || outcome === undefined) return false;
  return trigger.kind !== 'drift' && trigger.kind !== 'rollback' && isGood(outcome);
}

/** The inputs of an earlier operation are not recorded, so that the next push is planned in any case. */
function asLastSync({ revision, renderedKey, seq, commit }: Operation, specHash: string): LastSync | undefined {
  if (revision === undefined || renderedKey === undefined) return undefined;
  return { revision, ...(commit && { commit }), seq, specHash, inputs: [], renderedKey, status: 'synced' };
}

/** The commit of a deployment that has not ended well since it began. */
export function underWayOf({
  deployment,
  lastSync,
}: Pick<ApplicationRecord, 'deployment' | 'lastSync'>): string | undefined {
  return deployment !== undefined && deployment.seq > (lastSync?.seq ?? 0) ? deployment.revision : undefined;
}

/** Whether a deployment was applied as a whole and became healthy. */
export function isGood({ status }: Pick<LastSync, 'status'>): boolean {
  return status === 'synced' || status === 'unchanged';
}

const DEPLOYED: readonly OutcomeStatus[] = ['synced', 'unchanged', 'degraded', 'rolledBack'];

/** Whether an operation that ended so had all of its rendering in the cluster; a refused or unfinished one never had. */
export function wasDeployed({ status }: Pick<Outcome, 'status'>): boolean {
  return DEPLOYED.includes(status);
}

/** Whether a commit was rolled back, so that only a person deploys it. */
export function isHeld(held: readonly HeldRevision[] = [], revision: string): boolean {
  return held.some((one) => one.revision === revision);
}

/**
 * The last good deployment of another commit, once `made` is deployed; undefined where the recorded one stays. A commit that changed nothing does not
 * replace the recorded one.
 */
export function previousAfter({ lastSync, held }: State, made: LastSync, changed: boolean): LastSync | undefined {
  if (lastSync === undefined || !changed || lastSync.revision === made.revision) return undefined;
  return isGood(lastSync) && !isHeld(held, lastSync.revision) ? lastSync : undefined;
}

/** The deployment that alarms watch, once a commit that changed nothing has replaced it within the bake time; undefined where it stays as it is. */
export function deploymentAfter(
  { app, deployment, lastSync }: ApplicationRecord,
  { revision, now }: { readonly revision: string; readonly now: number },
): Deployment | undefined {
  if (deployment === undefined || deployment.revision === revision || app.rollback === undefined) return undefined;
  const isCurrent = deployment.seq > (lastSync?.seq ?? 0) || deployment.revision === lastSync?.revision;
  const isBaking = now - Date.parse(deployment.at) <= app.rollback.bakeTimeSeconds * 1000;
  return isCurrent && isBaking ? { ...deployment, revision } : undefined;
}

/** The held commits, once a commit is deployed and another one perhaps undone; undefined where the list stays the same. */
export function heldAfter(
  held: readonly HeldRevision[] = [],
  { deployed, undone }: { readonly deployed: string; readonly undone?: HeldRevision },
): readonly HeldRevision[] | undefined {
  const stays = held.filter(({ revision }) => revision !== deployed && revision !== undone?.revision);
  if (undone !== undefined && undone.revision !== deployed) return [...stays, undone];
  return stays.length === held.length ? undefined : stays;
}
