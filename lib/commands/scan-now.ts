// In: applications, a cluster, or neither for all. Out: their drift as a scan finds it now. May go wrong: ApplicationUnknown.
import type { ClusterScan, ScanSummary } from '../drift/scan-ports.ts';
import { configuredApplication, type QueryPorts } from '../queries/application.ts';
import { getDrift, listDrift } from '../queries/drift.ts';
import type { DriftView } from '../queries/drift-view.ts';

/** The scans, as the wiring composes them. */
export type DriftScans = {
  /** Scans clusters; all of them where it is called without names. */
  readonly scan: (clusters?: readonly string[]) => Promise<Pick<ScanSummary, 'clusters'>>;
  /** Scans these applications. */
  readonly check: (apps: readonly string[]) => Promise<unknown>;
};

export type ScanInput = { readonly apps?: readonly string[] | undefined; readonly cluster?: string | undefined };

/** The drift, and the result of each cluster's scan; another scan was at work on a cluster that is `busy`, and its drift is that of the scan before. */
export type ScanAnswer = { readonly applications: readonly DriftView[]; readonly clusters: readonly ClusterScan[] };

/** Scans for drift immediately, without waiting for the schedule. */
export async function scanNow({ apps, cluster }: ScanInput, ports: QueryPorts & DriftScans): Promise<ScanAnswer> {
  if (apps !== undefined) {
    for (const app of apps) await configuredApplication(app, ports);
    await ports.check(apps);
    return { applications: await Promise.all(apps.map((app) => getDrift(app, ports))), clusters: [] };
  }
  const { clusters } = await ports.scan(cluster === undefined ? undefined : [cluster]);
  const all = await listDrift(ports);
  return { applications: cluster === undefined ? all : all.filter((view) => view.cluster === cluster), clusters };
}
