// Waiting for the API server to finish what it was asked for, within an apply step: bounded, and with the lease kept alive.
import { DriftlessError } from '../../errors.ts';
import type { ServedKind } from '../../model/cluster-api.ts';
import { definedKinds } from '../../model/definition.ts';
import { formatRef, type KubeObject, type ObjectId } from '../../model/kube-object.ts';
import type { PlannedObject } from '../../plan/planned.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { LeaseKeeper } from '../operation/lease-keeper.ts';

const POLL_MS = 100;
const ESTABLISHED_MS = 30_000;
const VANISHED_MS = 60_000;

type Ports = { readonly cluster: Cluster; readonly clock: Clock; readonly keeper: Pick<LeaseKeeper, 'need' | 'guard'> };

type Doomed = { readonly kind: ServedKind; readonly id: ObjectId; readonly uid: string };

/** Deletes an object, where that has not been asked for already, and waits until its name is free. */
export async function removeForGood({ kind, id, uid }: Doomed, ports: Ports): Promise<void> {
  const old = await ports.cluster.get(kind, id);
  if (old?.metadata.uid !== uid) return;
  if (old.metadata.deletionTimestamp === undefined) await askForDeletion({ kind, id, uid }, ports);
  await until(VANISHED_MS, ports, async () => {
    const live = await ports.cluster.get(kind, id);
    return live?.metadata.uid === uid ? holders(live) : undefined;
  });
}

async function askForDeletion({ kind, id, uid }: Doomed, { cluster, keeper }: Ports): Promise<void> {
  const result = await cluster.delete(kind, { ...id, uid }, { guard: keeper.guard });
  if (result.status === 'refused')
    throw new DriftlessError('ApiServerRejected', `${formatRef(id)} cannot be deleted: ${result.message}`);
}

/** Waits until the API server serves what the definitions define. */
export async function awaitEstablished(
  definitions: readonly { readonly object: PlannedObject }[],
  ports: Ports,
): Promise<void> {
  for (const { object } of definitions) {
    await until(ESTABLISHED_MS, ports, async () => {
      const live = await ports.cluster.get(object.kind, object.id);
      return live !== undefined && isEstablished(live) ? undefined : `${formatRef(object.id)} is not established yet`;
    });
    for (const { group, version, kind } of definedKinds(object.object)) {
      await until(ESTABLISHED_MS, ports, async () => {
        const served = await ports.cluster.kind(`${group}/${version}`, kind);
        return served === undefined ? `${kind} of ${formatRef(object.id)} is not served yet` : undefined;
      });
    }
  }
}

/** Polls until the check finds nothing to wait for any more; in time, or the last remark is the error. */
async function until(
  limitMs: number,
  { clock, keeper }: Ports,
  check: () => Promise<string | undefined>,
): Promise<void> {
  const deadline = clock.monotonic() + limitMs;
  for (;;) {
    const remark = await check();
    if (remark === undefined) return;
    if (clock.monotonic() > deadline)
      throw new DriftlessError('ApiServerRejected', `${remark} after ${limitMs / 1000} s`);
    await clock.sleep(POLL_MS);
    await keeper.need();
  }
}

function holders(live: KubeObject): string {
  const finalizers = live.metadata.finalizers ?? [];
  const by = finalizers.length === 0 ? '' : `; held by the finalizers ${finalizers.join(', ')}`;
  return `${live.kind}/${live.metadata.name} is still being deleted${by}`;
}

function isEstablished({ status }: KubeObject): boolean {
  if (typeof status !== 'object' || status === null || !('conditions' in status) || !Array.isArray(status.conditions))
    return false;
  return status.conditions.some((condition) => condition?.type === 'Established' && condition.status === 'True');
}
