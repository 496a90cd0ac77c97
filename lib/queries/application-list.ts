// In: where a page begins. Out: a page of all applications, by name, from their summaries: a few requests, however many applications there are. What explains a
// status is in the application's own view.
import type { ApplicationSummary } from '../model/application-summary.ts';
import type { ClusterRecord } from '../model/drift.ts';
import type { HealthStatus } from '../model/health.ts';
import type { OutcomeStatus } from '../model/operation.ts';
import { isInForce } from '../policy/gates.ts';
import type { QueryPorts } from './application.ts';
import { type DriftView, isSeenAgain, leftBy, neverDrifted } from './drift-view.ts';
import { parseSelector } from './label-selector.ts';
import { type SyncView, syncStatus } from './sync-view.ts';

/** One application, as lists show it. */
export type ListedApplication = Pick<ApplicationSummary, 'name' | 'project' | 'destination' | 'mode'> & {
  readonly sync: Pick<SyncView, 'status'>;
  readonly health?: HealthStatus;
  /** The first twelve digits of the commit that is deployed. */
  readonly revision?: string;
  readonly lastOperation?: NonNullable<ApplicationSummary['newest']>;
  readonly drift: Pick<DriftView, 'status' | 'count'>;
  /** Absent once it has ended. */
  readonly suspended?: NonNullable<ApplicationSummary['suspended']>;
  /** The number of held commits. */
  readonly held: number;
  /** Whether objects are left in clusters that were the destination before. */
  readonly moved?: true;
};

/** Where a page begins, and how many applications it has at most. */
export type ListPage = { readonly after?: string | undefined; readonly limit: number };

/** Only applications whose labels fit; see label-selector.ts. */
type Selected = { readonly selector?: string | undefined };

/** A page; `next` is the `after` of the one that follows, and absent on the last. */
export type ApplicationList = { readonly items: readonly ListedApplication[]; readonly next?: string };

/** Lambda answers with at most 6 MB; quotes are escaped on the way. */
const PAGE_BYTES = 4_000_000;

/** Outcomes of operations that have looked at the health. */
const LOOKING: readonly OutcomeStatus[] = ['synced', 'degraded', 'rolledBack'];

/** Which scan recorded it is not in the summary. */
const SOME_SCAN = 'scan';

/** Returns a page of the list of applications. */
export async function listPage(
  { after = '', limit, selector }: ListPage & Selected,
  { state, clock }: QueryPorts,
): Promise<ApplicationList> {
  const [summaries, clusters, isSelected] = await Promise.all([
    state.summaries(),
    state.clusters(),
    selection(selector, state),
  ]);
  const scanned = new Map(clusters.map((record) => [record.cluster, record]));
  const rest = summaries.filter(({ name }) => name > after && isSelected(name));
  const items: ListedApplication[] = [];
  let bytes = 0;
  for (const summary of rest.slice(0, limit)) {
    const item = listed(summary, scanned.get(summary.destination.cluster), clock.now());
    bytes += JSON.stringify(item).length;
    if (bytes > PAGE_BYTES) break;
    items.push(item);
  }
  const last = items.at(-1);
  return { items, ...(last !== undefined && items.length < rest.length && { next: last.name }) };
}

/** Labels are in the records, which are read only where they are asked for: a summary has no room for them. */
async function selection(
  selector: string | undefined,
  state: Pick<QueryPorts['state'], 'applications'>,
): Promise<(name: string) => boolean> {
  if (selector === undefined) return () => true;
  const fits = parseSelector(selector);
  const names = new Set((await state.applications()).flatMap(({ app }) => (fits(app.labels) ? [app.name] : [])));
  return (name) => names.has(name);
}

function listed(summary: ApplicationSummary, cluster: ClusterRecord | undefined, now: number): ListedApplication {
  const { name, project, destination, mode, newest, revision, suspended, held, deleting, moved, head } = summary;
  const health = healthOf(summary, cluster);
  const drift = driftOf(summary, cluster);
  return {
    ...{ name, project, destination, mode },
    sync: { status: syncStatus({ isDeleting: deleting, head, newest, drift }) },
    ...(health && { health }),
    ...(revision !== undefined && { revision }),
    ...(newest && { lastOperation: newest }),
    drift: { status: drift.status, count: drift.count },
    ...(suspended && isInForce(suspended, now) && { suspended }),
    held,
    ...(moved && { moved }),
  };
}

/** Only an operation that has looked at the cluster since knows more than that it cannot be reached. */
function healthOf(
  { health, revision, newest }: ApplicationSummary,
  cluster: ClusterRecord | undefined,
): HealthStatus | undefined {
  if (revision === undefined || cluster?.status !== 'Unknown') return health;
  const hasLooked = newest?.status !== undefined && LOOKING.includes(newest.status);
  return hasLooked && (newest.endedAt ?? '') > cluster.startedAt ? health : 'Unknown';
}

function driftOf(
  { drift, revision, newest }: ApplicationSummary,
  cluster: ClusterRecord | undefined,
): Pick<DriftView, 'status' | 'count' | 'scan'> {
  if (drift?.status === 'Off') return drift;
  if (revision === undefined) return { status: 'Unknown', count: 0 };
  if (drift === undefined) return neverDrifted({ cluster });
  if (drift.status === 'Unknown' && isDeployedSince(drift, newest, cluster)) return { status: 'InSync', count: 0 };
  if (drift.status !== 'Drifted') return { ...drift, scan: SOME_SCAN };
  const count = remaining(drift, newest, cluster);
  return { status: count > 0 ? 'Drifted' : 'InSync', count };
}

type RecordedDrift = NonNullable<ApplicationSummary['drift']>;

function isDeployedSince(
  { scannedAt = '' }: RecordedDrift,
  newest: ApplicationSummary['newest'],
  cluster: ClusterRecord | undefined,
): boolean {
  if (newest?.endedAt === undefined) return false;
  return isSeenAgain({ ...newest, endedAt: endOf(newest, newest.endedAt) }, { scannedAt, cluster });
}

function remaining(
  { count, reported, scannedAt = '' }: RecordedDrift,
  newest: ApplicationSummary['newest'],
  cluster: ClusterRecord | undefined,
): number {
  if (newest?.endedAt === undefined) return count;
  const left = leftBy({ ...newest, endedAt: endOf(newest, newest.endedAt) }, { scannedAt, cluster });
  return { all: count, reported, none: 0 }[left];
}

/** Times of summaries are to the second. A correction that ended in the second of a scan came after it; any other operation before it. */
function endOf({ trigger }: NonNullable<ApplicationSummary['newest']>, endedAt: string): string {
  return trigger === 'drift' ? endedAt.replace('.000Z', '.999Z') : endedAt;
}
