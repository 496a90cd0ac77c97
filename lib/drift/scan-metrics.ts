import type { ClusterRecord } from '../model/drift.ts';
import type { Metrics } from '../ports/runtime.ts';
import type { ClusterScan, ScanSummary } from './scan-ports.ts';

type Context = { readonly before: ReadonlyMap<string, ClusterRecord>; readonly now: number };

/**
 * Aggregates of a scan. Its age is that of the cluster whose last complete scan is the oldest. Unreachable clusters are counted separately, and a cluster that
 * another scan is scanning is not counted.
 */
export function scanMetrics({ ms, clusters }: ScanSummary, { before, now }: Context): Parameters<Metrics['put']>[0] {
  const counted = clusters.filter(({ status }) => status !== 'busy');
  const sum = (count: (one: ClusterScan) => number): number => counted.reduce((total, one) => total + count(one), 0);
  const ages = counted.flatMap(({ cluster, status }) => {
    if (status === 'unreachable') return [];
    const completedAt = before.get(cluster)?.completedAt;
    if (status === 'scanned') return [0];
    return completedAt === undefined ? [] : [(now - Date.parse(completedAt)) / 1000];
  });
  return {
    applicationsDrifted: sum(({ applicationsDrifted }) => applicationsDrifted),
    objectsDrifted: sum(({ objectsDrifted }) => objectsDrifted),
    clustersUnreachable: counted.filter(({ status }) => status === 'unreachable').length,
    scanSeconds: ms / 1000,
    // Put also where there is nothing to scan: its absence means that no scan runs.
    scanAgeSeconds: Math.max(0, ...ages),
  };
}
