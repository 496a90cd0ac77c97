// In: the inventory and what an operation plans or has done. Out: the inventory as it is to be written.
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, type KubeObject } from '../model/kube-object.ts';
import { APP_LABEL, type Desired } from './desired.ts';
import type { Plan, PlannedObject } from './planned.ts';

/**
 * The inventory before the first write: everything that may exist afterwards. An object that is about to change loses its hash, so that
 * after a crash half-way it is looked at again, whatever Git says then.
 */
export function writeAhead(inventory: readonly InventoryEntry[], { objects }: Plan): readonly InventoryEntry[] {
  const entries = new Map(inventory.map((entry) => [idKey(entry), entry]));
  for (const object of objects.filter(isTracked)) {
    const known = entries.get(idKey(object.id));
    entries.set(
      idKey(object.id),
      isWritten(object) ? intended(object, known) : entryOf(object, object.live ?? known ?? {}),
    );
  }
  return [...entries.values()];
}

/** The inventory after objects were applied, with what the server answered for each. */
export function afterApply(
  inventory: readonly InventoryEntry[],
  applied: readonly { readonly object: Desired; readonly live: KubeObject }[],
): readonly InventoryEntry[] {
  const entries = new Map(inventory.map((entry) => [idKey(entry), entry]));
  for (const { object, live } of applied.filter((item) => isTracked(item.object))) {
    entries.set(idKey(object.id), entryOf(object, live.metadata));
  }
  return [...entries.values()];
}

/** The inventory without objects that are gone. */
export function without(
  inventory: readonly InventoryEntry[],
  gone: readonly InventoryEntry[],
): readonly InventoryEntry[] {
  const keys = new Set(gone.map(idKey));
  return inventory.filter((entry) => !keys.has(idKey(entry)));
}

/** Whether an operation sends a write for the object. */
export function isWritten({ action }: PlannedObject): boolean {
  return action === 'created' || action === 'configured' || action === 'recreated';
}

/** Whether an object is the application's: a Namespace made by `createNamespace` has no label of ours, and is nobody's to prune. */
export function isTracked({ object }: Pick<Desired, 'object'>): boolean {
  return object.metadata.labels?.[APP_LABEL] !== undefined;
}

function intended({ id, object }: Desired, known: InventoryEntry | undefined): InventoryEntry {
  return { ...id, apiVersion: object.apiVersion, ...(known?.uid !== undefined && { uid: known.uid }) };
}

function entryOf(
  { id, object, hash }: Desired,
  seen: Pick<InventoryEntry, 'uid' | 'resourceVersion' | 'generation'>,
): InventoryEntry {
  const { uid, resourceVersion, generation } = seen;
  return {
    ...id,
    apiVersion: object.apiVersion,
    hash,
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(generation !== undefined && { generation }),
  };
}
