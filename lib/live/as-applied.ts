// In: inventories, and then what is live, object by object. Out: which entries are as they were applied, which is nearly all of them; their objects are known
// by uid and version, and are not held in memory.
import type { InventoryEntry } from '../model/inventory.ts';
import type { KubeObject } from '../model/kube-object.ts';

/** Objects of one application to read. */
export type LiveTarget = {
  readonly inventory: readonly InventoryEntry[];
  /** Whether each object is needed, also one that is as it was applied. */
  readonly isFull: boolean;
};

/** Entries whose object is live in the very version that was applied. */
export class AsApplied {
  /** By uid; undefined where several entries claim an object. */
  readonly #expected = new Map<string, InventoryEntry | undefined>();
  readonly #observed = new Set<InventoryEntry>();

  constructor(targets: readonly LiveTarget[]) {
    for (const { inventory, isFull } of targets) if (!isFull) this.#expect(inventory);
  }

  /** Records a live object; returns whether it is as it was applied. */
  observe({ metadata: { uid = '', resourceVersion, deletionTimestamp } }: KubeObject): boolean {
    const entry = this.#expected.get(uid);
    if (entry === undefined || entry.resourceVersion !== resourceVersion || deletionTimestamp !== undefined)
      return false;
    this.#observed.add(entry);
    return true;
  }

  has(entry: InventoryEntry): boolean {
    return this.#observed.has(entry);
  }

  #expect(inventory: readonly InventoryEntry[]): void {
    for (const entry of inventory) {
      const { uid } = entry;
      if (uid !== undefined) this.#expected.set(uid, this.#expected.has(uid) ? undefined : entry);
    }
  }
}
