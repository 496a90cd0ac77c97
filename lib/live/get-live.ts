// In: inventories with few objects. Out: what is live of them, each read with a GET of its own; the same as lists give of many. Objects that cannot be read are named
// with the reason. May throw what makes the cluster as a whole unreachable.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, type KubeObject } from '../model/kube-object.ts';
import type { Cluster } from '../ports/cluster.ts';
import { AsApplied, type LiveTarget } from './as-applied.ts';
import type { LiveReading } from './list-live.ts';

const CONCURRENT_READS = 8;

/** Reads each object of the inventories. */
export async function getLive(cluster: Cluster, targets: readonly LiveTarget[]): Promise<LiveReading> {
  const applied = new AsApplied(targets);
  const objects = new Map<string, KubeObject>();
  const unreadable = new Map<string, string>();
  await mapBounded(
    targets.flatMap(({ inventory }) => inventory),
    CONCURRENT_READS,
    async (entry) => {
      try {
        const object = await read(cluster, entry);
        if (object !== undefined && !applied.observe(object)) objects.set(idKey(entry), object);
      } catch (thrown) {
        const { code, message } = asDriftlessError(thrown);
        if (code === 'ApiServerUnreachable') throw thrown;
        unreadable.set(idKey(entry), message);
      }
    },
  );
  return { objects, applied, unreadable: (id) => unreadable.get(idKey(id)) };
}

/** A kind that is not served has no objects either. */
async function read(cluster: Cluster, entry: InventoryEntry): Promise<KubeObject | undefined> {
  const kind = await cluster.kind(entry.apiVersion, entry.kind);
  return kind && cluster.get(kind, entry);
}
