import type { ApplicationRecord, Rendered } from '../../model/application-record.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import type { Phase } from '../../model/operation.ts';
import type { InventoryStore } from '../../ports/store.ts';
import type { OperationRecord } from './operation-record.ts';

/** The application's inventory during one operation; read once, since only the holder of the lease writes it. */
export class OperationInventory {
  readonly #state: InventoryStore;
  readonly #record: OperationRecord;
  #entries: readonly InventoryEntry[] | undefined;

  constructor(state: InventoryStore, record: OperationRecord) {
    this.#state = state;
    this.#record = record;
  }

  /** The application's record points to the current inventory; one that this process has written or read before is cached. */
  async read({ app: { name: app }, inventory: pointer }: ApplicationRecord): Promise<readonly InventoryEntry[]> {
    if (this.#entries !== undefined) return this.#entries;
    if (pointer === undefined) return [];
    const cached = await this.#state.inventories([{ app, ...pointer }]);
    this.#entries = cached.get(app) ?? (await this.#state.inventory(app));
    return this.#entries;
  }

  /** Replaces the inventory, and records the phase and the rendered commit in the same write. */
  async write(entries: readonly InventoryEntry[], phase: Phase, rendered: Rendered | undefined): Promise<void> {
    await this.#record.writeWith(phase, (lease, operation) =>
      this.#state.putInventory(lease, entries, operation, rendered),
    );
    this.#entries = entries;
  }
}
