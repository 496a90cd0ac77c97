// In: the state table, and every cluster that it names. Out: drift is recorded and notified, corrections are requested, metrics are put. Run on a schedule; two at
// once do no harm, since each cluster is scanned by one of them. A cluster that fails does not keep the others from being scanned.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import type { ClusterRecord } from '../model/drift.ts';
import { scanCluster } from './scan-cluster.ts';
import { scanMetrics } from './scan-metrics.ts';
import type { ClusterScan, DriftPorts, ScanOptions, ScanSummary } from './scan-ports.ts';

const CLUSTERS_AT_ONCE = 8;

/** Scans clusters for drift. */
export async function scanAll({ deadlineMs, clusters: wanted }: ScanOptions, ports: DriftPorts): Promise<ScanSummary> {
  const began = ports.clock.monotonic();
  const scan = scanName(ports);
  const [records, known] = await Promise.all([ports.state.applications(), ports.state.clusters()]);
  const byCluster = Map.groupBy(records, ({ app }) => app.destination.cluster);
  const before = new Map<string, ClusterRecord>(known.map((record) => [record.cluster, record]));
  const names = [...byCluster.keys()].filter((name) => wanted?.includes(name) ?? true).sort();
  const clusters = await mapBounded(names, CLUSTERS_AT_ONCE, async (cluster): Promise<ClusterScan> => {
    const request = { cluster, records: byCluster.get(cluster) ?? [], previous: before.get(cluster), scan, deadlineMs };
    try {
      return await scanCluster(request, ports);
    } catch (thrown) {
      const { code, message } = asDriftlessError(thrown);
      ports.log.error('could not record the scan of a cluster', { cluster, code, reason: message });
      return { cluster, status: 'failed', reason: message, ...NOTHING, ms: ports.clock.monotonic() - began };
    }
  });
  const summary = { scan, ms: Math.round(ports.clock.monotonic() - began), clusters };
  ports.metrics.put(scanMetrics(summary, { before, now: ports.clock.now() }));
  ports.log.info('scanned for drift', {
    scan,
    ms: summary.ms,
    clusters: clusters.map(({ cluster, status }) => `${cluster} ${status}`),
  });
  return summary;
}

const NOTHING = { applications: 0, applicationsDrifted: 0, objectsDrifted: 0, orphans: 0, corrections: 0 } as const;

/** `scan-20261121T140312.123Z`: when it began. */
export function scanName({ clock }: Pick<DriftPorts, 'clock'>): string {
  return `scan-${new Date(clock.now()).toISOString().replaceAll(/[-:]/g, '')}`;
}
