import { mapBounded } from '../../async/map-bounded.ts';
import { hookReason } from '../../compare/hook-reason.ts';
import { type DeletionPorts, deleteObject } from '../../live/delete-object.ts';
import { formatRef } from '../../model/kube-object.ts';
import { heldBy } from '../../ownership/held-by.ts';
import { CONCURRENT_REQUESTS } from '../plan/plan-context.ts';
import type { StagedObject } from './apply-stage.ts';

/**
 * Deletes the objects of hooks whose delete policy says so, at the end of the whole operation as in Argo CD.
 * @returns for each object that stays, or is not gone yet, a sentence about it
 */
export async function deleteFinishedHooks(
  hooks: readonly StagedObject[],
  ports: DeletionPorts,
): Promise<readonly string[]> {
  const remarks = await mapBounded(hooks, CONCURRENT_REQUESTS, (hook) => deleteHook(hook, ports));
  return remarks.flat();
}

async function deleteHook(hook: StagedObject, ports: DeletionPorts): Promise<readonly string[]> {
  const ref = formatRef(hook.id);
  const result = await deleteObject(hook, hookReason(hook, undefined), ports);
  switch (result.status) {
    case 'gone':
      return [];
    case 'requested':
      return heldHook(hook, result.uid, ports);
    case 'kept':
      return [`${ref} stays: ${result.reason}`];
    case 'contended':
      return [`${ref} stays: it changes too often to be deleted`];
    case 'refused':
      return [`${ref} cannot be deleted: ${result.message}`];
  }
}

/** A finalizer is named here; the next run of the hook waits for it. */
async function heldHook(
  { kind, id }: StagedObject,
  uid: string,
  { cluster }: DeletionPorts,
): Promise<readonly string[]> {
  const live = await cluster.get(kind, id);
  const holders = live?.metadata.uid === uid ? heldBy(live) : '';
  return holders === '' ? [] : [`${formatRef(id)} is being deleted, held by ${holders}`];
}
