// In: names of applications that there is a reason to scan: an alarm, the audit log, a person; where it is known which objects were touched, these alone are
// scanned. Out: their drift records after a scan at once. The record of the cluster is left to the scans of the whole cluster.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import { getLive } from '../live/get-live.ts';
import { listLive } from '../live/list-live.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { DriftRecord } from '../model/drift.ts';
import { deployerChanged } from '../operations/deployer-changed.ts';
import { APP_LABEL } from '../ownership/labels.ts';
import type { Scan, Witnesses } from './drift-record.ts';
import { judgeOf } from './health/judge.ts';
import { isOutdated } from './health/observed.ts';
import { recordUnreachable } from './record-drift.ts';
import { scanName } from './scan-all.ts';
import { scanApplications } from './scan-applications.ts';
import type { DriftPorts } from './scan-ports.ts';
import { narrowed, type ScanTarget, targetsOf } from './targets.ts';

const SCANS_AT_ONCE = 8;

/** Scans applications now. One that is not configured is omitted, and so is one without a record. */
export function scanNamed(apps: readonly string[], ports: DriftPorts): Promise<readonly DriftRecord[]> {
  return scanTouched(new Map(apps.map((app) => [app, new Map()])), ports);
}

/** The same, where it is known who wrote to which objects: by application, and in it by object. */
export async function scanTouched(
  apps: ReadonlyMap<string, Witnesses>,
  ports: DriftPorts,
): Promise<readonly DriftRecord[]> {
  await mapBounded([...apps], SCANS_AT_ONCE, async ([name, witnesses]) => {
    const record = await ports.state.application(name);
    if (record !== undefined) await scanOrWarn(record, witnesses, ports);
  });
  const records = await ports.state.drifts([...apps.keys()]);
  return [...apps.keys()].flatMap((name) => records.get(name) ?? []);
}

async function scanOrWarn(record: ApplicationRecord, witnesses: Witnesses, ports: DriftPorts): Promise<void> {
  const at = new Date(ports.clock.now()).toISOString();
  const scan = { scan: scanName(ports), at, witnesses, isAsked: witnesses.size === 0 };
  try {
    const judge = await judgeOf(record.app.destination.cluster, await ports.projects.declared());
    const [target] = await targetsOf({ records: [record], scannedAt: undefined, judge }, ports);
    if (target !== undefined) await scanOne(target, scan, ports);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not scan application for drift', { app: record.app.name, code, reason: message });
    if (code === 'ApiServerUnreachable' || code === 'ClusterAccessDenied')
      await recordUnreachable([record], { ...scan, reason: message }, ports);
  }
}

async function scanOne(whole: ScanTarget, scan: Scan & { witnesses: Witnesses }, ports: DriftPorts): Promise<void> {
  const { name, destination } = whole.record.app;
  const changed = await deployerChanged(ports);
  if (changed !== undefined) throw changed;
  const server = await ports.clusters.open(destination.cluster);
  const isNarrow = scan.witnesses.size > 0 && isWhollyKnown(whole);
  const targets = [isNarrow ? narrowed(whole, new Set(scan.witnesses.keys())) : whole];
  const labelSelector = `${APP_LABEL}=${name}`;
  await scanApplications(
    { targets, cluster: destination.cluster, server, scan },
    (scanned) => (isNarrow ? getLive(server, scanned) : listLive(server, { targets: scanned, labelSelector })),
    ports,
  );
}

/** Whether the record of an application is complete; where it is not, a scan of some objects would not complete it. */
function isWhollyKnown({ previous, record }: ScanTarget): boolean {
  if (previous !== undefined && (previous.status === 'Unknown' || previous.count > previous.objects.length))
    return false;
  const health = previous?.health;
  if (health === undefined || isOutdated(health, record)) return record.health?.status === 'Healthy';
  return health.status !== 'Unknown' && health.count === health.objects.length;
}
