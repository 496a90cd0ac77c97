// What people are shown of an application's drift. In: what the scans have recorded. Out: the same, brought up to date with what has happened since.
import type { DriftMode } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { ClusterRecord, CorrectionState, DriftedObject, DriftRecord } from '../model/drift.ts';
import type { Operation } from '../model/operation.ts';

/** One application's drift; `Off` where nobody looks for it. Times are ISO 8601. */
export type DriftView = {
  readonly app: string;
  readonly cluster: string;
  readonly mode: DriftMode;
  readonly status: DriftRecord['status'] | 'Off';
  /** Why it is Unknown. */
  readonly reason?: string;
  readonly since?: string;
  /** When a scan has looked the last time. */
  readonly scannedAt?: string;
  readonly scan?: string;
  /** Of all drifted objects, also those that are not named. */
  readonly count: number;
  readonly objects: readonly DriftedObject[];
  readonly correction?: CorrectionState;
};

/** What is known of one application's drift, and of its cluster. */
export type DriftKnown = {
  readonly record: ApplicationRecord;
  readonly drift?: DriftRecord | undefined;
  readonly cluster?: ClusterRecord | undefined;
  readonly newest?: Operation | undefined;
};

const NO_OBJECTS = { count: 0, objects: [] } as const;

/** Scans write a record only when something changes, so an application without one is in sync where its cluster was scanned. */
export function viewDrift(known: DriftKnown): DriftView {
  const { app, lastSync } = known.record;
  const about = { app: app.name, cluster: app.destination.cluster, mode: app.drift.mode };
  if (app.drift.mode === 'off') return { ...about, status: 'Off', ...NO_OBJECTS };
  if (lastSync === undefined)
    return { ...about, status: 'Unknown', reason: 'nothing has been deployed yet', ...NO_OBJECTS };
  return { ...about, ...(known.drift === undefined ? neverDrifted(known) : recorded(known.drift, known)) };
}

type Seen = Omit<DriftView, 'app' | 'cluster' | 'mode'>;

function neverDrifted({ cluster }: DriftKnown): Seen {
  if (cluster?.status === 'Unknown') {
    const reason = cluster.reason ?? 'the cluster cannot be reached';
    return { status: 'Unknown', reason, since: cluster.since, scan: cluster.scan, ...NO_OBJECTS };
  }
  if (cluster?.completedAt === undefined) return { status: 'Unknown', reason: 'no scan has looked yet', ...NO_OBJECTS };
  return { status: 'InSync', scannedAt: cluster.completedAt, scan: cluster.scan, ...NO_OBJECTS };
}

function recorded(drift: DriftRecord, known: DriftKnown): Seen {
  const { app: _, version: __, checkedInFullAt: ___, ...seen } = drift;
  const scannedAt = latest(drift.scannedAt, known.cluster?.completedAt);
  if (drift.status !== 'Drifted') return { ...seen, scannedAt };
  const left = leftBy(drift, known);
  if (left === undefined) return { ...seen, scannedAt };
  const { endedAt, objects } = left;
  const since = objects.length > 0 ? drift.since : endedAt;
  return { status: objects.length > 0 ? 'Drifted' : 'InSync', since, scannedAt, count: objects.length, objects };
}

/** What an operation that ended after the last scan has left of the drift; undefined where none did. */
function leftBy(
  { objects, scannedAt }: DriftRecord,
  { newest, cluster }: DriftKnown,
): { readonly endedAt: string; readonly objects: readonly DriftedObject[] } | undefined {
  const repaired = newest?.outcome?.status === 'synced' || newest?.outcome?.status === 'rolledBack';
  if (newest?.endedAt === undefined || !repaired) return undefined;
  const lookedAt = cluster?.completedAt === undefined ? scannedAt : latest(scannedAt, cluster.startedAt);
  if (newest.endedAt <= lookedAt) return undefined;
  const onlySome = newest.trigger.kind === 'drift';
  return { endedAt: newest.endedAt, objects: onlySome ? objects.filter(({ handling }) => handling === 'report') : [] };
}

function latest(one: string, other: string | undefined): string {
  return other !== undefined && other > one ? other : one;
}
