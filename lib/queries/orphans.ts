// In: a cluster, or nothing for all. Out: the objects with this deployer's label, or that of an application alone, whose application is not configured for their
// cluster, as the last scan found them. Reads the state table only. May go wrong: ClusterNotConfigured.
import { DriftlessError } from '../errors.ts';
import type { ClusterRecord, Orphan } from '../model/drift.ts';
import type { QueryPorts } from './application.ts';

/** The orphans of one cluster; `Unknown` where the last scan could not look, or no scan has ended yet. Times are ISO 8601. */
export type OrphansView = {
  readonly cluster: string;
  readonly status: 'Known' | 'Unknown';
  /** Why it is Unknown. */
  readonly reason?: string;
  /** When the scan began that found them. */
  readonly scannedAt?: string;
  /** Of all orphans, also those that `orphans` omits. */
  readonly count: number;
  readonly orphans: readonly Orphan[];
};

/** Returns the orphans of each cluster that applications are deployed to, or were, by name. */
export async function listOrphans(
  { cluster }: { readonly cluster?: string | undefined },
  { state }: Pick<QueryPorts, 'state'>,
): Promise<readonly OrphansView[]> {
  const [applications, scanned] = await Promise.all([state.summaries(), state.clusters()]);
  const used = new Set(applications.map(({ destination }) => destination.cluster));
  const records = new Map(scanned.map((record) => [record.cluster, record]));
  const names = [...new Set([...used, ...records.keys()])].sort();
  if (cluster !== undefined && !names.includes(cluster))
    throw new DriftlessError(
      'ClusterNotConfigured',
      `Cluster/${cluster}: no application is deployed to it, and no scan has looked at it`,
    );
  return names
    .filter((name) => cluster === undefined || name === cluster)
    .map((name) => viewOrphans(name, records.get(name), used.has(name)));
}

function viewOrphans(cluster: string, record: ClusterRecord | undefined, isUsed: boolean): OrphansView {
  if (record === undefined) return { cluster, status: 'Unknown', reason: 'not scanned yet', count: 0, orphans: [] };
  const { orphans, orphanCount, orphansAt, completedAt } = record;
  const scannedAt = orphansAt ?? completedAt;
  const reason = unknownReason(record, { scannedAt, isUsed });
  return {
    cluster,
    status: reason === undefined ? 'Known' : 'Unknown',
    ...(reason !== undefined && { reason }),
    ...(scannedAt !== undefined && { scannedAt }),
    count: orphanCount ?? orphans.length,
    orphans,
  };
}

type Looked = { readonly scannedAt: string | undefined; readonly isUsed: boolean };

/** Why the last scan does not tell what is there now. */
function unknownReason(
  { status, reason, startedAt }: ClusterRecord,
  { scannedAt, isUsed }: Looked,
): string | undefined {
  if (status === 'Unknown') return reason ?? 'the cluster cannot be reached';
  if (!isUsed) return 'no application is deployed to it now, so that no scan looks at it';
  if (scannedAt === undefined) return reason ?? 'not scanned yet';
  return scannedAt < startedAt ? (reason ?? 'the last scan failed') : undefined;
}
