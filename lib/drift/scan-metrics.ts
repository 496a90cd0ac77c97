import type { ClusterRecord } from '../model/drift.ts';
import type { Metrics } from '../ports/runtime.ts';
import type { ClusterScan, ScanSummary } from './scan-ports.ts';

type Context = { readonly before: ReadonlyMap<string, ClusterRecord>; readonly now: number };

/**
 * Aggregates of a scan. Its age is that of the cluster whose last complete scan is the oldest, unreachable ones apart, which are counted on their own; a
 * cluster that another scan is at says nothing.
 */
export function scanMetrics({ ms, clusters }: ScanSummary, { before, now }: Context): Parameters<Metrics['put']>[0] {
  const told = clusters.filter(({ status }) => status !== 'busy');
  const sum = (count: (one: ClusterScan) => number): number => told.reduce((total, one) => total + count(one), 0);
  const ages = told.flatMap(({ cluster, status }) => {
    if (status === 'unreachable') return [];
    const completedAt = before.get(cluster)?.completedAt;
    if (status === 'scanned') return [0];
    return completedAt === undefined ? [] : [(now - Date.parse(completedAt)) / 1000];
  });
  return {
    applicationsDrifted: sum(({ applicationsDrifted }) => applicationsDrifted),
    objectsDrifted: sum(({ objectsDrifted }) => objectsDrifted),
    clustersUnreachable: told.filter(({ status }) => status === 'unreachable').length,
    scanSeconds: ms / 1000,
    // Also where there is nothing to scan: silence means that nobody scans.
    scanAgeSeconds: Math.max(0, ...ages),
  };
}
