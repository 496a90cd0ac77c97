// In: an application, and maybe one of its objects. Out: how what is live differs from what was deployed, by the comparison of a scan for drift; nothing is recorded or
// corrected. Runs as the deployer, since dry-runs are writes to the API server. May go wrong: as the scope may, ObjectUnknown, and what makes the cluster unreachable.
import type { FoundDrift } from '../../compare/decide-drift.ts';
import { classify } from '../../drift/classify.ts';
import { compareApplication } from '../../drift/compare-application.ts';
import type { ScanTarget } from '../../drift/targets.ts';
import { ScanMemory } from '../../drift/unchanged-index.ts';
import { getLive } from '../../live/get-live.ts';
import { listLive } from '../../live/list-live.ts';
import type { Change, ChangeAction } from '../../model/change-set.ts';
import type { DriftedObject } from '../../model/drift.ts';
import { idKey } from '../../model/kube-object.ts';
import { APP_LABEL } from '../../ownership/labels.ts';
import type { Clusters } from '../../ports/cluster.ts';
import type { Log } from '../../ports/runtime.ts';
import type { Blobs } from '../../ports/store.ts';
import { findObject } from '../find-object.ts';
import { openPermitted, type PermittedPorts } from '../scope.ts';

export type LiveDiffPorts = PermittedPorts & {
  readonly clusters: Clusters;
  readonly blobs: Blobs;
  readonly log: Log;
  /** The deployer's own identity. */
  readonly deployer: string;
};

export type DiffRequest = { readonly app: string; readonly object?: string | undefined };

/** What a deployment of the deployed commit would change now. */
export type LiveDiff = {
  /** The commit that is deployed; absent where none is. */
  readonly revision?: string;
  readonly changes: readonly Change[];
  /** Why some objects were not compared. */
  readonly unread: readonly string[];
};

/** Compares what is live with what was deployed. */
export async function diffLive({ app, object }: DiffRequest, ports: LiveDiffPorts): Promise<LiveDiff> {
  const { record, project, entries, outside, clusterName } = await openPermitted(app, ports);
  const { lastSync } = record;
  if (lastSync === undefined) return { changes: [], unread: [] };
  const inventory = object === undefined ? entries : [findObject(object, app, entries)];
  const previous = await ports.state.drift(app);
  // One object is dry-run whatever its version.
  const isFull = object !== undefined;
  const target: ScanTarget = {
    record,
    lastSync,
    inventory,
    previous,
    isFull,
    isHealthOnly: false,
    judge: { hash: '' },
  };
  const server = await ports.clusters.open(clusterName);
  const labelSelector = `${APP_LABEL}=${app}`;
  const live = await (object === undefined
    ? listLive(server, { targets: [target], labelSelector })
    : getLive(server, [target]));
  const index = await new ScanMemory(ports.blobs, ports.log).of(clusterName);
  const { comparisons } = classify({
    targets: [target],
    configured: new Set([app]),
    live,
    index,
    deployer: ports.deployer,
  });
  const changes: Change[] = [];
  const unread: string[] = [...outside];
  for (const comparison of comparisons) {
    const cluster = project === undefined ? server : await ports.clusters.open(clusterName, project);
    const { found, knownDrift, unreadable } = await compareApplication(comparison, { ...ports, cluster });
    changes.push(...[...found, ...knownDrift].map(asChange));
    unread.push(...unreadable);
  }
  return {
    revision: lastSync.revision,
    changes: changes.toSorted((a, b) => (idKey(a.id) < idKey(b.id) ? -1 : 1)),
    unread,
  };
}

const ACTIONS = {
  modified: 'configured',
  takenOver: 'configured',
  missing: 'created',
  extra: 'skipped',
} as const satisfies Record<DriftedObject['drift'], ChangeAction>;

/** What a correction would do about a drifted object. */
function asChange({ id, drift, fields, note }: FoundDrift | DriftedObject): Change {
  const taken = drift === 'takenOver' ? 'another field manager owns its fields' : undefined;
  const why = note ?? taken;
  return { id, action: ACTIONS[drift], fields, ...(why !== undefined && { note: why }) };
}
