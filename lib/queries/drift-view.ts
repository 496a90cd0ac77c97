// An application's drift as people see it. In: what the scans have recorded. Out: the same, brought up to date with the operations since.
import type { DriftMode } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { ClusterRecord, CorrectionState, DriftedObject, DriftRecord } from '../model/drift.ts';
import type { Operation, OutcomeStatus, Trigger } from '../model/operation.ts';
import type { LeftView } from './left-view.ts';

/** One application's drift; `Off` where it is not scanned. Times are ISO 8601. */
export type DriftView = {
  readonly app: string;
  readonly cluster: string;
  readonly mode: DriftMode;
  readonly status: DriftRecord['status'] | 'Off';
  /** Why it is Unknown. */
  readonly reason?: string;
  /** False where nothing has been deployed yet, so that nothing can drift. */
  readonly deployed?: false;
  readonly since?: string;
  /** When the last scan read it. */
  readonly scannedAt?: string;
  readonly scan?: string;
  /** Of all drifted objects, also those that `objects` omits. */
  readonly count: number;
  readonly objects: readonly DriftedObject[];
  readonly correction?: CorrectionState;
};

/** An application's record, and what is recorded of its drift, its cluster and its newest operation. */
export type ApplicationState = {
  readonly record: ApplicationRecord;
  readonly drift?: DriftRecord | undefined;
  readonly cluster?: ClusterRecord | undefined;
  readonly newest?: Operation | undefined;
  /** What is left in former clusters, where it was read. */
  readonly left?: readonly LeftView[] | undefined;
};

const NO_OBJECTS = { count: 0, objects: [] } as const;

/** Scans write a record only when something changes, so an application without one is in sync where its cluster was scanned. */
export function viewDrift(state: ApplicationState): DriftView {
  const { app, lastSync } = state.record;
  const about = { app: app.name, cluster: app.destination.cluster, mode: app.drift.mode };
  if (app.drift.mode === 'off') return { ...about, status: 'Off', ...NO_OBJECTS };
  if (lastSync === undefined)
    return { ...about, status: 'Unknown', reason: 'nothing has been deployed yet', deployed: false, ...NO_OBJECTS };
  return { ...about, ...(state.drift === undefined ? neverDrifted(state) : recorded(state.drift, state)) };
}

type Observed = Omit<DriftView, 'app' | 'cluster' | 'mode'>;

/** The drift of an application that the scans have recorded nothing of. */
export function neverDrifted({ cluster }: Pick<ApplicationState, 'cluster'>): Observed {
  if (cluster?.status === 'Unknown') {
    const reason = cluster.reason ?? 'the cluster cannot be reached';
    return { status: 'Unknown', reason, since: cluster.since, scan: cluster.scan, ...NO_OBJECTS };
  }
  if (cluster?.completedAt === undefined) return { status: 'Unknown', reason: 'not scanned yet', ...NO_OBJECTS };
  return { status: 'InSync', scannedAt: cluster.completedAt, scan: cluster.scan, ...NO_OBJECTS };
}

function recorded(drift: DriftRecord, state: ApplicationState): Observed {
  const { app: _, version: __, checkedInFullAt: ___, health: ____, ...observed } = drift;
  const scannedAt = latest(drift.scannedAt, state.cluster?.completedAt);
  const seenAgain = drift.status === 'Unknown' ? deployedSince(drift, state) : undefined;
  if (seenAgain !== undefined) return { status: 'InSync', since: seenAgain, scannedAt, ...NO_OBJECTS };
  if (drift.status !== 'Drifted') return { ...observed, scannedAt };
  const remaining = remainingAfter(drift, state);
  if (remaining === undefined) return { ...observed, scannedAt };
  const { endedAt, objects } = remaining;
  const since = objects.length > 0 ? drift.since : endedAt;
  return { status: objects.length > 0 ? 'Drifted' : 'InSync', since, scannedAt, count: objects.length, objects };
}

/** When a deployment ended that has put right what the last scan could not look at; undefined where none did. */
function deployedSince({ scannedAt }: DriftRecord, { newest, cluster }: ApplicationState): string | undefined {
  if (newest?.endedAt === undefined) return undefined;
  const ended = { endedAt: newest.endedAt, status: newest.outcome?.status, trigger: newest.trigger.kind };
  return isSeenAgain(ended, { scannedAt, cluster }) ? newest.endedAt : undefined;
}

/** Whether a deployment has ended since the cluster, or the application, could not be looked at. */
export function isSeenAgain(ended: EndedOperation, scanned: Scanned): boolean {
  const { cluster } = scanned;
  const isAway = cluster?.status === 'Unknown' && cluster.startedAt > ended.endedAt;
  return !isAway && leftBy(ended, scanned) === 'none';
}

/** The drift that remains after an operation that ended since the last scan; undefined where none did. */
function remainingAfter(
  { objects, scannedAt }: DriftRecord,
  { newest, cluster }: ApplicationState,
): { readonly endedAt: string; readonly objects: readonly DriftedObject[] } | undefined {
  if (newest?.endedAt === undefined) return undefined;
  const { endedAt, outcome, trigger } = newest;
  const left = leftBy({ endedAt, status: outcome?.status, trigger: trigger.kind }, { scannedAt, cluster });
  if (left === 'all') return undefined;
  return { endedAt, objects: left === 'reported' ? objects.filter(({ handling }) => handling === 'report') : [] };
}

type EndedOperation = {
  readonly endedAt: string;
  readonly status?: OutcomeStatus | undefined;
  readonly trigger?: Trigger['kind'] | undefined;
};

type Scanned = { readonly scannedAt: string; readonly cluster?: ClusterRecord | undefined };

/** Which of the recorded objects have still drifted after an operation: a deployment puts all of them right, a correction those that it may. */
export function leftBy(
  { endedAt, status, trigger }: EndedOperation,
  { scannedAt, cluster }: Scanned,
): 'all' | 'reported' | 'none' {
  if (status !== 'synced' && status !== 'rolledBack') return 'all';
  const readAt = cluster?.completedAt === undefined ? scannedAt : latest(scannedAt, cluster.startedAt);
  if (endedAt <= readAt) return 'all';
  return trigger === 'drift' ? 'reported' : 'none';
}

function latest(one: string, other: string | undefined): string {
  return other !== undefined && other > one ? other : one;
}
