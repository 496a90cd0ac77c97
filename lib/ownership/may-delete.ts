// In: a live object, and why it is to be deleted. Out: whether it may be, the one rule for plans and for the DELETE itself. It asks, in this order: whose the
// object is, by label and recorded uid; whether its kind is protected; what its annotations and the settings say. The budget counts whole plans of removals
// (lib/plan/prune.ts); finalizers forbid nothing, they hold the deletion, and are named (held-by.ts). Pure.
import { ANNOTATIONS, statedIn } from '../dialects/annotations.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { APP_LABEL } from './labels.ts';
import { type Owner, ownerOf } from './owner.ts';

/** Marks the object of a hook with the operation that created it, so that a step that runs again after a crash does not run the hook twice. */
export const OPERATION = 'driftless.dev/operation';

/** Kinds whose deletion deletes more than the object, and what that is. */
const LOST_WITH: ReadonlyMap<string, string> = new Map([
  ['Namespace', 'every object in it'],
  ['CustomResourceDefinition', 'every object of its kind'],
  ['PersistentVolumeClaim', 'the data of its volume'],
  ['PersistentVolume', 'the data of the volume'],
]);

type Claim = {
  /** The application that deletes. */
  readonly app: string;
  /** The deployer that deletes; absent for a plan without a deployer. */
  readonly deployer?: string;
  /** The uid that is recorded, or planned; absent where a crash came before it was known. */
  readonly uid?: string | undefined;
  /** Another application of this deployer, which hands the object over: a plan has settled that. */
  readonly from?: string;
};

type ProtectedKinds = {
  /** Protected kinds that the settings give free. */
  readonly pruneProtected: readonly string[];
};

/** Why an object is to be deleted, with what the rule asks for that. */
export type DeletionReason = Claim &
  (
    | /** Git no longer has it. */ (ProtectedKinds & { readonly why: 'prune'; readonly prune: boolean })
    /** Its application is deleted with all its objects. */
    | (ProtectedKinds & { readonly why: 'cascade' })
    /** An immutable field changes; `takeOver`: of an object that a former deployer made. */
    | (ProtectedKinds & {
        readonly why: 'recreate' | 'takeOver';
        /** Whether the object in Git carries the annotation for it. */
        readonly isAskedFor: boolean;
      })
    /** Its hook runs again, or has ended. */
    | {
        readonly why: 'hook';
        /** Whether a live object carries the same hook annotation. */
        readonly isSameHook: (live: KubeObject) => boolean;
        /** Another deployer, whose objects an order takes over. */
        readonly adopts?: string;
        /** Whether a tool of the take-over list made it. */
        readonly isFormerDeployers: (live: KubeObject) => boolean;
      }
  );

export type Verdict =
  | { readonly may: 'delete'; readonly uid: string }
  /** It is not ours, or not ours any more. */
  | { readonly may: 'forget'; readonly reason: string }
  | { readonly may: 'keep'; readonly reason: string };

type Live = Pick<KubeObject, 'kind' | 'metadata'>;

const REPLACED = 'another object of this name was created since; delete it manually if it is not needed';

/** What is lost with an object of this kind beside the object; undefined where nothing is. */
export function lostWith(kind: string): string | undefined {
  return LOST_WITH.get(kind);
}

/** Whether a kind is protected. */
export function isProtected(kind: string): boolean {
  return LOST_WITH.has(kind);
}

/** Whether an object may be deleted for this reason. */
export function mayDelete(live: KubeObject, reason: DeletionReason): Verdict {
  switch (reason.why) {
    case 'hook':
      return mayDeleteHook(live, reason);
    case 'recreate':
    case 'takeOver':
      return verdictOf(live, recreateObjection(live, reason));
    default:
      return mayRemove(live, reason);
  }
}

type Removal = Extract<DeletionReason, { why: 'prune' | 'cascade' }>;

function mayRemove(live: Live, reason: Removal): Verdict {
  const { uid } = live.metadata;
  const owner = ownerOf(live, reason);
  const other = otherOf(owner);
  if (other !== undefined) return { may: 'forget', reason: `belongs to ${other} now` };
  if (uid === undefined || (reason.uid !== undefined && reason.uid !== uid)) return keep(REPLACED);
  if (owner.kind === 'unlabelled')
    return keep(`its label ${APP_LABEL} was removed; delete it manually if it is not needed`);
  if (reason.uid === undefined && reason.deployer !== undefined && owner.kind === 'ours' && !owner.isProven)
    return keep('its uid was never recorded, and it names no deployer; delete it manually if it is not needed');
  return verdictOf(live, removalObjection(live, reason));
}

/** Who else an object belongs to. */
function otherOf(owner: Owner): string | undefined {
  if (owner.kind === 'deployer') return `deployer ${owner.deployer}`;
  return owner.kind === 'application' ? `application ${owner.app}` : undefined;
}

function isHandedOver(owner: Owner, { from }: Claim): boolean {
  return owner.kind === 'application' && owner.app === from;
}

function removalObjection(live: Live, reason: Removal): string | undefined {
  const { kind } = live;
  if (reason.why === 'prune' && !reason.prune) return 'sync.prune is off';
  if (isProtected(kind) && !reason.pruneProtected.includes(kind))
    return `a ${kind} is deleted only when sync.pruneProtected names its kind`;
  const against = statedIn(live, ANNOTATIONS.prune).find(({ meaning }) => meaning === 'no');
  return against && `its annotation ${against.name} says ${against.value}`;
}

type Recreation = Extract<DeletionReason, { why: 'recreate' | 'takeOver' }>;

function recreateObjection({ kind, metadata }: Live, reason: Recreation): string | undefined {
  const owner = ownerOf({ metadata }, reason);
  const other = isHandedOver(owner, reason) ? undefined : otherOf(owner);
  if (other !== undefined) return `it belongs to ${other}; remove it there first`;
  if (reason.uid !== undefined && reason.uid !== metadata.uid) return REPLACED;
  if (reason.isAskedFor) return undefined;
  const lost = lostWith(kind);
  if (lost !== undefined && !reason.pruneProtected.includes(kind))
    return `recreating it would lose ${lost}; where that is intended, set its annotation driftless.dev/recreate: "true", or name ${kind} in sync.pruneProtected`;
  const isOurs = owner.kind === 'ours' || owner.kind === 'application' || reason.uid !== undefined;
  if (isOurs || reason.why === 'takeOver') return undefined;
  return 'this application did not create it; set its annotation driftless.dev/recreate: "true", or delete it manually';
}

type HookReason = Extract<DeletionReason, { why: 'hook' }>;

function mayDeleteHook(live: KubeObject, reason: HookReason): Verdict {
  const foreign = foreignToHook(live, reason);
  if (foreign !== undefined) return keep(foreign);
  return verdictOf(live, isProtected(live.kind) ? `a hook never deletes a ${live.kind}` : undefined);
}

/** Whether this operation is one of the application's. */
function isOperationOf(app: string, operation = ''): boolean {
  return operation.startsWith(`${app}-`) && /^\d+$/.test(operation.slice(app.length + 1));
}

/** Why an object under the name of a hook was not made by an earlier run of it; undefined where it was. */
export function foreignToHook(live: KubeObject, reason: HookReason): string | undefined {
  const { annotations, uid } = live.metadata;
  const isReplaced = reason.uid !== undefined && reason.uid !== uid;
  const whose = ownerOf(live, reason);
  const maker = isReplaced ? undefined : makerOf(whose, reason);
  const isOurs = maker !== undefined;
  if (isOurs && isOperationOf(maker, annotations?.[OPERATION])) return undefined;
  const isRun = live.kind === 'Job' || live.kind === 'Pod';
  const isFormers = whose.kind === 'unlabelled' && reason.isFormerDeployers(live);
  const isAdopted = whose.kind === 'deployer' && whose.deployer === reason.adopts;
  if (isRun && reason.isSameHook(live) && (isOurs || isFormers || isAdopted)) return undefined;
  const [made, remedy] =
    isOurs && whose.kind === 'ours'
      ? ['it is an ordinary object of this application', 'deploy a commit without it first']
      : [madeBy(live, whose), 'delete the object manually'];
  return `already exists, and no earlier run of this hook made it (${made}); a hook replaces only what it made: ${remedy}, or give the hook another name`;
}

function madeBy(live: KubeObject, owner: Owner): string {
  const other = otherOf(owner);
  return other === undefined ? writersOf(live) : `it belongs to ${other}`;
}

/** The application whose earlier run may be replaced: this one, or the one that hands the hook over. */
function makerOf(owner: Owner, reason: HookReason): string | undefined {
  if (owner.kind === 'ours') return reason.app;
  return isHandedOver(owner, reason) ? reason.from : undefined;
}

function writersOf({ metadata: { managedFields = [] } }: KubeObject): string {
  const managers = new Set(managedFields.flatMap(({ manager, subresource }) => (subresource ? [] : (manager ?? []))));
  return managers.size === 0 ? 'no application owns it' : `it was written by ${[...managers].join(', ')}`;
}

function verdictOf({ metadata: { uid } }: Live, objection: string | undefined): Verdict {
  if (objection !== undefined) return keep(objection);
  return uid === undefined ? keep('its uid is not known') : { may: 'delete', uid };
}

function keep(reason: string): Verdict {
  return { may: 'keep', reason };
}
