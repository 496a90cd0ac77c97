// In: a desired object, what the server would make of it, what is live. Out: what the operation does with it, or why it must not.

import { managedFieldsTakenOver, ownFields } from '../managed-fields/takeover.ts';
import type { FieldChange, Refusal } from '../model/change-set.ts';
import type { ApplyResult } from '../model/cluster-api.ts';
import { formatSteps } from '../model/field-path.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { APP_LABEL, type Desired } from './desired.ts';
import { type PlannedObject, seenOf } from './planned.ts';

type Refused = Extract<ApplyResult, { status: 'refused' }>;
type Conflict = Extract<ApplyResult, { status: 'conflict' }>;

export type Judgement = {
  /** Undefined where the object would be created. */
  readonly live: KubeObject | undefined;
  /** What the server would make of it. */
  readonly dryRun: KubeObject;
  /** The differences between the two. */
  readonly fields: readonly FieldChange[];
  readonly force: boolean;
  /** Fields that are left to others, step by step. */
  readonly left?: readonly (readonly string[])[];
};

/** The decision about an object that the server would let through. */
export function decideApplied(
  desired: Desired,
  { live, dryRun, fields, force, left = [] }: Judgement,
): PlannedObject | Refusal {
  if (live === undefined) return { ...desired, action: 'created', fields: [], force };
  const foreign = ownerRefusal(desired, live);
  if (foreign !== undefined) return foreign;
  const remark = leftRemark(desired, left);
  const configured = { ...desired, action: 'configured', fields, ...(left.length > 0 && { left }) } as const;
  if (managedFieldsTakenOver(live) !== undefined)
    return {
      ...configured,
      force: true,
      takeOver: true,
      ...noteOf('takes over from the tool that deployed it', remark),
    };
  if (fields.length > 0) return { ...configured, force, ...noteOf(remark) };

  if (ownFields(live) === ownFields(dryRun))
    return { ...desired, action: 'unchanged', fields, force, live: seenOf(live.metadata), ...noteOf(remark) };
  return { ...configured, force, ...noteOf('only who owns its fields changes', remark) };
}

function leftRemark({ object }: Desired, left: readonly (readonly string[])[]): string | undefined {
  const paths = new Set(left.map((steps) => formatSteps(steps, object)));
  return paths.size === 0 ? undefined : `leaves ${[...paths].join(', ')} to others`;
}

function noteOf(...remarks: readonly (string | undefined)[]): { readonly note?: string } {
  const known = remarks.filter((remark) => remark !== undefined);
  return known.length === 0 ? {} : { note: known.join('; ') };
}

/** The decision about an object whose immutable field changes: recreated where that was asked for, refused otherwise. */
export function decideImmutable(
  desired: Desired,
  result: Refused,
  { live, recreate }: { readonly live: KubeObject | undefined; readonly recreate: boolean },
): PlannedObject | readonly Refusal[] {
  const foreign = live && ownerRefusal(desired, live);
  if (foreign !== undefined) return [foreign];
  if (!recreate)
    return refusalsOf(
      desired,
      result,
      '; set sync.recreate: true, or the annotation driftless.dev/recreate: "true", to delete and create it',
    );
  const fields: FieldChange[] = result.causes.flatMap(({ field }) => (field === undefined ? [] : [{ path: field }]));
  const planned = {
    ...desired,
    action: 'recreated',
    fields,
    force: false,
    note: 'an immutable field changes',
  } as const;
  return live === undefined ? planned : { ...planned, live: seenOf(live.metadata) };
}

/** Every refusal in the server's answer, one for each field. */
export function refusalsOf(desired: Desired, result: Refused, remedy = ''): readonly Refusal[] {
  if (result.causes.length === 0) return [refuse(desired, `${result.message}${remedy}`)];
  return result.causes.map(({ field, message }) => ({
    ...refuse(desired, `${message}${remedy}`),
    ...(field !== undefined && { field }),
  }));
}

/** One refusal for each field that somebody else owns. */
export function conflictRefusals(desired: Desired, { conflicts }: Conflict): readonly Refusal[] {
  return conflicts.map(({ manager, field }) => ({
    ...refuse(desired, `field manager "${manager}" owns it; leave the field out of Git, or set sync.force: true`),
    field,
  }));
}

/** Whether an object may be deleted and created anew. */
export function mayRecreate(desired: Desired, appWide: boolean): boolean {
  const own = desired.object.metadata.annotations?.['driftless.dev/recreate'];
  return own === undefined ? appWide : own === 'true';
}

/** What a cluster has under a name is another application's: neither changed nor deleted. */
function ownerRefusal(desired: Desired, live: KubeObject): Refusal | undefined {
  const owner = live.metadata.labels?.[APP_LABEL];
  if (owner === undefined || owner === desired.object.metadata.labels?.[APP_LABEL]) return undefined;
  return refuse(desired, `belongs to application ${owner}; remove it there first`);
}

function refuse({ id, source }: Desired, message: string): Refusal {
  return { id, source, message };
}
