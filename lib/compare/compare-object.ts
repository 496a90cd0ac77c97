// In: an object as Git wants it, as it is live, and what the API server answered to a dry-run of it. Out: how they compare; what follows from that is decided
// by a plan (decide-change.ts) and by a scan for drift (decide-drift.ts). Pure.
import { ANNOTATIONS, meaningIn, statedIn } from '../dialects/annotations.ts';
import { diffObjects } from '../diff/diff.ts';
import { maskObject } from '../diff/mask.ts';
import { withoutFields } from '../ignore/remove-fields.ts';
import type { FieldSteps } from '../managed-fields/field-set.ts';
import { ownFields } from '../managed-fields/owners.ts';
import { staleKeys, withDataOwned } from '../managed-fields/secret-data.ts';
import { fieldsDroppedByTakeover, hasFormerDeployer } from '../managed-fields/takeover.ts';
import type { FieldChange } from '../model/change-set.ts';
import type { ApplyResult } from '../model/cluster-api.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { identityOf, withoutDeployer } from '../ownership/labels.ts';
import { type DeletionReason, mayDelete } from '../ownership/may-delete.ts';
import { type Owner, ownerOf } from '../ownership/owner.ts';
import type { Desired } from '../plan/desired.ts';
import type { PlannedObject } from '../plan/planned.ts';
import type { NotApplied } from './refusals.ts';

export type DryRunObject = {
  /** Undefined where it is not live. */
  readonly live: KubeObject | undefined;
  /** The server's answer to a dry-run of the desired object. */
  readonly result: ApplyResult;
  /** The manifest as the server would complete it for a new object; known where a former deployer owns fields. */
  readonly asNew?: KubeObject | undefined;
};

export type ObjectComparison =
  /** The server does not apply it. */
  | { readonly status: 'refused'; readonly result: NotApplied; readonly live: KubeObject | undefined }
  /** It is not live. */
  | { readonly status: 'absent' }
  | { readonly status: 'beingDeleted'; readonly live: KubeObject }
  | LiveComparison;

/** The comparison of an object that is live, and that the server would apply. */
export type LiveComparison = {
  readonly status: 'compared';
  readonly owner: Owner;
  /** The live object and the object as the server would make it, both without the fields that do not count. */
  readonly live: KubeObject;
  readonly applied: KubeObject;
  /** Fields that the server would change. */
  readonly changed: readonly FieldChange[];
  /** Fields that go with the ownership of a former deployer, or fall back to a default. */
  readonly dropped: readonly FieldChange[];
  /** Keys of a Secret that only an earlier version's `stringData` keeps live. */
  readonly stale: readonly string[];
  /** Whether our own fields stay as they are, or are taken over from a former deployer. */
  readonly owners: 'same' | 'changed' | 'formerDeployer';
};

/**
 * Compares one object.
 * @param ignored fields that do not count, on either side
 */
export function compareObject(
  { object }: Pick<Desired, 'object'>,
  { live: found, result, asNew = object }: DryRunObject,
  ignored: readonly FieldSteps[] = [],
): ObjectComparison {
  if (result.status !== 'applied') return { status: 'refused', result, live: found };
  if (found === undefined) return { status: 'absent' };
  const whole = withDataOwned(found);
  if (whole.metadata.deletionTimestamp !== undefined) return { status: 'beingDeleted', live: whole };
  const counted = (object: KubeObject): KubeObject => withoutFields(withoutDeployer(object), ignored);
  const [live, applied] = [counted(whole), counted(result.object)];
  const isTakeover = hasFormerDeployer(live);
  return {
    status: 'compared',
    owner: ownerOf(whole, identityOf(object)),
    live,
    applied,
    changed: diffObjects(live, applied),
    // Values are masked before fields are taken from them.
    dropped: isTakeover ? fieldsDroppedByTakeover(maskObject(live), object, maskObject(asNew)) : [],
    stale: staleKeys(found, object),
    owners: isTakeover ? 'formerDeployer' : ownFields(live) === ownFields(applied) ? 'same' : 'changed',
  };
}

export type RecreateOptions = {
  /** Whether the application has objects deleted and created again where an immutable field changes. */
  readonly recreate: boolean;
  readonly pruneProtected: readonly string[];
  /** The uid that the inventory has recorded. */
  readonly uid?: string | undefined;
};

type Recreated = Pick<PlannedObject, 'object' | 'from'>;

/** Why an object is not to be deleted and created again to change an immutable field; undefined where it is. */
export function recreateObjection(
  desired: Recreated,
  live: KubeObject | undefined,
  options: RecreateOptions,
): string | undefined {
  const own = statedIn(desired.object, ANNOTATIONS.recreate)[0];
  if (own?.meaning !== 'yes' && (own !== undefined || !options.recreate))
    return 'set sync.recreate: true, or the annotation driftless.dev/recreate: "true", to delete and create it';
  const verdict = live && mayDelete(live, recreation(desired, live, options));
  return verdict?.may === 'keep' ? verdict.reason : undefined;
}

/** What the rule about deletions is told of a recreation. */
export function recreation(
  { object, from }: Recreated,
  live: KubeObject | undefined,
  { pruneProtected, uid }: Omit<RecreateOptions, 'recreate'>,
): DeletionReason {
  return {
    why: live !== undefined && hasFormerDeployer(live) ? 'takeOver' : 'recreate',
    app: '',
    ...identityOf(object),
    uid,
    ...(from && { from: from.app }),
    pruneProtected,
    isAskedFor: meaningIn(object, ANNOTATIONS.recreate) === 'yes',
  };
}
