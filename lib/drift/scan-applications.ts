// In: applications of one cluster, and how their live objects are read. Out: each is compared and recorded, as far as the time goes. An application that cannot be
// compared does not keep the others from it; a cluster that cannot be reached does, and is thrown.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import type { LiveReading } from '../live/list-live.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Projects } from '../ports/projects.ts';
import { type Comparison, classify, withOtherObjects } from './classify.ts';
import { compareApplication } from './compare-application.ts';
import type { ClusterOutcome, Scan } from './drift-record.ts';
import { lookAtAll, withHealth } from './health/complete.ts';
import type { Looked } from './health/look.ts';
import { type Recorded, recordDrift } from './record-drift.ts';
import type { DriftPorts } from './scan-ports.ts';
import type { ScanTarget } from './targets.ts';
import { type ComparedVersions, ScanMemory, type UnchangedIndex } from './unchanged-index.ts';

/** Applications that are compared at a time. */
const APPS_AT_ONCE = 4;

/** Reads what is live of targets: with a LIST for each kind, or a GET for each object. */
export type LiveReader = (targets: readonly ScanTarget[]) => Promise<LiveReading>;

export type ApplicationsScan = {
  readonly targets: readonly ScanTarget[];
  /** The cluster's name, and its API server. */
  readonly cluster: string;
  readonly server: Cluster;
  readonly scan: Scan;
  /** Names of all applications of the cluster, where the scan is of all; others are removed from the index then. */
  readonly allApps?: ReadonlySet<string>;
  /** On the monotonic clock: no comparison that needs a request begins after it. */
  readonly deadlineMs?: number | undefined;
};

/** Scans applications of one cluster. */
export async function scanApplications(
  scanned: ApplicationsScan,
  read: LiveReader,
  ports: DriftPorts,
): Promise<Omit<ClusterOutcome, 'applications'>> {
  const { targets, cluster, allApps } = scanned;
  const live = await read(targets);
  const memory = ports.memory ?? new ScanMemory(ports.blobs, ports.log);
  const index = await memory.of(cluster);
  const configured = allApps ?? new Set(targets.map(({ record }) => record.app.name));
  const { comparisons, orphans } = classify({ targets, configured, live, index, deployer: ports.deployer });
  const looked = await lookAtAll(comparisons, { server: scanned.server, clock: ports.clock, judge: targets[0]?.judge });
  let projects: ReturnType<Projects['declared']> | undefined;
  // A scan that finds nothing to compare does not read the configuration.
  const declared = (): ReturnType<Projects['declared']> => (projects ??= ports.projects.declared());
  const comparing = { ...scanned, index, declared, looked };
  const ends = await mapBounded(comparisons, APPS_AT_ONCE, (one) => compareAndRecord(one, comparing, ports));
  const next = indexAfter(ends, index);
  await memory.keep(cluster, index, allApps === undefined ? { ...index, ...next } : next);
  return { ...outcomeOf(ends), orphans };
}

type AppEnd = Recorded & {
  readonly app: string;
  /** Why it was not compared, or not recorded. */
  readonly missed?: string;
};

async function compareAndRecord(
  comparison: Comparison,
  {
    server,
    scan,
    index,
    deadlineMs,
    declared,
    looked,
  }: ApplicationsScan & Pick<Projects, 'declared'> & { readonly index: UnchangedIndex; readonly looked: Looked },
  ports: DriftPorts,
): Promise<AppEnd> {
  const { record, previous } = comparison.target;
  const app = record.app.name;
  const compared = index[app];
  const before = { app, record: previous, compared, isCorrected: false };
  const isLate = deadlineMs !== undefined && ports.clock.monotonic() > deadlineMs;
  // A comparison that needs no request is completed in any case.
  if (isLate && comparison.candidates.length > 0) return { ...before, missed: 'the scan ran out of time' };
  const whole = withOtherObjects(comparison, compared);
  const complete = await compareApplication(whole, {
    cluster:
      whole.candidates.length === 0 ? server : await writtenBy(record, server, { clusters: ports.clusters, declared }),
    blobs: ports.blobs,
    deployer: ports.deployer,
  });
  try {
    const seen = await withHealth(complete, looked, {
      server,
      blobs: ports.blobs,
      clock: ports.clock,
      judge: comparison.target.judge,
    });
    return { app, ...(await recordDrift(seen, { ...scan, compared }, ports)) };
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.error('could not record drift', { app, code, reason: message });
    return { ...before, missed: message };
  }
}

/** Dry-runs of an application of a declared project are its user's, as those of an operation are. */
async function writtenBy(
  { app }: ApplicationRecord,
  server: Cluster,
  { clusters, declared }: Pick<DriftPorts, 'clusters'> & Pick<Projects, 'declared'>,
): Promise<Cluster> {
  const { projects } = await declared();
  const project = projects.find(({ name }) => name === app.project);
  return project === undefined ? server : clusters.open(app.destination.cluster, project);
}

function outcomeOf(ends: readonly AppEnd[]): Omit<ClusterOutcome, 'applications' | 'orphans'> {
  const drifted = ends.flatMap(({ record }) => (record !== undefined && record.count > 0 ? [record] : []));
  const missed = ends.findIndex((end) => end.missed !== undefined);
  const cursor = ends[missed - 1]?.app;
  return {
    status: missed < 0 ? 'scanned' : 'partial',
    ...(missed >= 0 && { reason: `${ends[missed]?.app}: ${ends[missed]?.missed}` }),
    ...(cursor !== undefined && { cursor }),
    applicationsDrifted: drifted.length,
    objectsDrifted: drifted.reduce((sum, { count }) => sum + count, 0),
    corrections: ends.filter(({ isCorrected }) => isCorrected).length,
  };
}

/** The index without applications that have nothing in it. */
function indexAfter(ends: readonly AppEnd[], before: UnchangedIndex): UnchangedIndex {
  const entries = ends.flatMap(({ app, compared: now }): (readonly [string, ComparedVersions])[] => {
    const compared = now ?? before[app];
    if (compared === undefined) return [];
    const { versions, corrected, looked } = compared;
    const isEmpty = Object.keys(versions).length === 0 && corrected === undefined && !looked;
    return isEmpty ? [] : [[app, compared]];
  });
  return Object.fromEntries(entries);
}
