// In: one desired object. Out: its plan entry or refusals. One dry-run, and a read of what is live; one more dry-run without its unmanaged fields where those
// matter, and one by force where a former tool's fields are taken over.
import { compareObject, type ObjectComparison } from '../../compare/compare-object.ts';
import { decideChange } from '../../compare/decide-change.ts';
import { createdAgain, type Dependencies, unservedYet, waitsFor } from '../../compare/dependencies.ts';
import { keptFields, withLiveFields } from '../../compare/kept-fields.ts';
import { keepsUnmanaged, unmanagedFields } from '../../compare/unmanaged-fields.ts';
import { withoutFields } from '../../ignore/remove-fields.ts';
import { type DryRun, dryRun, dryRunAsNew, dryRunOnly } from '../../live/dry-run.ts';
import type { FieldSteps } from '../../managed-fields/field-set.ts';
import { hasFormerDeployer, isTakenOver } from '../../managed-fields/takeover.ts';
import type { Refusal } from '../../model/change-set.ts';
import type { ApplyResult } from '../../model/cluster-api.ts';
import { idKey, type KubeObject } from '../../model/kube-object.ts';
import type { Desired } from '../../plan/desired.ts';
import type { PlannedObject } from '../../plan/planned.ts';
import type { Planning } from './plan-context.ts';
import { withoutDefaults } from './without-defaults.ts';

export type ObjectPlanning = Pick<Planning, 'app' | 'cluster' | 'live' | 'entries' | 'ignoring' | 'adopts'> & {
  readonly dependencies: Dependencies;
};

/** An object beside what is live, as the server compares them. */
export type ObservedObject = {
  readonly live: KubeObject | undefined;
  readonly result: ApplyResult;
  readonly comparison: ObjectComparison;
  readonly left: Ignored;
  readonly force: boolean;
};

/** Plans one object by what the server says of applying it. */
export async function planObject(
  desired: Desired,
  planning: ObjectPlanning,
): Promise<PlannedObject | readonly Refusal[]> {
  const observed = await observeObject(desired, planning);
  if (!('comparison' in observed)) return observed;
  const { comparison, live, result, force, left } = observed;
  const freed = result.status === 'applied' ? undefined : await withoutDefaults(desired, { result, live }, planning);
  if (freed !== undefined) return freed;
  const { recreate, pruneProtected } = planning.app.sync;
  const { uid } = planning.entries.get(idKey(desired.id)) ?? {};
  return decideChange(desired, comparison, { force, recreate, pruneProtected, uid, ...left, adopts: planning.adopts });
}

/** Asks the server about one object; an object that waits for another one of the same plan is planned, or refused, without. */
export async function observeObject(
  desired: Desired,
  planning: ObjectPlanning,
): Promise<ObservedObject | PlannedObject | readonly Refusal[]> {
  const { app, cluster, live: listed, dependencies, ignoring } = planning;
  const waiting = unservedYet(desired, dependencies) ?? createdAgain(desired, listed, dependencies);
  if (waiting !== undefined) return waiting;
  const { force } = app.sync;
  const whole = await dryRun(desired, { force, isListed: listed.has(idKey(desired.id)) }, { cluster });
  const left = whole.live === undefined ? NOT_LIVE : ignoredFields(desired, whole.live, ignoring);
  const tried = await tryAsSent(desired, { ...whole, ...left, force }, planning);
  const { result } = tried;
  if (result.status !== 'applied') {
    const waits = waitsFor(desired, result, dependencies);
    if (waits !== undefined) return 'action' in waits ? waits : [waits];
  }
  const live = await liveFor(desired, { result, live: whole.live }, planning);
  const asNew = result.status === 'applied' ? await asNewObject(desired, live, planning) : undefined;
  const comparison = compareObject(desired, { live, result, asNew });
  return { live, result, comparison, left, force: tried.force };
}

/** Ignored fields of an object: those that are not sent, and those that are sent as they are live. */
type Ignored = { readonly unmanaged: readonly FieldSteps[]; readonly kept: readonly FieldSteps[] };

const NOT_LIVE: Ignored = { unmanaged: [], kept: [] };

function ignoredFields(desired: Desired, live: KubeObject, ignoring: ObjectPlanning['ignoring']): Ignored {
  return { unmanaged: unmanagedFields(desired, live, ignoring), kept: keptFields(desired, live, ignoring) };
}

type Tried = DryRun & Ignored & { readonly force: boolean };

/**
 * What the server says of what is sent: without the unmanaged fields, with ignored fields as they are live, and with the fields of tools that deployed the object before, which are taken over at
 * once; `force` tells that this was needed.
 */
async function tryAsSent(
  desired: Desired,
  { result: whole, live, unmanaged, kept, force }: Tried,
  { cluster }: ObjectPlanning,
): Promise<{ readonly result: ApplyResult; readonly force: boolean }> {
  const asLive = live === undefined ? desired.object : withLiveFields(desired.object, live, kept);
  const sent = { ...desired, object: withoutFields(asLive, unmanaged) };
  const isSame = live === undefined || (kept.length === 0 && keepsUnmanaged(unmanaged, live, whole));
  const result = isSame ? whole : await dryRunOnly(sent, { force }, { cluster });
  if (result.status !== 'conflict' || !result.conflicts.every(({ manager }) => isTakenOver(manager)))
    return { result, force };
  return { result: await dryRunOnly(sent, { force: true }, { cluster }), force: true };
}

/** An object that is recreated for its immutable field is deleted by its uid, so it is read where it was not. */
async function liveFor(
  { kind, id }: Desired,
  { result, live }: DryRun,
  { cluster }: ObjectPlanning,
): Promise<KubeObject | undefined> {
  const isImmutable = result.status === 'refused' && result.reason === 'immutable';
  return live === undefined && isImmutable ? cluster.get(kind, id) : live;
}

/** What the server would make of a new object tells which fields go with the ownership of a former deployer. */
async function asNewObject(
  desired: Desired,
  live: KubeObject | undefined,
  { cluster }: ObjectPlanning,
): Promise<KubeObject | undefined> {
  const isTakeover = live !== undefined && live.metadata.deletionTimestamp === undefined && hasFormerDeployer(live);
  return isTakeover ? dryRunAsNew(desired, { cluster }) : undefined;
}
