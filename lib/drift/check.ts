// In: names of applications that somebody has a reason to look at: an alarm, the audit log, a person; where it is known which objects were touched, at these alone.
// Out: what is known of their drift after a look at once. The same as a scan, of these alone; the cluster's record is left to the scans.
import { asDriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { DriftRecord } from '../model/drift.ts';
import { APP_LABEL } from '../plan/desired.ts';
import { mapBounded } from '../sync/bounded.ts';
import { getLive } from './get-live.ts';
import { listLive } from './list-live.ts';
import type { Witnesses } from './next-record.ts';
import { scanName } from './scan-all.ts';
import { ScanMemory } from './scan-memory.ts';
import type { DriftPorts } from './scan-ports.ts';
import { settleApps } from './settle-apps.ts';
import { sortOut } from './sort-out.ts';
import { type Subject, subjectsOf } from './subjects.ts';
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
    const [found] = await subjectsOf({ records: [record], seenAt: undefined }, ports);
    if (found === undefined) return;
    const cluster = await ports.clusters.open(destination.cluster);
    const focus = focusOf(found, witnesses);
    const subject = focus === undefined ? found : { ...found, isFull: false };
    const look =
      focus === undefined
        ? await listLive(cluster, { subjects: [subject], labelSelector: `${APP_LABEL}=${name}` })
        : await getLive(cluster, subject, focus);
    const memory = ports.memory ?? new ScanMemory(ports.blobs, ports.log);
    const seen = await memory.of(destination.cluster);
    const { sorted } = sortOut({ subjects: [subject], configured: new Set([name]), look, seen });
    const request = { cluster: destination.cluster, deadlineMs: undefined, records: [record] };
    const settled = await settleApps(sorted, { request, cluster, scan, seen, ports });
    await memory.keep(destination.cluster, seen, { ...seen, ...settled.seen });
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not check application for drift', { app: name, code, reason: message });
    if (code === 'ApiServerUnreachable' || code === 'ClusterAccessDenied')
      await recordUnreachable([record], { ...scan, reason: message }, ports);
  }
}

/** The objects that are looked at; undefined stands for all. What is not wholly known of an application is found out first. */
function focusOf({ previous }: Subject, witnesses: Witnesses): ReadonlySet<string> | undefined {
  const isWhole =
    previous === undefined || (previous.status !== 'Unknown' && previous.count === previous.objects.length);
  return witnesses.size > 0 && isWhole ? new Set(witnesses.keys()) : undefined;
}
