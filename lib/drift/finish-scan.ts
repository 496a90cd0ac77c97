import type { ClusterRecord } from '../model/drift.ts';
import type { ObjectId } from '../model/kube-object.ts';
import type { ClusterScan } from './scan-ports.ts';

/** Orphans that a record names. */
const NAMED_ORPHANS = 200;

/** How the scan of a cluster went. */
export type Outcome = Pick<
  ClusterScan,
  'status' | 'reason' | 'applications' | 'applicationsDrifted' | 'objectsDrifted' | 'corrections'
> & {
  /** Undefined where nobody could look. */
  readonly orphans: readonly ObjectId[] | undefined;
  readonly cursor?: string;
};

type Frame = {
  readonly request: { readonly cluster: string; readonly scan: string; readonly previous: ClusterRecord | undefined };
  readonly at: string;
  readonly endedAt: string;
  readonly ms: number;
};

/** What is known of a cluster after a scan. A scan that failed by a fault of ours says nothing about the cluster. */
export function concluded(outcome: Outcome, { request, at, endedAt, ms }: Frame): ClusterRecord {
  const { cluster, scan, previous } = request;
  const known = previous?.status ?? 'Reachable';
  const status = {
    unreachable: 'Unknown',
    failed: known,
    scanned: 'Reachable',
    partial: 'Reachable',
    busy: known,
  } as const;
  const now = status[outcome.status];
  const completedAt = outcome.status === 'scanned' ? endedAt : previous?.completedAt;
  const cursor = outcome.status === 'scanned' ? undefined : (outcome.cursor ?? previous?.cursor);
  return {
    cluster,
    status: now,
    ...(outcome.reason !== undefined && { reason: outcome.reason }),
    since: previous?.status === now ? previous.since : at,
    scan,
    startedAt: at,
    ...(completedAt !== undefined && { completedAt }),
    ms,
    ...(cursor !== undefined && { cursor }),
    orphans: (outcome.orphans ?? previous?.orphans ?? []).slice(0, NAMED_ORPHANS),
  };
}
