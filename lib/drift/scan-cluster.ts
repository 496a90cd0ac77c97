// In: a cluster, and the applications that are deployed to it. Out: what of them has drifted is recorded, corrections are asked for, people are told. Reads and
// dry-runs only. Where the cluster cannot be reached, nothing counts as drift: its applications are Unknown, and that is said once.
import { asDriftlessError } from '../errors.ts';
import { listLive } from '../live/list-live.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { ClusterRecord } from '../model/drift.ts';
import { APP_LABEL } from '../plan/desired.ts';
import { sortOut } from './classify.ts';
import type { Scan } from './drift-record.ts';
import { concluded, type Outcome } from './finish-scan.ts';
import { clusterNews } from './news.ts';
import { tell } from './notify.ts';
import { settleApps } from './record-applications.ts';
import type { ClusterScan, DriftPorts } from './scan-ports.ts';
import { type Selection, subjectsOf } from './targets.ts';
import { ScanMemory } from './unchanged-index.ts';
import { recordUnreachable } from './unreachable.ts';

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

/** Scans one cluster for all its applications at once. */
export async function scanCluster(request: ClusterRequest, ports: DriftPorts): Promise<ClusterScan> {
  const { cluster, scan } = request;
  const began = ports.clock.monotonic();
  if (!(await ports.state.beginScan(cluster, scan, secondsOf(request, ports)))) return busy(cluster);
  const at = new Date(ports.clock.now()).toISOString();
  const outcome = await outcomeOf(request, { scan, at }, ports);
  const ms = Math.round(ports.clock.monotonic() - began);
  const record = concluded(outcome, { request, at, ms, endedAt: new Date(ports.clock.now()).toISOString() });
  await ports.state.endScan(record);
  await tell(clusterNews(record, request.previous, at), ports);
  const { orphans: _, ...counts } = outcome;
  return { cluster, ms, orphans: record.orphans.length, ...withoutCursor(counts) };
}

async function outcomeOf(request: ClusterRequest, scan: Scan, ports: DriftPorts): Promise<Outcome> {
  try {
    return await lookAndSettle(request, scan, ports);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not scan cluster', { cluster: request.cluster, code, reason: message });
    const isCluster = ['ApiServerUnreachable', 'ClusterAccessDenied', 'ClusterNotConfigured'].includes(code);
    if (!isCluster) return { ...NOTHING, status: 'failed', reason: message };
    await recordUnreachable(request.records, { ...scan, reason: message }, ports);
    return { ...NOTHING, status: 'unreachable', reason: message, applications: request.records.length };
  }
}

const NOTHING = {
  applications: 0,
  applicationsDrifted: 0,
  objectsDrifted: 0,
  corrections: 0,
  orphans: undefined,
} as const;

async function lookAndSettle(request: ClusterRequest, scan: Scan, ports: DriftPorts): Promise<Outcome> {
  const cluster = await ports.clusters.open(request.cluster);
  const subjects = await subjectsOf(selectionOf(request), ports);
  const look = await listLive(cluster, { subjects, labelSelector: APP_LABEL });
  const memory = ports.memory ?? new ScanMemory(ports.blobs, ports.log);
  const seen = await memory.of(request.cluster);
  const configured = new Set(request.records.map(({ app }) => app.name));
  const { sorted, orphans } = sortOut({ subjects, configured, look, seen });
  const settled = await settleApps(sorted, { request, cluster, scan, seen, ports });
  await memory.keep(request.cluster, seen, settled.seen);
  return { ...settled.counts, orphans };
}

/** Where the last scan ran out of time, the ones that it did not look at come first. */
function selectionOf({ records, previous }: ClusterRequest): Selection {
  const cursor = previous?.cursor;
  const byName = records.toSorted((a, b) => (a.app.name < b.app.name ? -1 : 1));
  const after = cursor === undefined ? byName : byName.filter(({ app }) => app.name > cursor);
  return { records: [...after, ...byName.filter((one) => !after.includes(one))], seenAt: previous?.completedAt };
}

function secondsOf({ deadlineMs }: ClusterRequest, { clock }: DriftPorts): number {
  if (deadlineMs === undefined) return SECONDS;
  return Math.max(1, Math.ceil((deadlineMs - clock.monotonic()) / 1000)) + MARGIN_SECONDS;
}

function busy(cluster: string): ClusterScan {
  return {
    cluster,
    status: 'busy',
    reason: 'another scan is at it',
    applications: 0,
    applicationsDrifted: 0,
    objectsDrifted: 0,
    orphans: 0,
    corrections: 0,
    ms: 0,
  };
}

function withoutCursor({ cursor: _, ...rest }: Omit<Outcome, 'orphans'>): Omit<Outcome, 'orphans' | 'cursor'> {
  return rest;
}
