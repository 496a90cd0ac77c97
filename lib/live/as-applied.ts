// In: inventories, and then what is live, object by object. Out: which entries are as they were applied, which is nearly all of them; their objects are known
// by uid and version, and need not be held.

import type { Subject } from '../drift/targets.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { KubeObject } from '../model/kube-object.ts';

/** Entries whose object is live in the very version that was applied. */
export class AsApplied {
  /** By uid; undefined where several entries claim an object. */
  readonly #expected = new Map<string, InventoryEntry | undefined>();
  readonly #seen = new Set<InventoryEntry>();

  /** Of an application that is checked in full, each object has to be asked about, so none of its entries is here. */
  constructor(subjects: readonly Subject[]) {
    for (const { inventory, isFull } of subjects) if (!isFull) this.#expect(inventory);
  }

  /** Takes note of a live object; whether it is as it was applied. */
  see({ metadata: { uid = '', resourceVersion, deletionTimestamp } }: KubeObject): boolean {
    const entry = this.#expected.get(uid);
    if (entry === undefined || entry.resourceVersion !== resourceVersion || deletionTimestamp !== undefined)
      return false;
    this.#seen.add(entry);
    return true;
  }

  has(entry: InventoryEntry): boolean {
    return this.#seen.has(entry);
  }

  #expect(inventory: readonly InventoryEntry[]): void {
    for (const entry of inventory) {
      const { uid } = entry;
      if (uid !== undefined) this.#expected.set(uid, this.#expected.has(uid) ? undefined : entry);
    }
  }
}
