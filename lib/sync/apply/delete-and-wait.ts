import { DriftlessError } from '../../errors.ts';
import type { ServedKind } from '../../model/cluster-api.ts';
import { formatRef, type KubeObject, type ObjectId } from '../../model/kube-object.ts';
import { type WritePorts, waitWithinStep } from './wait-within-step.ts';

const LIMIT_MS = 60_000;

type LiveTarget = { readonly kind: ServedKind; readonly id: ObjectId; readonly uid: string };

/** Deletes an object unless it is already being deleted, and waits until its name is free. */
export async function deleteAndWait(target: LiveTarget, ports: WritePorts): Promise<void> {
  const { kind, id, uid } = target;
  const old = await ports.cluster.get(kind, id);
  if (old?.metadata.uid !== uid) return;
  if (old.metadata.deletionTimestamp === undefined) await requestDeletion(target, ports);
  await waitWithinStep(LIMIT_MS, ports, async () => {
    const live = await ports.cluster.get(kind, id);
    return live?.metadata.uid === uid ? beingDeleted(live) : undefined;
  });
}

async function requestDeletion({ kind, id, uid }: LiveTarget, { cluster, lease }: WritePorts): Promise<void> {
  const result = await cluster.delete(kind, { ...id, uid }, { guard: lease.guard });
  if (result.status === 'refused')
    throw new DriftlessError('ApiServerRejected', `${formatRef(id)} cannot be deleted: ${result.message}`);
}

function beingDeleted({ kind, metadata: { name, finalizers = [] } }: KubeObject): string {
  const remaining = finalizers.length === 0 ? '' : ` (remaining finalizers: ${finalizers.join(', ')})`;
  return `${kind}/${name} is still being deleted${remaining}`;
}
