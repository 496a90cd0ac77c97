// In: names of applications that somebody has a reason to look at: an alarm, the audit log, a person; where it is known which objects were touched, at these alone.
// Out: what is known of their drift after a look at once. The same as a scan, of these alone; the cluster's record is left to the scans.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import { getLive } from '../live/get-live.ts';
import { listLive } from '../live/list-live.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { DriftRecord } from '../model/drift.ts';
import { APP_LABEL } from '../plan/desired.ts';
import { sortOut } from './classify.ts';
import type { Witnesses } from './drift-record.ts';
import { narrowed, withTheRest } from './narrowed.ts';
import { settleApps } from './record-applications.ts';
import { scanName } from './scan-all.ts';
import type { DriftPorts } from './scan-ports.ts';
import { type Subject, subjectsOf } from './targets.ts';
import { ScanMemory } from './unchanged-index.ts';
import { recordUnreachable } from './unreachable.ts';

const CHECKS_AT_ONCE = 8;

/** Looks at applications now. One that nobody configured is left out, and so is one of which nothing is known. */
export function checkApplications(apps: readonly string[], ports: DriftPorts): Promise<readonly DriftRecord[]> {
  return checkWitnessed(new Map(apps.map((app) => [app, new Map()])), ports);
}

/** The same, where it is known who wrote to which objects: by application, and in it by object. */
export async function checkWitnessed(
  apps: ReadonlyMap<string, Witnesses>,
  ports: DriftPorts,
): Promise<readonly DriftRecord[]> {
  await mapBounded([...apps], CHECKS_AT_ONCE, async ([name, witnesses]) => {
    const record = await ports.state.application(name);
    if (record !== undefined) await checkOne(record, witnesses, ports);
  });
  const records = await ports.state.drifts([...apps.keys()]);
  return [...apps.keys()].flatMap((name) => records.get(name) ?? []);
}

async function checkOne(record: ApplicationRecord, witnesses: Witnesses, ports: DriftPorts): Promise<void> {
  const scan = { scan: scanName(ports), at: new Date(ports.clock.now()).toISOString(), witnesses };
  const { name, destination } = record.app;
  try {
    const [whole] = await subjectsOf({ records: [record], seenAt: undefined }, ports);
    if (whole === undefined) return;
    const cluster = await ports.clusters.open(destination.cluster);
    const isNarrow = witnesses.size > 0 && isWhollyKnown(whole);
    const subject = isNarrow ? narrowed(whole, new Set(witnesses.keys())) : whole;
    const look = isNarrow
      ? await getLive(cluster, subject)
      : await listLive(cluster, { subjects: [subject], labelSelector: `${APP_LABEL}=${name}` });
    const memory = ports.memory ?? new ScanMemory(ports.blobs, ports.log);
    const seen = await memory.of(destination.cluster);
    const { sorted } = sortOut({ subjects: [subject], configured: new Set([name]), look, seen });
    const request = { cluster: destination.cluster, deadlineMs: undefined, records: [record] };
    const known = isNarrow ? sorted.map((one) => withTheRest(one, whole, seen[name])) : sorted;
    const settled = await settleApps(known, { request, cluster, scan, seen, ports });
    await memory.keep(destination.cluster, seen, { ...seen, ...settled.seen });
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not check application for drift', { app: name, code, reason: message });
    if (code === 'ApiServerUnreachable' || code === 'ClusterAccessDenied')
      await recordUnreachable([record], { ...scan, reason: message }, ports);
  }
}

/** Whether the record of an application says all there was to say; where it does not, a look at some objects would not mend that. */
function isWhollyKnown({ previous }: Subject): boolean {
  return previous === undefined || (previous.status !== 'Unknown' && previous.count === previous.objects.length);
}
