import { DriftlessError } from '../../errors.ts';
import { type DeletionTarget, deleteObject } from '../../live/delete-object.ts';
import { formatRef, type KubeObject } from '../../model/kube-object.ts';
import type { DeletionReason } from '../../ownership/may-delete.ts';
import { type WritePorts, waitWithinStep } from './wait-within-step.ts';

const LIMIT_MS = 60_000;

/**
 * Deletes an object unless it is already being deleted, and waits until its name is free.
 * @returns why it stays, where the rule about deletions keeps it
 */
export async function deleteAndWait(
  target: DeletionTarget,
  reason: DeletionReason,
  ports: WritePorts,
): Promise<string | undefined> {
  const { kind, id } = target;
  const result = await deleteObject(target, reason, { cluster: ports.cluster, guard: ports.lease.guard });
  if (result.status === 'refused') throw cannotDelete(target, result.message);
  if (result.status === 'kept') return result.reason;
  if (result.status === 'contended') return 'changes too often to be deleted; sync again when it no longer changes';
  if (result.status === 'gone') return undefined;
  await waitWithinStep(LIMIT_MS, ports, async () => {
    const live = await ports.cluster.get(kind, id);
    return live?.metadata.uid === result.uid ? beingDeleted(live) : undefined;
  });
  return undefined;
}

/** The server, or a webhook, does not delete an object. */
export function cannotDelete({ id }: Pick<DeletionTarget, 'id'>, message: string): DriftlessError {
  return new DriftlessError('ApiServerRejected', `${formatRef(id)} cannot be deleted: ${message}`);
}

function beingDeleted({ kind, metadata: { name, finalizers = [] } }: KubeObject): string {
  const remaining = finalizers.length === 0 ? '' : ` (remaining finalizers: ${finalizers.join(', ')})`;
  return `${kind}/${name} is still being deleted${remaining}`;
}
