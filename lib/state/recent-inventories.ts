import type { InventoryEntry } from '../model/inventory.ts';
import type { InventoryPointer } from '../ports/store.ts';

/** Entries in all; some 300 bytes each. */
const MOST_ENTRIES = 100_000;

type Kept = Omit<InventoryPointer, 'app'> & { readonly entries: readonly InventoryEntry[] };

/** The newest inventory of each application that this process has read, so that a scan every few minutes need not read what has not changed. */
export class RecentInventories {
  readonly #kept = new Map<string, Kept>();
  #count = 0;

  /** Only the very generation that is asked for. */
  get({ app, generation, chunks }: InventoryPointer): readonly InventoryEntry[] | undefined {
    const kept = this.#kept.get(app);
    return kept?.generation === generation && kept.chunks === chunks ? kept.entries : undefined;
  }

  /** Starts anew where there is too much; applications that are there no more go in that way, too. */
  put({ app, ...pointer }: InventoryPointer, entries: readonly InventoryEntry[]): void {
    this.#count += entries.length - (this.#kept.get(app)?.entries.length ?? 0);
    if (this.#count > MOST_ENTRIES) {
      this.#kept.clear();
      this.#count = entries.length;
    }
    if (this.#count <= MOST_ENTRIES) this.#kept.set(app, { ...pointer, entries });
    else this.#count = 0;
  }
}
