// The health of an application as people see it. In: what the end of the last operation, the scans and the cluster's record say. Out: the newest of it: what cannot be known
// now is Unknown, since when and why, and never what it was before.
import type { ApplicationRecord } from '../model/application-record.ts';
import type { ClusterRecord } from '../model/drift.ts';
import type { Health } from '../model/health.ts';
import type { UnhealthyObject } from '../model/observed-health.ts';
import type { ApplicationState } from './drift-view.ts';

/** The health of an application; times are ISO 8601. */
export type HealthView = Health & {
  /** Since when the status is what it is, as far as that is known. */
  readonly since?: string;
  /** The objects that are not Healthy, worst first, where one application is asked for; at most 200. */
  readonly objects?: readonly UnhealthyObject[];
};

/** What says the most of the health. */
type Source = 'operation' | 'scan' | 'cluster';

/** Composes the health; undefined before anything is known of it. */
export function viewHealth({ record, drift, cluster, newest }: ApplicationState): HealthView | undefined {
  const { health } = record;
  const observed = drift?.health;
  const source = sourceOf({
    operation: health && { seq: health.seq ?? 0, ...endOf(health, newest) },
    observed,
    cluster: record.lastSync && cluster,
  });
  if (source === 'cluster') return unreachable(cluster);
  if (source === 'scan' && observed !== undefined) return whole(observed);
  if (health === undefined) return undefined;
  const since = health.at ?? (newest?.outcome?.health === undefined ? undefined : newest.endedAt);
  return { ...said(health), ...(since !== undefined && { since }) };
}

/** The objects that are not Healthy, as far as scans have seen them and nothing is newer. */
export function unhealthyObjects(state: ApplicationState): readonly UnhealthyObject[] {
  const seen = viewHealth(state);
  const { health } = state.drift ?? {};
  return health !== undefined && seen?.status === health.status && seen.since === health.since ? health.objects : [];
}

type Known = {
  /** The operation that looked at the health last, and when it ended. */
  readonly operation: { readonly seq: number; readonly endedAt?: string | undefined } | undefined;
  /** What a scan has seen, and the operation before it. */
  readonly observed: { readonly seq: number } | undefined;
  /** Of the cluster, where something is deployed there. */
  readonly cluster: ClusterRecord | undefined;
};

function sourceOf({ operation, observed, cluster }: Known): Source {
  const { endedAt = '' } = operation ?? {};
  if (cluster?.status === 'Unknown' && endedAt <= cluster.startedAt) return 'cluster';
  return observed !== undefined && observed.seq >= (operation?.seq ?? 0) ? 'scan' : 'operation';
}

function endOf(
  { seq, at }: NonNullable<ApplicationRecord['health']>,
  newest: ApplicationState['newest'],
): { readonly endedAt?: string | undefined } {
  return { endedAt: at ?? (seq === undefined || newest?.seq === seq ? newest?.endedAt : undefined) };
}

function unreachable(cluster: ClusterRecord | undefined): HealthView {
  const message = cluster?.reason ?? 'the cluster cannot be reached';
  return { status: 'Unknown', message, reason: 'Unreachable', ...(cluster && { since: cluster.since }) };
}

function whole({ since, ...health }: Health & { readonly since: string }): HealthView {
  return { ...said(health), since };
}

function said({ status, message, reason }: Health): Health {
  return { status, message, ...(reason !== undefined && { reason }) };
}
