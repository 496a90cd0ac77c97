// In: what a verb has seen. Out: its exit code, by one rule for all verbs: the worst of what was seen wins. docs/cli.md has the table.
import type { ClusterScan } from '../lib/drift/scan-ports.ts';
import type { ConfigReport } from '../lib/model/configuration-record.ts';
import type { HealthStatus } from '../lib/model/health.ts';
import type { OutcomeStatus } from '../lib/model/operation.ts';
import type { ListedApplication } from '../lib/queries/application-list.ts';
import type { ApplicationView } from '../lib/queries/application-view.ts';
import type { DriftView } from '../lib/queries/drift-view.ts';
import { EXIT } from './text/output.ts';

/** One thing that was seen. `waiting`: Git is ahead, and a person or a gate has to let it through; `unknown`: it could not be looked at. */
export type Seen = 'well' | 'progressing' | 'waiting' | 'notWell' | 'refused' | 'unknown';

const CODES: Readonly<Record<Seen, number>> = {
  well: EXIT.ok,
  progressing: EXIT.ok,
  waiting: EXIT.differs,
  notWell: EXIT.differs,
  refused: EXIT.error,
  unknown: EXIT.error,
};

/** `--ignore-waiting`: what only waits counts as well. */
type ExitOptions = { readonly ignoreWaiting?: boolean | undefined };

/** The exit code for what was seen; nothing at all is well. */
export function exitCodeOf(seen: readonly Seen[], { ignoreWaiting = false }: ExitOptions = {}): number {
  return Math.max(EXIT.ok, ...seen.map((one) => (one === 'waiting' && ignoreWaiting ? EXIT.ok : CODES[one])));
}

/** An application, as the list or its own view has it. */
export type SeenApplication = {
  readonly sync: ListedApplication['sync']['status'];
  readonly health: HealthStatus | undefined;
  readonly drift: DriftView['status'];
  readonly mode: 'auto' | 'manual';
  readonly isSuspended: boolean;
  /** How the newest operation ended; absent while it runs, and before the first. */
  readonly outcome: OutcomeStatus | undefined;
};

/** What the list says of an application. */
export function listedAs({ sync, health, drift, mode, suspended, lastOperation }: ListedApplication): SeenApplication {
  const isSuspended = suspended !== undefined;
  return { sync: sync.status, health, drift: drift.status, mode, isSuspended, outcome: lastOperation?.status };
}

/** What the view of an application says. */
export function viewedAs({ sync, health, drift, mode, suspended, lastOperation }: ApplicationView): SeenApplication {
  return {
    ...{ sync: sync.status, health: health?.status, drift: drift.status, mode },
    isSuspended: suspended !== undefined,
    outcome: lastOperation?.outcome?.status,
  };
}

/** Sync and health of an application. */
export function applicationSeen(application: SeenApplication): readonly Seen[] {
  const { health } = application;
  return [syncSeen(application), ...(health === undefined ? [] : [healthSeen(health)])];
}

function syncSeen(application: SeenApplication): Seen {
  const { sync, outcome } = application;
  if (sync !== 'OutOfSync') return ({ Synced: 'well', Progressing: 'progressing', Unknown: 'unknown' } as const)[sync];
  if (outcome === 'refused' || outcome === 'failed') return 'refused';
  return isWaiting(application) ? 'waiting' : 'notWell';
}

/** Whether nothing but the next deployment is missing, and somebody has to ask for it. */
function isWaiting({ outcome, drift, mode, isSuspended }: SeenApplication): boolean {
  if (outcome === 'waiting') return true;
  const hasEndedWell = outcome === undefined || outcome === 'synced' || outcome === 'unchanged';
  return hasEndedWell && drift !== 'Drifted' && (mode === 'manual' || isSuspended);
}

export function healthSeen(status: HealthStatus): Seen {
  return HEALTH[status];
}

const HEALTH: Readonly<Record<HealthStatus, Seen>> = {
  Healthy: 'well',
  Suspended: 'well',
  Progressing: 'progressing',
  Missing: 'notWell',
  Degraded: 'notWell',
  Unknown: 'unknown',
};

/** The outcome of an operation that was waited for. */
export function outcomeSeen(status: OutcomeStatus | undefined): Seen {
  return status === undefined ? 'unknown' : OUTCOMES[status];
}

const OUTCOMES: Readonly<Record<OutcomeStatus, Seen>> = {
  synced: 'well',
  unchanged: 'well',
  rolledBack: 'well',
  degraded: 'notWell',
  superseded: 'notWell',
  waiting: 'waiting',
  refused: 'refused',
  failed: 'refused',
};

export function driftSeen({ status, deployed }: Pick<DriftView, 'status' | 'deployed'>): Seen {
  if (deployed === false) return 'well';
  return ({ InSync: 'well', Off: 'well', Drifted: 'notWell', Unknown: 'unknown' } as const)[status];
}

/** The scan of a cluster; one that is `busy` is scanned by another, and what was recorded of it is shown. */
export function scanSeen({ status }: Pick<ClusterScan, 'status'>): Seen {
  return status === 'scanned' || status === 'busy' ? 'well' : 'unknown';
}

/** The newest configuration; absent where it is in no repository and no folder. */
export function configurationSeen(report: Pick<ConfigReport, 'status'> | undefined): Seen {
  if (report === undefined || report.status === 'followed') return 'well';
  return report.status === 'invalid' ? 'refused' : 'unknown';
}
