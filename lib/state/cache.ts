import type { Application } from '../model/application.ts';
import type { InventoryEntry, InventoryPointer } from '../model/inventory.ts';
import type { Clock } from '../ports/runtime.ts';
import { parseApplication } from './schema/application.ts';
import type { Meta } from './schema/records.ts';

/** A META item older than this was probably written by another worker since. */
const RECENT_MS = 5_000;
const MAX_METAS = 5_000;
/** Inventory entries in all; some 300 bytes each. */
const MAX_ENTRIES = 100_000;
/** Characters of stored specifications in all. */
const MAX_CHARACTERS = 20_000_000;

/** Values up to a total weight; the oldest make room for new ones. */
class Bounded<T> {
  readonly #limit: number;
  readonly #entries = new Map<string, { readonly value: T; readonly weight: number }>();
  #weight = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(name: string): T | undefined {
    return this.#entries.get(name)?.value;
  }

  /** Does not keep a value that is over the limit alone. */
  put(name: string, value: T, weight: number): void {
    this.delete(name);
    if (weight > this.#limit) return;
    this.#entries.set(name, { value, weight });
    this.#weight += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#weight <= this.#limit) return;
      this.delete(oldest);
    }
  }

  delete(name: string): void {
    this.#weight -= this.#entries.get(name)?.weight ?? 0;
    this.#entries.delete(name);
  }
}

/** What this process has read or written of applications, by name, so that it reads again only what has changed. */
export class StoreCache {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #metas = new Bounded<{ readonly meta: Meta; readonly at: number }>(MAX_METAS);
  readonly #inventories = new Bounded<{
    readonly pointer: InventoryPointer;
    readonly entries: readonly InventoryEntry[];
  }>(MAX_ENTRIES);
  readonly #specs = new Bounded<{ readonly stored: string; readonly app: Application }>(MAX_CHARACTERS);

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** META as it was last seen, however long ago; valid only while the table has the same version. */
  meta(app: string): Meta | undefined {
    return this.#metas.get(app)?.meta;
  }

  putMeta(app: string, meta: Meta): void {
    this.#metas.put(app, { meta, at: this.#clock.now() }, 1);
  }

  /**
   * Removes META from the cache and returns it where it is recent: a guess that saves the read before a conditional write, and never an answer. The
   * caller puts back what it has written.
   */
  takeMeta(app: string): Meta | undefined {
    const seen = this.#metas.get(app);
    this.#metas.delete(app);
    return seen !== undefined && Math.abs(this.#clock.now() - seen.at) < RECENT_MS ? seen.meta : undefined;
  }

  /** The inventory of exactly this generation, which never changes. */
  inventory({ app, generation, chunks }: InventoryPointer): readonly InventoryEntry[] | undefined {
    const cached = this.#inventories.get(app);
    const { pointer } = cached ?? {};
    return pointer?.generation === generation && pointer.chunks === chunks ? cached?.entries : undefined;
  }

  putInventory(pointer: InventoryPointer, entries: readonly InventoryEntry[]): void {
    this.#inventories.put(pointer.app, { pointer, entries }, Math.max(1, entries.length));
  }

  /** The Application in a stored text, which is parsed only where it is another text than before. */
  application(name: string, stored: string): Application {
    const cached = this.#specs.get(name);
    if (cached?.stored === stored) return cached.app;
    const app = parseApplication(name, stored);
    this.#specs.put(name, { stored, app }, stored.length);
    return app;
  }
}
