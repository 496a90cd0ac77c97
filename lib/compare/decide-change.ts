// In: the comparison of an object. Out: what an operation does with it, or why it must not. Pure.
import { MASKED_BEFORE } from '../diff/mask.ts';
import type { FieldSteps } from '../managed-fields/field-set.ts';
import type { FieldChange, Refusal } from '../model/change-set.ts';
import { formatSteps, joinField } from '../model/field-path.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { identityOf } from '../ownership/labels.ts';
import { deployerObjection, type Owner, ownerOf } from '../ownership/owner.ts';
import type { Desired } from '../plan/desired.ts';
import { observedVersion, type PlannedObject } from '../plan/planned.ts';
import {
  type LiveComparison,
  type ObjectComparison,
  type RecreateOptions,
  recreateObjection,
} from './compare-object.ts';
import { type NotApplied, refusalsOf, refuse } from './refusals.ts';

export type ChangeOptions = RecreateOptions & {
  /** Whether fields of other managers are taken over. */
  readonly force: boolean;
  /** Fields that are not sent, step by step. */
  readonly unmanaged?: readonly FieldSteps[];
  /** Ignored fields that are sent as they are live, step by step. */
  readonly kept?: readonly FieldSteps[];
  /** Another deployer, whose objects an order takes over. */
  readonly adopts?: string | undefined;
};

/** Decides what an operation does with an object: one action, or every refusal. */
export function decideChange(
  desired: Desired,
  comparison: ObjectComparison,
  options: ChangeOptions,
): PlannedObject | readonly Refusal[] {
  if (comparison.status === 'refused') return decideRefused(desired, comparison, options);
  if (comparison.status === 'absent') return { ...desired, action: 'created', fields: [], force: options.force };
  if (comparison.status === 'beingDeleted') return replacement(desired, comparison.live);
  const { owner } = comparison;
  if (owner.kind === 'deployer') return adopted(desired, owner, { comparison, options });
  return { ...decideCompared(desired, comparison, options), ...takenFrom(owner, comparison.live) };
}

/** An object that is being deleted is created again once it is gone. */
export function replacement(desired: Desired, { metadata: { uid } }: KubeObject): PlannedObject {
  const live = uid === undefined ? {} : { uid };
  const note = 'is being deleted, and is created again';
  return { ...desired, action: 'recreated', fields: [], force: false, live, note };
}

function decideCompared(
  desired: Desired,
  { live, changed, dropped, stale, owners }: LiveComparison,
  { force, unmanaged = [], kept = [] }: ChangeOptions,
): PlannedObject {
  const remark = unmanagedRemark(desired, unmanaged);
  const removed = stale.map((key): FieldChange => ({ path: joinField('data', key), from: MASKED_BEFORE }));
  const fields = [...changed, ...dropped, ...removed];
  const configured = {
    ...desired,
    action: 'configured',
    fields,
    ...(unmanaged.length > 0 && { left: unmanaged }),
    ...(kept.length > 0 && { kept }),
  } as const;
  if (owners === 'formerDeployer') {
    const note = noteOf('takes over from the tool that deployed it', remark);
    return { ...configured, force: true, takeOver: true, ...note };
  }
  if (stale.length > 0) return { ...configured, force, takeOver: true, ...noteOf(remark) };
  if (fields.length > 0) return { ...configured, force, ...noteOf(remark) };
  if (owners === 'same')
    return { ...desired, action: 'unchanged', fields, force, live: observedVersion(live.metadata), ...noteOf(remark) };
  return { ...configured, force, ...noteOf('only the owner of its fields changes', remark) };
}

function unmanagedRemark({ object }: Desired, unmanaged: readonly FieldSteps[]): string | undefined {
  const paths = new Set(unmanaged.map((steps) => formatSteps(steps, object)));
  return paths.size === 0 ? undefined : `leaves ${[...paths].join(', ')} to others`;
}

function noteOf(...remarks: readonly (string | undefined)[]): { readonly note?: string } {
  const known = remarks.filter((remark) => remark !== undefined);
  return known.length === 0 ? {} : { note: known.join('; ') };
}

/** An object whose immutable field changes is recreated where the options allow it; every other refusal of the server stands. */
function decideRefused(
  desired: Desired,
  { result, live }: { readonly result: NotApplied; readonly live: KubeObject | undefined },
  options: ChangeOptions,
): PlannedObject | readonly Refusal[] {
  if (result.status !== 'refused' || result.reason !== 'immutable') return refusalsOf(desired, result);
  const owner: Owner = live === undefined ? { kind: 'unlabelled' } : ownerOf(live, identityOf(desired.object));
  if (owner.kind === 'deployer') {
    if (owner.deployer !== options.adopts) return [ofDeployer(desired, owner)];
    return refusalsOf(
      desired,
      result,
      `; it belongs to deployer "${owner.deployer}" and would be deleted, so remove it there first`,
    );
  }
  // An object of another application is deleted only once that one has released it.
  const taken: Pick<PlannedObject, 'from'> = live === undefined ? {} : takenFrom(owner, live);
  const objection = recreateObjection({ ...desired, ...taken }, live, options);
  const whose = taken.from ? `; it belongs to application ${taken.from.app}` : '';
  if (objection !== undefined) return refusalsOf(desired, result, `${whose}; ${objection}`);
  const fields: FieldChange[] = result.causes.flatMap(({ field }) => (field === undefined ? [] : [{ path: field }]));
  const note = 'an immutable field changes';
  const planned = { ...desired, action: 'recreated', fields, force: false, note, ...taken } as const;
  return live === undefined ? planned : { ...planned, live: observedVersion(live.metadata) };
}

/** An object of another application is taken over, unless that one keeps it. */
export function takenFrom(owner: Owner, { metadata: { uid } }: KubeObject): Pick<PlannedObject, 'from'> {
  if (owner.kind !== 'application') return {};
  const { app, isProven } = owner;
  return { from: { app, isProven, ...(uid !== undefined && { uid }) } };
}

type Compared = { readonly comparison: LiveComparison; readonly options: ChangeOptions };

/** Where an order names its deployer, an object is written even if only the labels change. */
function adopted(
  desired: Desired,
  owner: Extract<Owner, { kind: 'deployer' }>,
  { comparison, options }: Compared,
): PlannedObject | readonly Refusal[] {
  if (owner.deployer !== options.adopts) return [ofDeployer(desired, owner)];
  const { live: _, ...planned } = decideCompared(desired, comparison, options);
  return { ...planned, action: 'configured', adopts: owner.deployer };
}

/** An object of another deployer is neither changed nor deleted. */
function ofDeployer(desired: Desired, owner: Extract<Owner, { kind: 'deployer' }>): Refusal {
  return refuse(desired, deployerObjection(owner, identityOf(desired.object)));
}
