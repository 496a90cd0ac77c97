// In: an application's record and its cluster. Out: its inventory, as far as it is of that cluster. A cluster that was made again under its name has none of the
// recorded objects; one that has got another name has what was left under the former one.
import type { ApplicationRecord, InventoryPlace, LeftInventory, Rendered } from '../../model/application-record.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { idKey } from '../../model/kube-object.ts';
import type { Phase } from '../../model/operation.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { InventoryStore } from '../../ports/store.ts';
import type { OperationRecord } from './operation-record.ts';

type InventoryPorts = {
  readonly state: InventoryStore;
  readonly record: OperationRecord;
  readonly application: () => Promise<ApplicationRecord>;
  readonly cluster: () => Promise<Pick<Cluster, 'uid'>>;
};

type Entries = readonly InventoryEntry[];

type Known = {
  readonly entries: Entries;
  /** What was left under another name of the cluster, and is in the entries. */
  readonly merged: readonly LeftInventory[];
  /** How many objects are recorded of a cluster that was made again since. */
  readonly forgotten: number;
};

/** The application's inventory during one operation; read once, since only the holder of the lease writes it. */
export class OperationInventory {
  readonly #ports: InventoryPorts;
  #known: Known | undefined;

  constructor(ports: InventoryPorts) {
    this.#ports = ports;
  }

  async read(): Promise<Entries> {
    return (await this.#read()).entries;
  }

  /** How many recorded objects were in a cluster that was made again since under its name. */
  async forgotten(): Promise<number> {
    return (await this.#read()).forgotten;
  }

  /** Replaces the inventory, and records the phase and the rendered commit in the same write. */
  async write(entries: Entries, phase: Phase, rendered: Rendered | undefined): Promise<void> {
    const { merged } = await this.#read();
    const place = await this.#place();
    await this.#ports.record.writeWith(phase, (lease, progress) =>
      this.#ports.state.putInventory(lease, entries, { progress, ...(rendered && { rendered }), place, merged }),
    );
    this.#known = { entries, merged: [], forgotten: 0 };
  }

  /** What was left under another name of the cluster becomes part of the inventory. */
  async merge(left: LeftInventory, entries: Entries): Promise<void> {
    const known = await this.#read();
    this.#known = { ...known, entries: union(known.entries, entries), merged: [...known.merged, left] };
    await this.write(this.#known.entries, 'prune', undefined);
  }

  async #read(): Promise<Known> {
    this.#known ??= await this.#readRecorded();
    return this.#known;
  }

  async #readRecorded(): Promise<Known> {
    const { app, inventory: pointer, place, moved = [] } = await this.#ports.application();
    const isAsked = [place, ...moved].some((one) => one?.uid !== undefined);
    const uid = isAsked ? await (await this.#ports.cluster()).uid() : undefined;
    const recorded = pointer === undefined ? [] : await this.#recorded(app.name, pointer);
    const isMadeAgain = place?.uid !== undefined && uid !== undefined && place.uid !== uid;
    let known: Known = {
      entries: isMadeAgain ? [] : recorded,
      merged: [],
      forgotten: isMadeAgain ? recorded.length : 0,
    };
    for (const left of moved.filter((one) => uid !== undefined && one.uid === uid)) {
      const entries = await entriesOf(this.#ports.state, app.name, left);
      if (entries === undefined) continue;
      known = { ...known, entries: union(known.entries, entries), merged: [...known.merged, left] };
    }
    return known;
  }

  /** The application's record points to the current inventory; one that this process has written or read before is cached. */
  async #recorded(app: string, pointer: NonNullable<ApplicationRecord['inventory']>): Promise<Entries> {
    return (await entriesOf(this.#ports.state, app, pointer)) ?? this.#ports.state.inventory(app);
  }

  async #place(): Promise<InventoryPlace> {
    const { app, place } = await this.#ports.application();
    const uid = (await (await this.#ports.cluster()).uid()) ?? place?.uid;
    const { cluster, namespace } = app.destination;
    return { cluster, namespace, ...(uid !== undefined && { uid }) };
  }
}

/** The entries of one inventory; undefined where it was replaced meanwhile, or cannot be read. */
export async function entriesOf(
  state: Pick<InventoryStore, 'inventories'>,
  app: string,
  { generation, chunks }: { readonly generation: number; readonly chunks: number },
): Promise<Entries | undefined> {
  return (await state.inventories([{ app, generation, chunks }])).get(app);
}

function union(entries: Entries, more: Entries): Entries {
  const keys = new Set(entries.map(idKey));
  return [...entries, ...more.filter((entry) => !keys.has(idKey(entry)))];
}
