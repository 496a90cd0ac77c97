// In: a hook that is to run. Out: its plan entry, with the deletion of what its earlier run left; or refusals where something else stands under its name.
import { takenFrom } from '../../compare/decide-change.ts';
import { hookReason } from '../../compare/hook-reason.ts';
import { refusalsOf, refuse } from '../../compare/refusals.ts';
import type { Refusal } from '../../model/change-set.ts';
import { idKey, type KubeObject } from '../../model/kube-object.ts';
import { turnOf } from '../../order/hooks.ts';
import { identityOf } from '../../ownership/labels.ts';
import { foreignToHook, isProtected } from '../../ownership/may-delete.ts';
import { ownerOf } from '../../ownership/owner.ts';
import type { Desired } from '../../plan/desired.ts';
import type { PlannedObject } from '../../plan/planned.ts';
import { type ObjectPlanning, type ObservedObject, observeObject } from './plan-object.ts';

/** Plans a hook. It is made again on each run, so what the server says about changing its old object does not count where that is deleted first. */
export async function planHook(hook: Desired, planning: ObjectPlanning): Promise<readonly (PlannedObject | Refusal)[]> {
  const observed = await observeObject(hook, planning);
  if ('comparison' in observed)
    return decideHook(adopting(hook, observed, planning), observed, planning.entries.get(idKey(hook.id))?.uid);
  return 'action' in observed ? [{ ...observed, ...made(hook) }] : observed;
}

type PlannedHook = Desired & Pick<PlannedObject, 'adopts' | 'from'>;

/** A hook of which another application's run is there, or another deployer's where an order takes over the objects of that one. */
function adopting(hook: Desired, { live }: ObservedObject, { adopts }: ObjectPlanning): PlannedHook {
  const isTheirs = live !== undefined && adopts !== undefined && identityOf(live).deployer === adopts;
  if (isTheirs) return { ...hook, adopts };
  return live === undefined ? hook : { ...hook, ...takenFrom(ownerOf(live, identityOf(hook.object)), live) };
}

function decideHook(
  hook: PlannedHook,
  { live, result, force }: ObservedObject,
  recorded: string | undefined,
): readonly (PlannedObject | Refusal)[] {
  const foreign = live && foreignToHook(live, hookReason(hook, recorded));
  if (foreign !== undefined) return [refuse(hook, foreign)];
  const replaces = live && replacedBy(hook, live);
  const isAboutOld = result.status === 'conflict' || (result.status === 'refused' && result.reason === 'immutable');
  if (result.status !== 'applied' && !(isAboutOld && replaces !== undefined)) {
    const remedy = isAboutOld && isProtected(hook.id.kind) ? `; a hook never deletes a ${hook.id.kind}` : '';
    return refusalsOf(hook, result, remedy);
  }
  const planned = { ...hook, force, ...made(hook, live) };
  return [replaces === undefined ? planned : { ...planned, replaces }];
}

/** The uid of the object that is deleted before the hook runs; a protected one stays, and is changed in place. */
function replacedBy({ object, id }: Desired, { metadata }: KubeObject): string | undefined {
  const isReplaced = turnOf(object).deletePolicies?.includes('BeforeHookCreation') && !isProtected(id.kind);
  return isReplaced ? metadata.uid : undefined;
}

function made({ object, id }: Desired, live?: KubeObject): Pick<PlannedObject, 'action' | 'fields' | 'note'> {
  const stays = live !== undefined && isProtected(id.kind) ? `, changes the ${id.kind} of its earlier run` : '';
  return { action: 'created', fields: [], note: `${turnOf(object).phase} hook${stays}` };
}
