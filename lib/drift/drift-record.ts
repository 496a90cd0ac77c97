// In: the comparison of an application, or the outcome of a cluster's scan, and the record before. Out: the record after. Pure.
import type { FoundDrift } from '../compare/decide-drift.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import {
  type Author,
  type ClusterRecord,
  type DriftedObject,
  type DriftRecord,
  MAX_RECORDED_DRIFT,
  type Orphan,
} from '../model/drift.ts';
import { idKey } from '../model/kube-object.ts';
import type { SeenComparison } from './health/complete.ts';
import { observedHealth, unreachableHealth } from './health/observed.ts';
import type { ClusterScan } from './scan-ports.ts';

/** The known authors of writes to objects, by identity. */
export type Witnesses = ReadonlyMap<string, readonly Author[]>;

/** A scan: its name, when it began, and what else is known of who wrote. */
export type Scan = {
  readonly scan: string;
  readonly at: string;
  readonly witnesses?: Witnesses;
  /** Whether the result is recorded although it is no news: who has asked is told when the application was looked at. */
  readonly isAsked?: boolean;
};

/** Authors of one object that a record names. */
const NAMED_AUTHORS = 5;

/** Reasons that a record names. */
const NAMED_REASONS = 3;

/** Orphans that a record names. */
const NAMED_ORPHANS = 200;

/** The record of an application after a scan. */
export function nextRecord({ target, found, knownDrift, unreadable, seen }: SeenComparison, scan: Scan): DriftRecord {
  const { at } = scan;
  const { record, previous, isFull } = target;
  const before = new Map(previous?.objects.map((object) => [idKey(object.id), object]));
  const handling = record.app.drift.mode === 'correct' ? 'correct' : 'report';
  const fresh = found.map(
    (one): DriftedObject => ({ handling, ...one, ...historyOf(one, before.get(idKey(one.id)), scan) }),
  );
  const known = knownDrift.map((one) => ({
    ...one,
    by: withWitnesses(one.by, scan.witnesses?.get(idKey(one.id)) ?? []),
  }));
  const objects = [...known, ...fresh].toSorted((a, b) => (idKey(a.id) < idKey(b.id) ? -1 : 1));
  const status = unreadable.length > 0 ? 'Unknown' : objects.length > 0 ? 'Drifted' : 'InSync';
  const checkedInFullAt = isFull ? at : previous?.checkedInFullAt;
  const health = observedHealth(seen, { record, previous: previous?.health, at });
  return {
    app: record.app.name,
    version: (previous?.version ?? 0) + 1,
    status,
    ...(unreadable.length > 0 && { reason: reasonsOf(unreadable) }),
    since: previous?.status === status ? previous.since : at,
    scannedAt: at,
    scan: scan.scan,
    ...(checkedInFullAt !== undefined && { checkedInFullAt }),
    objects: objects.slice(0, MAX_RECORDED_DRIFT),
    count: objects.length,
    ...(previous?.correction && { correction: previous.correction }),
    ...(health && { health }),
  };
}

/** The record of an application whose cluster cannot be reached: what had drifted stays drifted, nothing else counts as drift, and the health is not known. */
export function unreachableRecord(
  record: ApplicationRecord,
  previous: DriftRecord | undefined,
  { scan, at, reason }: Scan & { readonly reason: string },
): DriftRecord {
  const health = unreachableHealth(reason, { record, previous: previous?.health, at });
  const isKnown = previous?.status === 'Unknown' && previous.reason !== undefined;
  return {
    app: record.app.name,
    objects: [],
    count: 0,
    ...previous,
    version: (previous?.version ?? 0) + 1,
    status: 'Unknown',
    // The reason may differ in every attempt; it is written once.
    reason: isKnown ? previous.reason : reason,
    since: previous?.status === 'Unknown' ? previous.since : at,
    scannedAt: at,
    scan,
    ...(health && { health }),
  };
}

/** Whether a record differs from the one before in more than its version and scan. */
export function isNews(next: DriftRecord, previous: DriftRecord | undefined): boolean {
  if (previous === undefined)
    return next.status !== 'InSync' || next.checkedInFullAt !== undefined || next.health !== undefined;
  const substance = ({ version: _v, scannedAt: _a, scan: _s, ...rest }: DriftRecord): string =>
    JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return substance(next) !== substance(previous);
}

function historyOf(
  { id, since, drift, by: found }: FoundDrift,
  before: DriftedObject | undefined,
  { scan, at, witnesses }: Scan,
): Pick<DriftedObject, 'since' | 'firstSeen' | 'by'> {
  const same = before?.drift === drift ? before : undefined;
  const witnessed = [
    ...(witnesses?.get(idKey(id)) ?? []),
    ...(same?.by ?? []).filter(({ user }) => user !== undefined),
  ];
  const by = withWitnesses(found, witnessed);
  const latest = by
    .flatMap(({ at: time }) => time ?? [])
    .toSorted()
    .at(-1);
  return { by, since: since ?? latest ?? same?.since ?? at, firstSeen: same?.firstSeen ?? { scan, at } };
}

/** Managers with their users, where the audit log has named these; and users whose manager left no trace, as of an object that is gone. */
function withWitnesses(found: readonly Author[], witnessed: readonly Author[]): readonly Author[] {
  const named = found.map((author) => ({ ...witnessed.find(({ manager }) => manager === author.manager), ...author }));
  const others = witnessed.filter(({ manager }) => !found.some((author) => author.manager === manager));
  const distinct = new Map(others.map((author) => [JSON.stringify([author.user, author.verb, author.at]), author]));
  return [...named, ...distinct.values()].slice(0, NAMED_AUTHORS);
}

function reasonsOf(reasons: readonly string[]): string {
  const named = reasons.slice(0, NAMED_REASONS).join('; ');
  return reasons.length > NAMED_REASONS ? `${named}; and ${reasons.length - NAMED_REASONS} more` : named;
}

/** How the scan of a cluster went. */
export type ClusterOutcome = Omit<ClusterScan, 'cluster' | 'orphans' | 'ms'> & {
  /** Undefined where the cluster could not be read. */
  readonly orphans: readonly Orphan[] | undefined;
  readonly cursor?: string;
};

type ScanTimes = {
  readonly request: { readonly cluster: string; readonly scan: string; readonly previous: ClusterRecord | undefined };
  readonly at: string;
  readonly endedAt: string;
  readonly ms: number;
};

type Orphans = Pick<ClusterRecord, 'orphans' | 'orphanCount' | 'orphansAt'>;

/** The orphans that the scan has found; where it could not look, those of the scan before, with its time. */
function orphansOf(
  { orphans }: ClusterOutcome,
  { at, previous }: { readonly at: string; readonly previous: ClusterRecord | undefined },
): Orphans {
  if (orphans !== undefined) {
    const named = orphans.slice(0, NAMED_ORPHANS);
    return { orphans: named, ...(orphans.length > named.length && { orphanCount: orphans.length }), orphansAt: at };
  }
  const { orphans: known = [], orphanCount, orphansAt = previous?.completedAt } = previous ?? {};
  return { orphans: known, ...(orphanCount && { orphanCount }), ...(orphansAt && { orphansAt }) };
}

/** The record of a cluster after a scan. A scan that failed by an error of the deployer tells nothing about the cluster. */
export function clusterRecord(outcome: ClusterOutcome, { request, at, endedAt, ms }: ScanTimes): ClusterRecord {
  const { cluster, scan, previous } = request;
  const known = previous?.status ?? 'Reachable';
  const statuses = {
    unreachable: 'Unknown',
    failed: known,
    scanned: 'Reachable',
    partial: 'Reachable',
    busy: known,
  } as const;
  const status = statuses[outcome.status];
  const completedAt = outcome.status === 'scanned' ? endedAt : previous?.completedAt;
  const cursor = outcome.status === 'scanned' ? undefined : (outcome.cursor ?? previous?.cursor);
  return {
    cluster,
    status,
    ...(outcome.reason !== undefined && { reason: outcome.reason }),
    since: previous?.status === status ? previous.since : at,
    scan,
    startedAt: at,
    ...(completedAt !== undefined && { completedAt }),
    ms,
    ...(cursor !== undefined && { cursor }),
    ...orphansOf(outcome, { at, previous }),
  };
}
