// In: planned objects, some with the label of another application. Out: which of them are taken over, which are waited for, which are refused. What the
// application wants is written before the others are asked, so that an application that releases or deletes an object after that knows of it.

import type { Refusal } from '../../model/change-set.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { formatRef, idKey, type ObjectId } from '../../model/kube-object.ts';
import { type Holder, holderOf, leftToHolder } from '../../ownership/claims.ts';
import { mayAdopt, mayTake, type OwnerClaim, type Taking } from '../../ownership/may-take.ts';
import { formerOwner, type PlannedObject, type PlannedRemoval, type Wait } from '../../plan/planned.ts';
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
  /** An order that takes over what is refused otherwise. */
  readonly adoption?: Adoption;
};

/** An order to take objects over. */
type Adoption = {
  /** The deployer whose objects they are; absent: an application that is not configured, or did not deploy them. */
  readonly from?: string;
  /** The other configured applications of the cluster. */
  readonly others: () => Promise<readonly OwnerRecord[]>;
};

export type Settled = {
  readonly objects: readonly PlannedObject[];
  readonly refusals: readonly Refusal[];
  readonly waits: readonly Wait[];
};

type Judged = Pick<Settled, 'objects' | 'refusals'>;

type Settling = {
  readonly app: string;
  /** What the application does not have yet. */
  readonly wanted: readonly ObjectId[];
  /** Its inventory: an object whose uid is there is known, whichever application its label names. */
  readonly entries: ReadonlyMap<string, InventoryEntry>;
};

/** Settles the objects of other applications; a plan without any costs no request. */
export async function settleForeign(
  { objects, refusals }: Judged,
  { app, wanted, entries }: Settling,
  handOver: HandOver | undefined,
): Promise<Settled> {
  const isForeign = objects.some((object) => formerOwner(object) !== undefined);
  if (handOver === undefined) return withTakings({ objects, refusals }, { take: alone, leaves: false });
  if (isForeign || refusals.length > 0) await handOver.want(wanted);
  if (!isForeign) return { objects, refusals, waits: [] };
  const { adoption, leaves } = handOver;
  const owners = await handOver.owners(objects.flatMap(({ from }) => (from === undefined ? [] : [from.app])));
  const named = objects.map((object) => withGiver(withPresentName(object, owners), entries));
  const holders = await holdersAmong(named, adoption);
  const take = ({ from, adopts, id }: PlannedObject): Taking => {
    const order = { holder: holders.get(idKey(id))?.app };
    if (adopts !== undefined) return mayAdopt(adopts, order);
    if (from === undefined) return { may: 'take' };
    const isRecorded = from.uid !== undefined && entries.get(idKey(id))?.uid === from.uid;
    const object = { ...from, isProven: from.isProven || isRecorded };
    const taker = adoption !== undefined && adoption.from === undefined ? { app, order } : { app };
    return mayTake(object, claimOf(owners.get(from.app), id), taker);
  };
  return withTakings({ objects: named, refusals }, { take, leaves });
}

/** The label of an object may have a former name of its application. */
function withPresentName(object: PlannedObject, owners: ReadonlyMap<string, OwnerRecord>): PlannedObject {
  const { from } = object;
  return from === undefined ? object : { ...object, from: { ...from, app: owners.get(from.app)?.app ?? from.app } };
}

/** What the inventory has already is only labelled: the application had another name, or the label was changed. */
function withGiver(object: PlannedObject, entries: Settling['entries']): PlannedObject {
  const { from, id } = object;
  return from === undefined || entries.has(idKey(id)) ? object : { ...object, takenFrom: from.app };
}

/** The applications that hold or want an object which an order may take over, by the object's key. */
async function holdersAmong(
  objects: readonly PlannedObject[],
  adoption: Adoption | undefined,
): Promise<ReadonlyMap<string, Holder>> {
  const foreign = objects.filter((object) => formerOwner(object) !== undefined);
  if (adoption === undefined || foreign.length === 0) return new Map();
  const others = await adoption.others();
  return new Map(
    foreign.flatMap(({ id }) => {
      const holder = holderOf(id, others);
      return holder === undefined ? [] : [[idKey(id), holder] as const];
    }),
  );
}

/** Removals of objects that other applications hold are left to these, so that no guard counts them. */
export async function settleRemovals(
  planned: readonly PlannedRemoval[],
  handOver: HandOver | undefined,
): Promise<readonly PlannedRemoval[]> {
  const removals = handOver?.leaves ? planned.map(keptByRollback) : planned;
  const leaving = new Set(removals.filter(isLeaving));
  if (handOver === undefined || leaving.size === 0) return removals;
  const holders = await handOver.holders([...leaving].map(({ entry }) => entry));
  return removals.map((removal) => {
    const holder = leaving.has(removal) ? holders.get(idKey(removal.entry)) : undefined;
    if (holder === undefined || (removal.action === 'skipped' && !holder.isCertain)) return removal;
    return { entry: removal.entry, action: 'skipped', note: leftToHolder(holder), leftTo: holder };
  });
}

/** An earlier rendering undoes what was created since, and does not delete what was there before, as another application's. */
function keptByRollback(removal: PlannedRemoval): PlannedRemoval {
  const { entry, action } = removal;
  if (action !== 'deleted' || entry.takenFrom === undefined) return removal;
  const note = `it was taken over from application ${entry.takenFrom}, and a rollback deletes only what was created since; delete it manually if it is not needed`;
  return { entry, action: 'skipped', note };
}

/** Whether another application may hold what is deleted, or stays and is released by this operation, as an object of a protected kind is. */
function isLeaving({ action, entry, isBeingDeleted }: PlannedRemoval): boolean {
  return action === 'deleted' ? isBeingDeleted === undefined : action === 'skipped' && entry.released === undefined;
}

/** Without the records of a deployer, nothing tells that an object is free. */
function alone({ from }: PlannedObject): Taking {
  if (from === undefined) return { may: 'take' };
  return {
    may: 'refuse',
    reason: `belongs to application ${from.app}; a deployment takes it over once that one no longer holds it`,
  };
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

type Rule = { readonly take: (object: PlannedObject) => Taking; readonly leaves: boolean };

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
  if (formerOwner(object) === undefined) return { objects: [object] };
  const taking = take(object);
  if (taking.may === 'take') return { objects: [{ ...object, note: noteOf(object) }] };
  if (leaves) return { objects: [left(object, taking.reason)] };
  if (taking.may === 'refuse' || from === undefined) return { refusals: [{ id, source, message: taking.reason }] };
  const wait = { id, app: from.app, reason: `${formatRef(id)} ${taking.reason}` };
  return { objects: [left(object, taking.reason)], waits: [wait] };
}

function noteOf(object: PlannedObject): string {
  const { note } = object;
  const taken = `taken over from ${formerOwner(object)}`;
  return note === undefined ? taken : `${taken}; ${note}`;
}

function left({ from: _, ...object }: PlannedObject, note: string): PlannedObject {
  return { ...object, action: 'skipped', fields: [], note };
}
