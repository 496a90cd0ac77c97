// In: a cluster, and the applications that are deployed to it. Out: their drift is recorded, corrections are requested, subscribers are notified. Reads and
// dry-runs only. Where the cluster cannot be reached, nothing counts as drift: its applications are Unknown, and one notification says so.
import { asDriftlessError } from '../errors.ts';
import { listLive } from '../live/list-live.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import type { ClusterRecord } from '../model/drift.ts';
import { clusterStream } from '../model/event.ts';
import { deployerChanged } from '../operations/deployer-changed.ts';
import { retryReached } from '../operations/retry-reached.ts';
import { APP_LABEL } from '../ownership/labels.ts';
import type { Cluster } from '../ports/cluster.ts';
import { type ClusterOutcome, clusterRecord, type Scan } from './drift-record.ts';
import { judgeOf } from './health/judge.ts';
import { clusterNews } from './news.ts';
import { recordUnreachable } from './record-drift.ts';
import { scanApplications } from './scan-applications.ts';
import type { ClusterScan, DriftPorts } from './scan-ports.ts';
import { type ScanSelection, type ScanTarget, targetsOf } from './targets.ts';

/** The right to scan a cluster lasts so long where the scan has no deadline, and so much longer than its deadline where it has. */
const SECONDS = 600;
const MARGIN_SECONDS = 30;

export type ClusterRequest = {
  readonly cluster: string;
  readonly records: readonly ApplicationRecord[];
  readonly previous: ClusterRecord | undefined;
  readonly scan: string;
  readonly deadlineMs: number | undefined;
};

const NOTHING = { applications: 0, applicationsDrifted: 0, objectsDrifted: 0, corrections: 0 } as const;

/** Scans one cluster for all its applications at once. */
export async function scanCluster(request: ClusterRequest, ports: DriftPorts): Promise<ClusterScan> {
  const { cluster, scan } = request;
  const began = ports.clock.monotonic();
  if (!(await ports.state.beginScan(cluster, scan, secondsOf(request, ports))))
    return { cluster, status: 'busy', reason: 'another scan is running', ...NOTHING, orphans: 0, ms: 0 };
  const at = new Date(ports.clock.now()).toISOString();
  const outcome = await scanOrFail(request, { scan, at }, ports);
  const ms = Math.round(ports.clock.monotonic() - began);
  const record = clusterRecord(outcome, { request, at, ms, endedAt: new Date(ports.clock.now()).toISOString() });
  const events = clusterNews(record, request.previous, at);
  await ports.state.endScan(record, events);
  if (events.length > 0) await ports.outbox.deliver(clusterStream(cluster));
  if (record.status === 'Reachable') await retryReached(request.records, ports);
  const { orphans: _, cursor: _cursor, ...counts } = outcome;
  return { cluster, ms, orphans: record.orphanCount ?? record.orphans.length, ...counts };
}

async function scanOrFail(request: ClusterRequest, scan: Scan, ports: DriftPorts): Promise<ClusterOutcome> {
  const { cluster, records } = request;
  try {
    return await scanAllOf(request, scan, ports);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not scan cluster', { cluster, code, reason: message });
    const isCluster = ['ApiServerUnreachable', 'ClusterAccessDenied', 'ClusterNotConfigured'].includes(code);
    if (!isCluster) return { ...NOTHING, orphans: undefined, status: 'failed', reason: message };
    await recordUnreachable(records, { ...scan, reason: message }, ports);
    const applications = records.length;
    return { ...NOTHING, orphans: undefined, status: 'unreachable', reason: message, applications };
  }
}

async function scanAllOf(request: ClusterRequest, scan: Scan, ports: DriftPorts): Promise<ClusterOutcome> {
  const { cluster, records, deadlineMs } = request;
  const changed = await deployerChanged(ports);
  if (changed !== undefined) throw changed;
  const server = await ports.clusters.open(cluster);
  const judge = await judgeOf(cluster, await ports.projects.declared());
  const targets = await targetsOf({ ...selectionOf(request), judge }, ports);
  if (targets.length === 0 && records.length > 0) await reach(server);
  const allApps = namesOf(records, targets);
  const outcome = await scanApplications(
    { targets, cluster, server, scan, allApps, deadlineMs },
    (scanned) => listLive(server, { targets: scanned, labelSelector: APP_LABEL }),
    ports,
  );
  return { ...outcome, applications: records.length };
}

const NAMESPACE: ServedKind = { group: '', version: 'v1', kind: 'Namespace', plural: 'namespaces', namespaced: false };

/** Where operations are at work on every application, nothing is read; whether the cluster can be reached is asked all the same. */
async function reach(server: Cluster): Promise<void> {
  try {
    await server.get(NAMESPACE, { group: '', kind: 'Namespace', name: 'default' });
  } catch (thrown) {
    if (asDriftlessError(thrown).code === 'ApiServerUnreachable') throw thrown;
  }
}

/** All applications, and the former names of those that are not scanned now: their objects may carry these still. */
function namesOf(records: readonly ApplicationRecord[], targets: readonly ScanTarget[]): ReadonlySet<string> {
  const scanned = new Set(targets.map(({ record }) => record.app.name));
  const former = records.filter(({ app }) => !scanned.has(app.name)).flatMap(({ formerly = [] }) => formerly);
  return new Set([...records.map(({ app }) => app.name), ...former.map(({ name }) => name)]);
}

/** Where the last scan ran out of time, the applications that it did not reach come first. */
function selectionOf({ records, previous }: ClusterRequest): Omit<ScanSelection, 'judge'> {
  const cursor = previous?.cursor;
  const byName = records.toSorted((a, b) => (a.app.name < b.app.name ? -1 : 1));
  const after = cursor === undefined ? byName : byName.filter(({ app }) => app.name > cursor);
  return { records: [...after, ...byName.filter((one) => !after.includes(one))], scannedAt: previous?.completedAt };
}

function secondsOf({ deadlineMs }: ClusterRequest, { clock }: DriftPorts): number {
  if (deadlineMs === undefined) return SECONDS;
  return Math.max(1, Math.ceil((deadlineMs - clock.monotonic()) / 1000)) + MARGIN_SECONDS;
}
