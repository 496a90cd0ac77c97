// An application as people see it. In: its state. Out: a view with one word for its sync status, and the reason.
import { primarySource, type Source } from '../model/application.ts';
import type { ApplicationRecord, HeldRevision, Suspension } from '../model/application-record.ts';
import type { Health } from '../model/health.ts';
import type { Operation, Outcome } from '../model/operation.ts';
import { isInForce } from '../policy/gates.ts';
import { pendingDeletion } from '../policy/pending-deletion.ts';
import { type ApplicationState, type DriftView, viewDrift } from './drift-view.ts';
import { type LeftView, viewLeft } from './left-view.ts';

/** Whether the live objects are those of Git, and why they are not Synced. */
export type SyncView = {
  readonly status: 'Synced' | 'OutOfSync' | 'Progressing' | 'Unknown';
  readonly reason?: string;
};

/** One application, as `status` and the API show it. */
export type ApplicationView = {
  readonly name: string;
  readonly project: string;
  /** Those of its document. */
  readonly labels?: ApplicationRecord['app']['labels'];
  readonly annotations?: ApplicationRecord['app']['annotations'];
  readonly source: Pick<Source, 'repo' | 'ref' | 'path'>;
  readonly destination: ApplicationRecord['app']['destination'];
  /** `auto` deploys every push. */
  readonly mode: 'auto' | 'manual';
  readonly sync: SyncView;
  readonly health?: Health;
  /** The commit that is deployed. */
  readonly revision?: string;
  /** The commit that a rollback goes back to. */
  readonly previousRevision?: string;
  readonly lastOperation?: Operation;
  /** Without the objects, which `GET …/drift` returns. */
  readonly drift: Omit<DriftView, 'app' | 'cluster' | 'objects'>;
  /** Absent once it has ended. */
  readonly suspended?: Suspension;
  readonly held: readonly HeldRevision[];
  /** What is left in clusters that were the destination before; absent where nothing is. */
  readonly moved?: readonly LeftView[];
};

/** Composes the view. */
export function viewApplication(state: ApplicationState, now: number): ApplicationView {
  const { record, newest, left = viewLeft(record) } = state;
  const drift = viewDrift(state);
  const { app, health, lastSync, previous, suspended, held = [] } = record;
  const { repo, ref, path } = primarySource(app);
  const { app: _, cluster: __, objects: ___, ...summary } = drift;
  return {
    name: app.name,
    project: app.project,
    ...(app.labels && { labels: app.labels }),
    ...(app.annotations && { annotations: app.annotations }),
    source: { repo, ref, path },
    destination: app.destination,
    mode: app.sync.mode,
    sync: syncOf({ health, isDeleting: pendingDeletion(record) !== undefined }, newest, drift),
    ...(health && { health }),
    ...(lastSync && { revision: lastSync.revision }),
    ...(previous && { previousRevision: previous.revision }),
    ...(newest && { lastOperation: newest }),
    drift: summary,
    ...(suspended && isInForce(suspended, now) && { suspended }),
    held,
    ...(left.length > 0 && { moved: left }),
  };
}

type LiveState = { readonly health?: Health | undefined; readonly isDeleting: boolean };

/** Whether the live objects are those of Git, as far as the newest operation, pending deletions and the drift tell. */
export function syncOf(
  state: LiveState,
  newest: Pick<Operation, 'phase' | 'outcome'> | undefined,
  drift: Pick<DriftView, 'status' | 'count' | 'reason' | 'scan'>,
): SyncView {
  if (newest === undefined) return { status: 'OutOfSync', reason: 'nothing has been deployed yet' };
  const { outcome } = newest;
  if (newest.phase !== 'done' || outcome === undefined) return { status: 'Progressing', reason: newest.phase };
  if (outcome.status === 'rolledBack') return { status: 'OutOfSync', reason: outcome.message };
  const isDeployed = ['synced', 'unchanged', 'degraded'].includes(outcome.status);
  if (!isDeployed) return { status: 'OutOfSync', reason: `${outcome.status}: ${outcome.message}` };
  if (state.isDeleting) return { status: 'OutOfSync', reason: deletionReason(state, outcome) };
  if (drift.status === 'Drifted') return { status: 'OutOfSync', reason: `${countOf(drift.count)} drifted` };
  if (drift.status === 'Unknown' && drift.scan !== undefined) return { status: 'Unknown', reason: drift.reason ?? '' };
  return { status: 'Synced' };
}

/** A later operation that looks at other objects leaves the deletion under way, and says nothing of it. */
function deletionReason({ health }: LiveState, { status, message }: Outcome): string {
  if (status === 'degraded') return message;
  return health?.status === 'Progressing' ? health.message : 'objects that Git no longer has are still being deleted';
}

function countOf(count: number): string {
  return count === 1 ? '1 object has' : `${count} objects have`;
}
