// In: inventory entries that Git no longer has, with what is live. Out: which are deleted, which stay and why.
import { ANNOTATIONS, statedIn } from '../dialects/annotations.ts';
import type { SyncOptions } from '../model/application.ts';
import type { Refusal } from '../model/change-set.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { APP_LABEL } from './desired.ts';
import type { PlannedRemoval } from './planned.ts';

/** Kinds whose deletion deletes more than people expect. */
const PROTECTED_KINDS = ['Namespace', 'CustomResourceDefinition', 'PersistentVolumeClaim', 'PersistentVolume'];

/** The budget applies from this many objects on; with fewer, every second change deletes "more than half". */
const BUDGET_FROM = 10;

type PruneRequest = {
  readonly app: string;
  readonly options: Pick<SyncOptions, 'prune' | 'pruneProtected'>;
};

/** Decides about one entry. Only an object that is proven to be ours is deleted: recorded uid, our label, no objection. */
export function decideRemoval(
  entry: InventoryEntry,
  live: KubeObject | undefined,
  request: PruneRequest,
): PlannedRemoval {
  if (live === undefined) return { entry, action: 'forgotten' };
  const { uid, labels } = live.metadata;
  const owner = labels?.[APP_LABEL];
  if (owner !== undefined && owner !== request.app) return { entry, action: 'forgotten' };
  if (uid === undefined || (entry.uid !== undefined && entry.uid !== uid))
    return skip(entry, 'another object of this name was created since; delete it manually if it is not needed');
  if (owner === undefined)
    return skip(entry, `its label ${APP_LABEL} was removed; delete it manually if it is not needed`);
  const objection = objectionTo(entry, live, request);
  return objection === undefined ? { entry, action: 'deleted', uid } : skip(entry, objection);
}

/** The refusal of a rendering that holds no object at all, which is a wrong path more often than it is meant. */
export function emptyGuard(
  { app, path }: { readonly app: string; readonly path: string },
  size: { readonly manifests: number },
  { allowEmpty }: Pick<SyncOptions, 'allowEmpty'>,
): readonly Refusal[] {
  if (size.manifests > 0 || allowEmpty) return [];
  const where = path === '' ? 'the repository' : `the path "${path}"`;
  const message = `${where} holds no manifest; correct spec.source, or set sync.allowEmpty: true if that is meant`;
  return [{ id: { group: 'driftless.dev', kind: 'Application', name: app }, message }];
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
  if (!options.prune) return 'sync.prune is off';
  if (PROTECTED_KINDS.includes(entry.kind) && !options.pruneProtected.includes(entry.kind))
    return `a ${entry.kind} is deleted only when sync.pruneProtected names its kind`;
  const against = statedIn(live, ANNOTATIONS.prune).find(({ meaning }) => meaning === 'no');
  return against && `its annotation ${against.name} says ${against.value}`;
}

function skip(entry: InventoryEntry, note: string): PlannedRemoval {
  return { entry, action: 'skipped', note };
}

function guard({ entry }: PlannedRemoval, message: string): Refusal {
  const { group, kind, namespace, name } = entry;
  return { id: { group, kind, name, ...(namespace !== undefined && { namespace }) }, message };
}
