// In: planned objects, some with the label of another application. Out: which of them are taken over, which are waited for, which are refused. What the
// application wants is written before the others are asked, so that whoever releases or deletes an object after that knows of it.

import type { Refusal } from '../../model/change-set.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { formatRef, idKey, type ObjectId } from '../../model/kube-object.ts';
import { type Holder, leftToHolder } from '../../ownership/claims.ts';
import { type ForeignObject, mayTake, type OwnerClaim, type Taking } from '../../ownership/may-take.ts';
import type { PlannedObject, PlannedRemoval, Wait } from '../../plan/planned.ts';
import type { OwnerRecord } from '../../ports/ownership.ts';

/** How a plan comes to objects of other applications; absent for a plan that only tells what would happen. */
export type HandOver = {
  /** Writes what the application wants. */
  readonly want: (ids: readonly ObjectId[]) => Promise<void>;
  readonly owners: (names: readonly string[]) => Promise<ReadonlyMap<string, OwnerRecord>>;
  /** The applications that hold objects which this one no longer wants, by the keys of the objects. */
  readonly holders: (ids: readonly ObjectId[]) => Promise<ReadonlyMap<string, Holder>>;
  /** Whether an object that stays with another application is named and left, instead of waited for. */
  readonly leaves: boolean;
};

export type Settled = {
  readonly objects: readonly PlannedObject[];
  readonly refusals: readonly Refusal[];
  readonly waits: readonly Wait[];
};

type Judged = Pick<Settled, 'objects' | 'refusals'>;

type Settling = {
  /** What the application does not have yet. */
  readonly wanted: readonly ObjectId[];
  /** Its inventory: an object whose uid is there is known, whichever application its label names. */
  readonly entries: ReadonlyMap<string, InventoryEntry>;
};

/** Settles the objects of other applications; a plan without any costs no request. */
export async function settleForeign(
  { objects, refusals }: Judged,
  { wanted, entries }: Settling,
  handOver: HandOver | undefined,
): Promise<Settled> {
  const foreign = objects.flatMap(({ from }) => (from === undefined ? [] : [from.app]));
  if (handOver === undefined) return withTakings({ objects, refusals }, { take: alone, leaves: false });
  if (foreign.length > 0 || refusals.length > 0) await handOver.want(wanted);
  if (foreign.length === 0) return { objects, refusals, waits: [] };
  const owners = await handOver.owners(foreign);
  const take = (from: ForeignObject, id: ObjectId): Taking => {
    const isRecorded = from.uid !== undefined && entries.get(idKey(id))?.uid === from.uid;
    return mayTake({ ...from, isProven: from.isProven || isRecorded }, claimOf(owners.get(from.app), id));
  };
  return withTakings({ objects, refusals }, { take, leaves: handOver.leaves });
}

/** Removals of objects that other applications hold are left to these, so that no guard counts them. */
export async function settleRemovals(
  removals: readonly PlannedRemoval[],
  handOver: HandOver | undefined,
): Promise<readonly PlannedRemoval[]> {
  const deleted = removals.filter(({ action, isBeingDeleted }) => action === 'deleted' && !isBeingDeleted);
  if (handOver === undefined || deleted.length === 0) return removals;
  const holders = await handOver.holders(deleted.map(({ entry }) => entry));
  return removals.map((removal) => {
    const holder = removal.action === 'deleted' ? holders.get(idKey(removal.entry)) : undefined;
    if (holder === undefined) return removal;
    return { entry: removal.entry, action: 'skipped', note: leftToHolder(holder), leftTo: holder };
  });
}

/** The former names of an application that no other one has now: objects with these in their label are its own still. */
export async function ownFormerNames(
  formerly: readonly string[],
  handOver: HandOver | undefined,
): Promise<ReadonlySet<string>> {
  if (handOver === undefined || formerly.length === 0) return new Set();
  const owners = await handOver.owners(formerly);
  return new Set(formerly.filter((name) => owners.get(name)?.record === undefined));
}

/** Without the records of a deployer, nothing tells that an object is free. */
function alone({ app }: ForeignObject): Taking {
  return { may: 'refuse', reason: `belongs to application ${app}; remove it there first` };
}

function claimOf(owner: OwnerRecord | undefined, id: ObjectId): OwnerClaim | undefined {
  if (owner === undefined) return undefined;
  const { record, inventory, wants } = owner;
  const key = idKey(id);
  const entry = inventory.find((one) => idKey(one) === key);
  return {
    isConfigured: record !== undefined,
    hasPlanned: record?.rendered !== undefined || record?.lastSync !== undefined,
    wants: wants.some((one) => idKey(one) === key),
    ...(entry && { entry }),
  };
}

type Rule = { readonly take: (from: ForeignObject, id: ObjectId) => Taking; readonly leaves: boolean };

function withTakings({ objects, refusals }: Judged, { take, leaves }: Rule): Settled {
  const settled = objects.map((object) => settle(object, { take, leaves }));
  return {
    objects: settled.flatMap((one) => one.objects ?? []),
    refusals: [...refusals, ...settled.flatMap((one) => one.refusals ?? [])],
    waits: settled.flatMap((one) => one.waits ?? []),
  };
}

function settle(object: PlannedObject, { take, leaves }: Rule): Partial<Settled> {
  const { from, id, source } = object;
  if (from === undefined) return { objects: [object] };
  const taking = take(from, id);
  if (taking.may === 'take') return { objects: [{ ...object, note: noteOf(object, from) }] };
  if (leaves) return { objects: [left(object, taking.reason)] };
  if (taking.may === 'refuse') return { refusals: [{ id, source, message: taking.reason }] };
  const wait = { id, app: from.app, reason: `${formatRef(id)} ${taking.reason}` };
  return { objects: [left(object, taking.reason)], waits: [wait] };
}

function noteOf({ note }: PlannedObject, { app }: ForeignObject): string {
  const taken = `taken over from application ${app}`;
  return note === undefined ? taken : `${taken}; ${note}`;
}

function left({ from: _, ...object }: PlannedObject, note: string): PlannedObject {
  return { ...object, action: 'skipped', fields: [], note };
}
