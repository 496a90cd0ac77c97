// In: the inventory and what an operation plans or has done. Out: the inventory as it is to be written.
import { ANNOTATIONS, meaningIn, statedIn } from '../dialects/annotations.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, type KubeObject } from '../model/kube-object.ts';
import { APP_LABEL } from '../ownership/labels.ts';
import type { Desired } from './desired.ts';
import { type ObservedVersion, observedVersion, type Plan, type PlannedObject } from './planned.ts';

/**
 * The inventory before the first write: everything that may exist afterwards. An object that is about to change loses its version, so that
 * after a crash it is compared again even where Git has changed since; its hash, unless it is only put back to what was applied before; and its uid
 * where the object that is created under its name will have another one. What the application no longer wants is released.
 */
export function writeAhead(
  inventory: readonly InventoryEntry[],
  { objects, removals }: Pick<Plan, 'objects' | 'removals'>,
): readonly InventoryEntry[] {
  const entries = new Map(inventory.map((entry) => [idKey(entry), entry]));
  for (const { entry } of removals) if (entries.has(idKey(entry))) entries.set(idKey(entry), released(entry));
  for (const object of objects.filter(({ action }) => action !== 'skipped').filter(isTracked)) {
    const known = entries.get(idKey(object.id));
    const entry = isWritten(object) ? intended(object, known) : unwritten(object, known);
    entries.set(idKey(object.id), withGiver(entry, object.takenFrom ?? known?.takenFrom));
  }
  return [...entries.values()];
}

/** The inventory of an operation that writes nothing before it deletes, or waits: only what is released changes. */
export function withReleases(
  inventory: readonly InventoryEntry[],
  { objects, removals }: Pick<Plan, 'objects' | 'removals'>,
): readonly InventoryEntry[] {
  const gone = new Set(removals.map(({ entry }) => idKey(entry)));
  const wanted = new Set(objects.map(({ id }) => idKey(id)));
  return inventory.map((entry) => {
    const key = idKey(entry);
    if (gone.has(key)) return released(entry);
    return entry.released && wanted.has(key) ? takenBack(entry) : entry;
  });
}

/** Whether a plan releases anything, or takes something back. */
export function changesReleases(
  inventory: readonly InventoryEntry[],
  plan: Pick<Plan, 'objects' | 'removals'>,
): boolean {
  return withReleases(inventory, plan).some((entry, place) => entry.released !== inventory[place]?.released);
}

/** An entry that another application may take over. */
export function released(entry: InventoryEntry): InventoryEntry {
  return { ...entry, released: true };
}

function takenBack({ released: _, ...entry }: InventoryEntry): InventoryEntry {
  return entry;
}

/** The inventory after objects were applied, with the server's answer for each. */
export function afterApply(
  inventory: readonly InventoryEntry[],
  applied: readonly { readonly object: Desired; readonly live: KubeObject }[],
): readonly InventoryEntry[] {
  const entries = new Map(inventory.map((entry) => [idKey(entry), entry]));
  for (const { object, live } of applied.filter((item) => isTracked(item.object))) {
    const known = entries.get(idKey(object.id));
    entries.set(idKey(object.id), withGiver(entryOf(object, live.metadata), known?.takenFrom));
  }
  return [...entries.values()];
}

/** The inventory after some objects were seen to finish. */
export function withFinished(
  inventory: readonly InventoryEntry[],
  finished: ReadonlySet<string>,
): readonly InventoryEntry[] {
  return inventory.map((entry) =>
    finished.has(idKey(entry)) && entry.finished === undefined ? { ...entry, finished: true } : entry,
  );
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

/** Whether an object belongs to the application: a Namespace made by `createNamespace` has no label of ours, and is never pruned. */
export function isTracked({ object }: Pick<Desired, 'object'>): boolean {
  return object.metadata.labels?.[APP_LABEL] !== undefined;
}

/** Only an object that stays keeps its uid; a new one, also in place of an old one, is known by its label until the server has answered. */
function intended({ id, object, hash, action }: PlannedObject, known: InventoryEntry | undefined): InventoryEntry {
  const uid = action === 'configured' ? known?.uid : undefined;
  const isSame = known?.hash === hash;
  const version = { ...(isSame && { hash }), ...(uid !== undefined && { uid }) };
  return { ...id, apiVersion: object.apiVersion, ...version, ...healthMark(object) };
}

/** An object that is seen to have finished has, as long as it is the same one. */
function unwritten(object: PlannedObject, known: InventoryEntry | undefined): InventoryEntry {
  const live = object.live ?? known ?? {};
  const isSame = known?.finished === true && known.hash === object.hash && known.uid === live.uid;
  return entryOf(object, isSame ? { ...live, finished: true } : live);
}

function healthMark(object: KubeObject): Pick<InventoryEntry, 'ignoresHealth'> {
  // Hooks run and go.
  const isHook = statedIn(object, ANNOTATIONS.hook).some(({ meaning }) => meaning !== 'NoHook');
  return isHook || meaningIn(object, ANNOTATIONS.ignoreHealth) === 'yes' ? { ignoresHealth: true } : {};
}

function withGiver(entry: InventoryEntry, takenFrom: string | undefined): InventoryEntry {
  return takenFrom === undefined ? entry : { ...entry, takenFrom };
}

function entryOf({ id, object, hash }: Desired, live: ObservedVersion): InventoryEntry {
  return { ...id, apiVersion: object.apiVersion, hash, ...observedVersion(live), ...healthMark(object) };
}
