// In: an application with its state. Out: what a rollback goes back to, and what a deployment leaves for later ones to go back to.
import type { ApplicationRecord, Deployment, HeldRevision, LastSync } from '../model/application-record.ts';

/** A rollback's target with the commit that it takes back, or why there is nothing to be done. */
export type RollbackTarget =
  | { readonly target: LastSync; readonly undone: string }
  | { readonly target?: undefined; readonly reason: string };

type State = Pick<ApplicationRecord, 'lastSync' | 'previous' | 'held'>;

type Wanted = {
  /** The commit that is to be taken back; absent: whichever is deployed. */
  readonly undo?: string;
  /** A commit that an operation since the last good one has left in the cluster, at least in part. */
  readonly underWay?: string;
};

/** What to go back to: the last good deployment before the commit that is in the cluster. */
export function rollbackTarget({ lastSync, previous, held }: State, { undo, underWay }: Wanted): RollbackTarget {
  const undone = underWay ?? lastSync?.revision;
  if (undone === undefined) return { reason: 'nothing is deployed yet' };
  if (undo !== undefined && undo !== undone)
    return { reason: `commit ${undo.slice(0, 7)} is not deployed any more, ${undone.slice(0, 7)} is` };
  const target = [lastSync, previous].find((known) => {
    return known !== undefined && known.revision !== undone && isGood(known) && !isHeld(held, known.revision);
  });
  return target === undefined ? { reason: 'there is no earlier good deployment to go back to' } : { target, undone };
}

/** The commit of a deployment that no operation has brought to a good end since. */
export function underWayOf({
  deployment,
  lastSync,
}: Pick<ApplicationRecord, 'deployment' | 'lastSync'>): string | undefined {
  return deployment !== undefined && deployment.seq > (lastSync?.seq ?? 0) ? deployment.revision : undefined;
}

/** Whether all of a deployment arrived and did well. */
export function isGood({ status }: Pick<LastSync, 'status'>): boolean {
  return status === 'synced' || status === 'unchanged';
}

/** Whether a commit waits for a person to deploy it. */
export function isHeld(held: readonly HeldRevision[] = [], revision: string): boolean {
  return held.some((one) => one.revision === revision);
}

/**
 * The last good deployment of another commit, once `made` is deployed; undefined where it stays the one that is known. A commit that changed nothing
 * replaces nothing that one could go back to.
 */
export function previousAfter({ lastSync, held }: State, made: LastSync, changed: boolean): LastSync | undefined {
  if (lastSync === undefined || !changed || lastSync.revision === made.revision) return undefined;
  return isGood(lastSync) && !isHeld(held, lastSync.revision) ? lastSync : undefined;
}

/** The deployment that alarms watch over, once a commit that changed nothing has taken its place within the bake time; undefined where it stays as it is. */
export function deploymentAfter(
  { app, deployment, lastSync }: ApplicationRecord,
  { revision, now }: { readonly revision: string; readonly now: number },
): Deployment | undefined {
  if (deployment === undefined || deployment.revision === revision || app.rollback === undefined) return undefined;
  const isCurrent = deployment.seq > (lastSync?.seq ?? 0) || deployment.revision === lastSync?.revision;
  const isBaking = now - Date.parse(deployment.at) <= app.rollback.bakeTimeSeconds * 1000;
  return isCurrent && isBaking ? { ...deployment, revision } : undefined;
}

/** The held commits, once one is deployed and perhaps another one taken back; undefined where they stay the same. */
export function heldAfter(
  held: readonly HeldRevision[] = [],
  { deployed, undone }: { readonly deployed: string; readonly undone?: HeldRevision },
): readonly HeldRevision[] | undefined {
  const stays = held.filter(({ revision }) => revision !== deployed && revision !== undone?.revision);
  if (undone !== undefined && undone.revision !== deployed) return [...stays, undone];
  return stays.length === held.length ? undefined : stays;
}
