import type { ChangeAction, ChangeSet, FieldChange, Refusal } from '../model/change-set.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { ObjectId } from '../model/kube-object.ts';
import type { Desired } from './desired.ts';

/** What is remembered of a live object, to tell later whether it is still the same. */
export type Seen = Pick<InventoryEntry, 'uid' | 'resourceVersion' | 'generation'>;

/** What an operation will do with one desired object. */
export type PlannedObject = Desired & {
  readonly action: Exclude<ChangeAction, 'deleted'>;
  readonly fields: readonly FieldChange[];
  /** Whether fields of other managers are taken over when it is applied. */
  readonly force: boolean;
  /** Whether the ownership of a former deployer's fields is moved to us first. */
  readonly takeOver?: boolean;
  /** Fields, step by step, that are not sent, since a rule ignores them and somebody else owns them. */
  readonly left?: readonly (readonly string[])[];
  /** Could not be dry-run, since it needs a Namespace or CRD that this very operation creates; it is dry-run once that is there. */
  readonly deferred?: string;
  /** What the inventory will say of an object that is not written. */
  readonly live?: Seen;
  readonly note?: string;
};

/** What an operation will do with one object that Git does not have any more. */
export type PlannedRemoval = {
  readonly entry: InventoryEntry;
  readonly action: 'deleted' | 'skipped' | 'forgotten';
  /** The uid that is deleted; any other object of that name stays. */
  readonly uid?: string;
  readonly note?: string;
};

/** A whole plan; kept as a blob, so that what is applied is what was planned. */
export type Plan = {
  readonly objects: readonly PlannedObject[];
  readonly removals: readonly PlannedRemoval[];
  readonly refusals: readonly Refusal[];
};

/** What is to be remembered, of a live object's metadata or an inventory entry. */
export function seenOf({ uid, resourceVersion, generation }: Seen): Seen {
  return {
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(generation !== undefined && { generation }),
  };
}

/** Whether the plan writes nothing to the cluster. */
export function writesNothing({ objects, removals }: Pick<Plan, 'objects' | 'removals'>): boolean {
  return (
    objects.every(({ action }) => action === 'unchanged' || action === 'skipped') &&
    removals.every(({ action }) => action !== 'deleted')
  );
}

/** The plan as people and machines read it. */
export function toChangeSet({ objects, removals, refusals }: Plan): ChangeSet {
  const changes = objects.map(({ id, action, fields, note, deferred }) => {
    const remark = note ?? (deferred === undefined ? undefined : `planned after ${deferred} exists`);
    return { id, action, fields, ...(remark !== undefined && { note: remark }) };
  });
  const gone = removals.flatMap(({ entry, action, note }) =>
    action === 'forgotten' ? [] : [{ id: entryId(entry), action, fields: [], ...(note !== undefined && { note }) }],
  );
  return { changes: [...changes, ...gone], refusals };
}

function entryId({ group, kind, namespace, name }: InventoryEntry): ObjectId {
  return { group, kind, name, ...(namespace !== undefined && { namespace }) };
}
