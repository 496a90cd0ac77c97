// An application as people see it. In: its state. Out: a view with one word for its sync status, and the reason.
import { primarySource, type Source } from '../model/application.ts';
import type { ApplicationRecord, HeldRevision, Suspension } from '../model/application-record.ts';
import type { Commit } from '../model/commit.ts';
import type { Operation } from '../model/operation.ts';
import { isInForce } from '../policy/gates.ts';
import { pendingDeletion } from '../policy/pending-deletion.ts';
import { type ApplicationState, type DriftView, viewDrift } from './drift-view.ts';
import { type HealthView, viewHealth } from './health-view.ts';
import { type LeftView, viewLeft } from './left-view.ts';
import { linked, type SyncView, viewSync } from './sync-view.ts';

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
  /** Absent before anything is known of it. */
  readonly health?: HealthView;
  /** The commit that is deployed. */
  readonly revision?: string;
  /** What it says of itself, and its page at the forge. */
  readonly commit?: Commit;
  readonly link?: string;
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
  const health = viewHealth(state);
  const { app, lastSync, previous, suspended, held = [] } = record;
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
    sync: viewSync({ record, newest, isDeleting: pendingDeletion(record) !== undefined, drift, now }),
    ...(health && { health }),
    ...(lastSync && { revision: lastSync.revision, ...linked(repo, lastSync.revision) }),
    ...(lastSync?.commit && { commit: lastSync.commit }),
    ...(previous && previous.revision !== lastSync?.revision && { previousRevision: previous.revision }),
    ...(newest && { lastOperation: newest }),
    drift: summary,
    ...(suspended && isInForce(suspended, now) && { suspended }),
    held,
    ...(left.length > 0 && { moved: left }),
  };
}
