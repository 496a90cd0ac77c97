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
  /** Why it was refused or has failed, where that is known: the list does not have it. */
  readonly code?: string | undefined;
  readonly isHeld: boolean;
};

/** What the list says of an application. */
export function listedAs(listed: ListedApplication): SeenApplication {
  const { sync, health, drift, mode, suspended, held, lastOperation } = listed;
  const gates = { mode, isSuspended: suspended !== undefined, isHeld: held > 0 };
  return { sync: sync.status, health, drift: drift.status, ...gates, outcome: lastOperation?.status };
}

/** What the view of an application says. */
export function viewedAs(view: ApplicationView): SeenApplication {
  const { sync, health, drift, mode, suspended, held, lastOperation } = view;
  return {
    ...{ sync: sync.status, health: health?.status, drift: drift.status, mode },
    isSuspended: suspended !== undefined,
    isHeld: held.length > 0,
    outcome: lastOperation?.outcome?.status,
    code: lastOperation?.outcome?.error?.code,
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
  if (outcome === 'refused') return gateSeen(application) ?? 'refused';
  if (outcome === 'failed') return 'refused';
  return isWaiting(application) ? 'waiting' : 'notWell';
}

/** The gate that refused the commit, whatever is in it; where the reason is not known, one that is closed. Undefined where it was no gate. */
function gateSeen({ code, isSuspended, isHeld }: SeenApplication): Seen | undefined {
  const gate = code ?? (isSuspended ? 'ApplicationSuspended' : isHeld ? 'RevisionHeld' : undefined);
  return gate === undefined ? undefined : GATES.get(gate);
}

const GATES: ReadonlyMap<string, Seen> = new Map([
  ['ApplicationSuspended', 'waiting'],
  ['SyncModeManual', 'waiting'],
  ['RevisionHeld', 'notWell'],
]);

/** Whether nothing but the next deployment is missing, and a person has to request it. */
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
