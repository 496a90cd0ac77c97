// In: what an application desires, its inventory, what is live. Out: what becomes of each object that it no longer desires. Reads only.
import { mapBounded } from '../../async/map-bounded.ts';
import type { ServedKind } from '../../model/cluster-api.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { groupOf, idKey, type KubeObject } from '../../model/kube-object.ts';
import { APP_LABEL } from '../../ownership/labels.ts';
import type { Desired } from '../../plan/desired.ts';
import type { PlannedRemoval } from '../../plan/planned.ts';
import { decideRemoval } from '../../plan/prune.ts';
import { ownFormerNames } from '../handover/owners-named.ts';
import { type HandOver, settleRemovals } from '../handover/settle-foreign.ts';
import type { Planning } from './plan-context.ts';
import { CONCURRENT_REQUESTS } from './plan-context.ts';

type Removing = Pick<Planning, 'app' | 'deployer' | 'cluster' | 'live' | 'entries'> & {
  readonly kinds: readonly ServedKind[];
  readonly handOver?: HandOver;
  readonly formerly?: readonly string[];
};

/** Plans the removals; what other applications hold is left to them. */
export async function planRemovals(
  desired: readonly Pick<Desired, 'id'>[],
  removing: Removing,
): Promise<readonly PlannedRemoval[]> {
  const { entries, handOver, formerly = [] } = removing;
  const wanted = new Set(desired.map(({ id }) => idKey(id)));
  const gone = [...entries.values()].filter((entry) => !wanted.has(idKey(entry)));
  if (gone.length === 0) return [];
  const former = handOver === undefined ? new Set<string>() : await ownFormerNames(formerly, handOver.owners);
  const removals = await mapBounded(gone, CONCURRENT_REQUESTS, (entry) => planRemoval(entry, former, removing));
  return settleRemovals(removals, handOver);
}

async function planRemoval(
  entry: InventoryEntry,
  former: ReadonlySet<string>,
  { app, deployer, cluster, live, kinds }: Removing,
): Promise<PlannedRemoval> {
  const kind = kinds.find(({ group, kind: name }) => group === groupOf(entry.apiVersion) && name === entry.kind);
  // What the list does not show may have lost its label only, so it is looked up by name.
  const found = live.get(idKey(entry)) ?? (kind && (await cluster.get(kind, entry)));
  const as = formerNameOn(found, former);
  const identity = { app: as ?? app.name, ...(deployer !== undefined && { deployer }) };
  const removal = decideRemoval(entry, found, { ...identity, options: app.sync });
  return as === undefined ? removal : { ...removal, as };
}

/** The name that the application had when it wrote the object last. */
function formerNameOn(live: KubeObject | undefined, former: ReadonlySet<string>): string | undefined {
  const label = live?.metadata.labels?.[APP_LABEL];
  return label !== undefined && former.has(label) ? label : undefined;
}
