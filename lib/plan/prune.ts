// In: inventory entries that Git no longer has, with what is live. Out: which are deleted, which stay and why.

import type { SyncOptions } from '../model/application.ts';
import type { Refusal } from '../model/change-set.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { APP_LABEL } from '../ownership/labels.ts';
import { ownerOf } from '../ownership/owner.ts';
import type { PlannedRemoval } from './planned.ts';

/** Kinds whose deletion deletes more than people expect. */
const PROTECTED_KINDS = ['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim', 'PersistentVolume'];

/** The budget applies from this many objects on; with fewer, every second change deletes "more than half". */
const BUDGET_FROM = 10;

type PruneRequest = {
  readonly app: string;
  /** Absent where nothing is deleted: a plan without a deployer. */
  readonly deployer?: string;
  readonly options: Pick<SyncOptions, 'prune' | 'pruneProtected'>;
};

/** Decides about one entry. Only an object that is proven to be ours is deleted: recorded uid, our label, no objection. */
export function decideRemoval(
  entry: InventoryEntry,
  live: KubeObject | undefined,
  request: PruneRequest,
): PlannedRemoval {
  if (live === undefined) return { entry, action: 'forgotten' };
  const { uid } = live.metadata;
  const owner = ownerOf(live, request);
  if (owner.kind === 'application') return { entry, action: 'forgotten', note: `belongs to application ${owner.app} now` };
  if (owner.kind === 'deployer') return { entry, action: 'forgotten', note: `belongs to deployer ${owner.deployer} now` };
  if (uid === undefined || (entry.uid !== undefined && entry.uid !== uid))
    return skip(entry, 'another object of this name was created since; delete it manually if it is not needed');
  if (owner.kind === 'nobody')
    return skip(entry, `its label ${APP_LABEL} was removed; delete it manually if it is not needed`);
  if (entry.uid === undefined && request.deployer !== undefined && !owner.isProven)
    return skip(entry, 'its uid was never recorded, and it names no deployer; delete it manually if it is not needed');
  const objection = objectionTo(entry, live, request);
  return objection === undefined ? { entry, action: 'deleted', uid } : skip(entry, objection);
}

/** Refusals of a plan that deletes too much at once. */
export function pruneGuards(
  removals: readonly PlannedRemoval[],
  size: { readonly desired: number; readonly inventory: number },
  options: Pick<SyncOptions, 'maxPrunePercent' | 'allowEmpty'>,
): readonly Refusal[] {
  const deleted = removals.filter(({ action }) => action === 'deleted');
  const first = deleted[0];
  if (first === undefined) return [];
  if (size.desired === 0) {
    const message = `the rendering is empty, which would delete all ${deleted.length} objects; set sync.allowEmpty: true if that is intended`;
    return options.allowEmpty ? [] : [guard(first, message)];
  }
  const percent = Math.floor((100 * deleted.length) / size.inventory);
  if (size.inventory < BUDGET_FROM || percent <= options.maxPrunePercent) return [];
  const message = `${deleted.length} of ${size.inventory} objects would be deleted, more than ${options.maxPrunePercent} %; raise sync.maxPrunePercent if that is intended`;
  return [guard(first, message)];
}

function objectionTo(entry: InventoryEntry, live: KubeObject, { options }: PruneRequest): string | undefined {
  const annotations = live.metadata.annotations ?? {};
  if (!options.prune) return 'sync.prune is off';
  if (PROTECTED_KINDS.includes(entry.kind) && !options.pruneProtected.includes(entry.kind))
    return `a ${entry.kind} is deleted only when sync.pruneProtected names its kind`;
  if (words(annotations['argocd.argoproj.io/sync-options']).includes('Prune=false'))
    return 'its annotation says Prune=false';
  if (annotations['helm.sh/resource-policy'] === 'keep') return 'its annotation helm.sh/resource-policy says keep';
  const flux = annotations['kustomize.toolkit.fluxcd.io/prune']?.toLowerCase();
  if (flux === 'disabled') return 'its annotation kustomize.toolkit.fluxcd.io/prune says disabled';
  if (annotations['driftless.dev/prune'] === 'false') return 'its annotation driftless.dev/prune says false';
  return undefined;
}

function skip(entry: InventoryEntry, note: string): PlannedRemoval {
  return { entry, action: 'skipped', note };
}

function guard({ entry }: PlannedRemoval, message: string): Refusal {
  const { group, kind, namespace, name } = entry;
  return { id: { group, kind, name, ...(namespace !== undefined && { namespace }) }, message };
}

function words(list = ''): readonly string[] {
  return list.split(',').map((word) => word.trim());
}
