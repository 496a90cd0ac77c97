// In: applications, a cluster, or nothing for all. Out: their drift as it is found now. May go wrong: an application that is not configured is ApplicationUnknown.
import type { ClusterScan, ScanSummary } from '../drift/scan-ports.ts';
import { configured, driftOf, driftOfAll, type LookPorts } from '../queries/applications.ts';
import type { DriftView } from '../queries/drift-view.ts';

/** The scans, as the wiring has put them together. */
export type DriftScans = {
  /** Scans clusters, all of them where none is named. */
  readonly scan: (clusters?: readonly string[]) => Promise<Pick<ScanSummary, 'clusters'>>;
  /** Looks at certain applications at once. */
  readonly check: (apps: readonly string[]) => Promise<unknown>;
};

export type ScanWish = { readonly apps?: readonly string[] | undefined; readonly cluster?: string | undefined };

/** What was found, and how it went with each cluster; a cluster that is `busy` was scanned by somebody else, and is shown as of before. */
export type ScannedNow = { readonly applications: readonly DriftView[]; readonly clusters: readonly ClusterScan[] };

/** Looks for drift at once, instead of waiting for the schedule. */
export async function scanNow({ apps, cluster }: ScanWish, ports: LookPorts & DriftScans): Promise<ScannedNow> {
  if (apps !== undefined) {
    for (const app of apps) await configured(app, ports);
    await ports.check(apps);
    return { applications: await Promise.all(apps.map((app) => driftOf(app, ports))), clusters: [] };
  }
  const { clusters } = await ports.scan(cluster === undefined ? undefined : [cluster]);
  const all = await driftOfAll(ports);
  return { applications: cluster === undefined ? all : all.filter((view) => view.cluster === cluster), clusters };
}
