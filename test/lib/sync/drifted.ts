import type { DriftedObject, DriftHandling } from '../../../lib/model/drift.ts';
import { idOf, type KubeObject } from '../../../lib/model/kube-object.ts';
import type { Rig } from './rig.ts';

/** Records what a scan would have found: these objects have drifted. */
export async function recordDrift(
  rig: Pick<Rig, 'state' | 'clock'>,
  objects: readonly KubeObject[],
  handling: (object: KubeObject) => DriftHandling = () => 'correct',
): Promise<void> {
  const at = new Date(rig.clock.now()).toISOString();
  const known = await rig.state.drift('shop');
  const found: DriftedObject[] = objects.map((object) => ({
    id: { ...idOf(object), namespace: object.metadata.namespace ?? 'store' },
    apiVersion: object.apiVersion,
    drift: 'modified',
    fields: [],
    by: [],
    since: at,
    firstSeen: { scan: 'scan-1', at },
    handling: handling(object),
  }));
  const seen = { app: 'shop', version: (known?.version ?? 0) + 1, since: at, scannedAt: at, scan: 'scan-1' };
  await rig.state.putDrift({ ...seen, status: 'Drifted', objects: found, count: found.length });
}
