import type { Change, ChangeAction, ChangeSet, FieldChange, Refusal } from '../model/change-set.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { formatRef, type ObjectId } from '../model/kube-object.ts';
import type { Holder } from '../ownership/claims.ts';
import type { ForeignObject } from '../ownership/may-take.ts';
import type { Desired } from './desired.ts';

/** The version of a live object that is recorded, to tell later whether it is still the same. */
export type ObservedVersion = Pick<InventoryEntry, 'uid' | 'resourceVersion' | 'generation' | 'finished'>;

/** One desired object, and what an operation will do with it. */
export type PlannedObject = Desired & {
  readonly action: Exclude<ChangeAction, 'deleted'>;
  readonly fields: readonly FieldChange[];
  /** Whether fields of other managers are taken over when it is applied. */
  readonly force: boolean;
  /** Whether the ownership of a former deployer's fields is moved to us first. */
  readonly takeOver?: boolean;
  /** Unmanaged fields, step by step: they are not sent, since a rule ignores them and another manager owns them. */
  readonly left?: readonly (readonly string[])[];
  /** Ignored fields, step by step: they are sent as they are live. */
  readonly kept?: readonly (readonly string[])[];
  /** Defaults of the server that stand in the way, as managed fields write them: we own them first, so that the apply removes them. */
  readonly ownFirst?: Readonly<Record<string, unknown>>;
  /** The Namespace or CRD of the same operation that it needs: it is dry-run once that is there. */
  readonly deferred?: string;
  /** The application whose label the live object carries: it is taken over, which is settled once every object is compared. */
  readonly from?: ForeignObject;
  /** The other deployer whose label the live object carries: an order takes it over. */
  readonly adopts?: string;
  /** The application that it is taken over from, where this one did not have it before. */
  readonly takenFrom?: string;
  /** The version that the inventory records of an object that is not written. */
  readonly live?: ObservedVersion;
  /** The object that an earlier run of a hook left, by its uid: it is deleted before the hook runs again. */
  readonly replaces?: string;
  readonly note?: string;
};

/** One object that Git no longer has, and what an operation will do with it. */
export type PlannedRemoval = {
  readonly entry: InventoryEntry;
  readonly action: 'deleted' | 'skipped' | 'forgotten';
  /** The uid that is deleted; any other object of that name stays. */
  readonly uid?: string;
  /** The former name of the application, where the object's label has it. */
  readonly as?: string;
  /** The application that it is left to. */
  readonly leftTo?: Holder;
  /** Whether its deletion was requested before; only its end is waited for. */
  readonly isBeingDeleted?: true;
  readonly note?: string;
};

/** A whole plan; stored as a blob, so that what is applied is what was planned. */
export type Plan = {
  readonly objects: readonly PlannedObject[];
  readonly removals: readonly PlannedRemoval[];
  readonly refusals: readonly Refusal[];
  /** Objects that another application has to release first; nothing is applied while there are some. */
  readonly waits?: readonly Wait[];
  /** Whether only guards against deletions refuse it: what it leaves to other applications is released nevertheless. */
  readonly isGuarded?: true;
};

/** An object that is waited for, and why. */
export type Wait = { readonly id: ObjectId; readonly app: string; readonly reason: string };

/** The version of a live object, from its metadata or an inventory entry. */
export function observedVersion({ uid, resourceVersion, generation, finished }: ObservedVersion): ObservedVersion {
  return {
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(generation !== undefined && { generation }),
    ...(finished !== undefined && { finished }),
  };
}

/** Whether the plan writes nothing to the cluster. */
export function writesNothing({ objects, removals }: Pick<Plan, 'objects' | 'removals'>): boolean {
  return (
    objects.every(({ action }) => action === 'unchanged' || action === 'skipped') &&
    removals.every(({ action }) => action !== 'deleted')
  );
}

const BEFORE_HOOK = { action: 'deleted', fields: [], note: 'before hook creation' } as const;

/** Whose label the live object carries, where it is taken over. */
export function formerOwner({ from, adopts }: Pick<PlannedObject, 'from' | 'adopts'>): string | undefined {
  if (adopts !== undefined) return `deployer "${adopts}"`;
  return from && `application ${from.app}`;
}

/**
 * What a plan says of objects that go from one application to another and of those that stay though Git no longer has them, and how many of the former its
 * summary counts as skipped.
 */
export function remarksOn({ objects, removals }: Plan): {
  readonly texts: readonly string[];
  readonly skipped: number;
} {
  const taken = objects.flatMap((object) => {
    const former = formerOwner(object);
    return former === undefined || object.action === 'skipped'
      ? []
      : [`${formatRef(object.id)} is taken over from ${former}`];
  });
  const gone = removals.flatMap(({ entry, action, note }) =>
    action === 'forgotten' && note !== undefined ? [`${formatRef(entry)} ${note}`] : [],
  );
  const left = removals.filter(({ leftTo }) => leftTo !== undefined);
  const kept = removals.flatMap(({ entry, action, note, leftTo }) =>
    action === 'skipped' && leftTo === undefined && note !== undefined ? [`${formatRef(entry)} stays: ${note}`] : [],
  );
  return { texts: [...taken, ...gone, ...kept], skipped: gone.length + left.length };
}

/** The plan as people and machines read it. */
export function toChangeSet({ objects, removals, refusals }: Plan): ChangeSet {
  const changes = objects.flatMap(({ id, action, fields, note, deferred, replaces }): readonly Change[] => {
    const remark = note ?? (deferred === undefined ? undefined : `planned after ${deferred} exists`);
    const change = { id, action, fields, ...(remark !== undefined && { note: remark }) };
    return replaces === undefined ? [change] : [{ id, ...BEFORE_HOOK }, change];
  });
  const gone = removals.flatMap(({ entry, action, note }) =>
    action === 'forgotten'
      ? left(entry, note)
      : [{ id: entryId(entry), action, fields: [], ...(note !== undefined && { note }) }],
  );
  return { changes: [...changes, ...gone], refusals };
}

/** An object that went to another application is shown; one that is gone is not. */
function left(entry: InventoryEntry, note: string | undefined): readonly Change[] {
  return note === undefined ? [] : [{ id: entryId(entry), action: 'skipped', fields: [], note }];
}

function entryId({ group, kind, namespace, name }: InventoryEntry): ObjectId {
  return { group, kind, name, ...(namespace !== undefined && { namespace }) };
}
