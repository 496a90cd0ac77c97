// What an application has left in clusters that were its destination before, as people see it. In: its record. Out: the former clusters, with the objects where
// they are read. Reads the state table only.
import type { ApplicationRecord } from '../model/application-record.ts';
import { formatRef } from '../model/kube-object.ts';
import type { InventoryStore } from '../ports/store.ts';

/** Objects that a view names; the inventory has all of them. */
const NAMED = 100;

/** A former cluster in which objects are left. */
export type LeftView = {
  readonly cluster: string;
  readonly namespace: string;
  /** Absent in lists. */
  readonly count?: number;
  /** The first hundred of them, as `Kind/namespace/name`; absent in lists. */
  readonly objects?: readonly string[];
};

/** The former clusters alone. */
export function viewLeft({ moved = [] }: Pick<ApplicationRecord, 'moved'>): readonly LeftView[] {
  return moved.map(({ cluster, namespace }) => ({ cluster, namespace }));
}

/** The former clusters with what is left there; without any it reads nothing. */
export async function readLeft(
  { app, moved = [] }: ApplicationRecord,
  state: Pick<InventoryStore, 'inventories'>,
): Promise<readonly LeftView[]> {
  const views: LeftView[] = [];
  for (const { cluster, namespace, generation, chunks } of moved) {
    const entries = (await state.inventories([{ app: app.name, generation, chunks }])).get(app.name);
    const objects = entries?.slice(0, NAMED).map(formatRef);
    views.push({ cluster, namespace, ...(entries && { count: entries.length }), ...(objects && { objects }) });
  }
  return views;
}
