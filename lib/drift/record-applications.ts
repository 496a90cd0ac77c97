// In: applications, sorted into what is known and what has to be asked. Out: each is judged and recorded, one after another as far as the time goes. An
// application that cannot be judged does not keep the others from it; a cluster that cannot be reached does.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import type { DriftRecord } from '../model/drift.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Sorted } from './classify.ts';
import { judgeApp } from './compare-application.ts';
import type { Scan } from './drift-record.ts';
import type { Finding } from './finding.ts';
import type { Outcome } from './finish-scan.ts';
import { type Recorded, recordDrift } from './record-drift.ts';
import type { DriftPorts } from './scan-ports.ts';
import type { Seen, SeenApp } from './unchanged-index.ts';

/** Applications that are judged at a time. */
const APPS_AT_ONCE = 4;

export type Settling = {
  readonly request: {
    readonly cluster: string;
    readonly deadlineMs: number | undefined;
    readonly records: readonly unknown[];
  };
  readonly cluster: Cluster;
  readonly scan: Scan;
  readonly seen: Seen;
  readonly ports: DriftPorts;
};

export type Settled = {
  readonly counts: Omit<Outcome, 'orphans'>;
  readonly seen: Seen;
  /** What is known of each application that was looked at, where anything is. */
  readonly records: readonly DriftRecord[];
};

type AppEnd = Recorded & {
  readonly app: string;
  /** Why it was not looked at, or not recorded. */
  readonly missed?: string;
};

/** Judges and records applications. */
export async function settleApps(sorted: readonly Sorted[], settling: Settling): Promise<Settled> {
  const ends = await mapBounded(sorted, APPS_AT_ONCE, (one) => settle(one, settling));
  const records = ends.flatMap(({ record }) => record ?? []);
  const drifted = records.filter(({ count }) => count > 0);
  const missed = ends.findIndex((end) => end.missed !== undefined);
  const cursor = ends[missed - 1]?.app;
  const { request } = settling;
  return {
    records,
    seen: seenAfter(ends, settling.seen),
    counts: {
      status: missed < 0 ? 'scanned' : 'partial',
      ...(missed >= 0 && { reason: `${ends[missed]?.app}: ${ends[missed]?.missed}` }),
      ...(cursor !== undefined && { cursor }),
      applications: request.records.length,
      applicationsDrifted: drifted.length,
      objectsDrifted: drifted.reduce((sum, { count }) => sum + count, 0),
      corrections: ends.filter(({ isCorrected }) => isCorrected).length,
    },
  };
}

async function settle(sorted: Sorted, settling: Settling): Promise<AppEnd> {
  const { subject } = sorted;
  const app = subject.record.app.name;
  const { ports, scan, seen, request } = settling;
  const before = { app, record: subject.previous, seen: seen[app], isCorrected: false };
  const isLate = request.deadlineMs !== undefined && ports.clock.monotonic() > request.deadlineMs;
  // Where nothing has to be asked, there is time for it.
  if (isLate && sorted.candidates.length > 0) return { ...before, missed: 'the time was over' };
  const finding = await judge(sorted, settling);
  try {
    return { app, ...(await recordDrift(finding, { ...scan, seen: seen[app] }, ports)) };
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.error('could not record drift', { app, code, reason: message });
    return { ...before, missed: message };
  }
}

async function judge(sorted: Sorted, { cluster, ports }: Settling): Promise<Finding> {
  try {
    return await judgeApp(sorted, { cluster, blobs: ports.blobs });
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    if (error.code === 'ApiServerUnreachable') throw error;
    const { subject, versions } = sorted;
    return {
      subject,
      found: [],
      extras: [],
      standing: subject.previous?.objects ?? [],
      unknown: [error.message],
      versions,
    };
  }
}

/** What does not say anything is not kept. */
function seenAfter(ends: readonly AppEnd[], before: Seen): Seen {
  const entries = ends.flatMap(({ app, seen: now }): (readonly [string, SeenApp])[] => {
    const seen = now ?? before[app];
    const isEmpty = seen === undefined || (Object.keys(seen.versions).length === 0 && seen.corrected === undefined);
    return isEmpty ? [] : [[app, seen]];
  });
  return Object.fromEntries(entries);
}
