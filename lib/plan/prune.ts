// In: inventory entries that Git no longer has, with what is live. Out: which are deleted, which stay and why.
import type { SyncOptions } from '../model/application.ts';
import type { Refusal } from '../model/change-set.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { heldBy } from '../ownership/held-by.ts';
import { mayDelete } from '../ownership/may-delete.ts';
import type { PlannedRemoval } from './planned.ts';

/** The budget applies from this many objects on; with fewer, every second change deletes "more than half". */
const BUDGET_FROM = 10;

type PruneRequest = {
  readonly app: string;
  /** Absent where nothing is deleted: a plan without a deployer. */
  readonly deployer?: string;
  readonly options: Pick<SyncOptions, 'prune' | 'pruneProtected'>;
};

/** Decides about one entry, as the rule about deletions has it. An object that is being deleted is waited for, whichever client deleted it. */
export function decideRemoval(
  entry: InventoryEntry,
  live: KubeObject | undefined,
  { options: { prune, pruneProtected }, ...identity }: PruneRequest,
): PlannedRemoval {
  if (live === undefined) return { entry, action: 'forgotten' };
  const judged = { ...live, kind: entry.kind };
  const verdict = mayDelete(judged, { why: 'prune', ...identity, uid: entry.uid, prune, pruneProtected });
  if (verdict.may === 'forget') return { entry, action: 'forgotten', note: verdict.reason };
  if (verdict.may === 'keep') return { entry, action: 'skipped', note: verdict.reason };
  const deleted = { entry, action: 'deleted', uid: verdict.uid } as const;
  const holders = heldBy(live);
  if (live.metadata.deletionTimestamp !== undefined)
    return {
      ...deleted,
      isBeingDeleted: true,
      note: `is being deleted${holders === '' ? '' : `, held by ${holders}`}`,
    };
  return holders === '' ? deleted : { ...deleted, note: `once its finalizers have ended: ${holders}` };
}

/** The refusal of a rendering that holds no object at all, which is a wrong path more often than it is meant. */
export function emptyGuard(
  { app, path }: { readonly app: string; readonly path: string },
  size: { readonly manifests: number },
  { allowEmpty }: Pick<SyncOptions, 'allowEmpty'>,
): readonly Refusal[] {
  if (size.manifests > 0 || allowEmpty) return [];
  const where = path === '' ? 'the repository' : `the path "${path}"`;
  const message = `${where} holds no manifest; correct spec.source, or set sync.allowEmpty: true if that is intended`;
  return [{ id: { group: 'driftless.dev', kind: 'Application', name: app }, message }];
}

/** Refusals of a plan that deletes too much at once. */
export function pruneGuards(
  removals: readonly PlannedRemoval[],
  size: { readonly desired: number; readonly inventory: number },
  options: Pick<SyncOptions, 'maxPrunePercent' | 'allowEmpty'>,
): readonly Refusal[] {
  const deleted = removals.filter(({ action, isBeingDeleted }) => action === 'deleted' && !isBeingDeleted);
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

function guard({ entry }: PlannedRemoval, message: string): Refusal {
  const { group, kind, namespace, name } = entry;
  return { id: { group, kind, name, ...(namespace !== undefined && { namespace }) }, message };
}
