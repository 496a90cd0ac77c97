// In: an application with few objects. Out: what is live of them, each read by itself: what a look at lists finds of many. What cannot be read is named with its
// reason. May throw what makes the cluster as a whole unreachable.

import { mapBounded } from '../async/map-bounded.ts';
import type { Subject } from '../drift/targets.ts';
import { asDriftlessError } from '../errors.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, type KubeObject } from '../model/kube-object.ts';
import type { Cluster } from '../ports/cluster.ts';
import { AsApplied } from './as-applied.ts';
import type { LiveLook } from './list-live.ts';

const CONCURRENT_READS = 8;

/** Reads each object of an application. */
export async function getLive(cluster: Cluster, subject: Subject): Promise<LiveLook> {
  const applied = new AsApplied([subject]);
  const objects = new Map<string, KubeObject>();
  const blind = new Map<string, string>();
  await mapBounded(subject.inventory, CONCURRENT_READS, async (entry) => {
    try {
      const object = await read(cluster, entry);
      if (object !== undefined && !applied.see(object)) objects.set(idKey(entry), object);
    } catch (thrown) {
      const { code, message } = asDriftlessError(thrown);
      if (code === 'ApiServerUnreachable') throw thrown;
      blind.set(idKey(entry), message);
    }
  });
  return { objects, applied, blindness: (id) => blind.get(idKey(id)) };
}

/** A kind that is not served has no objects either. */
async function read(cluster: Cluster, entry: InventoryEntry): Promise<KubeObject | undefined> {
  const kind = await cluster.kind(entry.apiVersion, entry.kind);
  return kind && cluster.get(kind, entry);
}
