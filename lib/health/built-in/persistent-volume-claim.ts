import { z } from 'zod';
import type { Health } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { degraded, healthy, progressing, type Rule, unknown } from '../rule.ts';

/** Any of these annotations shows that a provisioner has been requested. */
const PROVISIONING = [
  'volume.kubernetes.io/selected-node',
  'volume.kubernetes.io/storage-provisioner',
  'volume.beta.kubernetes.io/storage-provisioner',
];

const Claim = z.object({ status: z.object({ phase: z.string().default('') }).prefault({}) });

/** Health of a v1 PersistentVolumeClaim. */
export const persistentVolumeClaim: Rule = {
  evaluate: (object) => {
    const { phase } = Claim.parse(object).status;
    if (phase === 'Bound') return healthy();
    if (phase === 'Pending') return pending(object);
    if (phase === 'Lost') return degraded('its volume is lost', 'Lost');
    return phase === '' ? progressing('no status yet', 'NoStatus') : unknown(`phase ${phase}`, phase);
  },
};

/**
 * A claim whose storage class waits for the first consumer stays Pending until a pod uses it, which may be never. A claim that no volume
 * matches looks the same, and is reported by the pod that cannot be scheduled.
 */
function pending({ metadata }: KubeObject): Health {
  if (PROVISIONING.some((name) => metadata.annotations?.[name] !== undefined))
    return progressing('its volume is being provisioned', 'Provisioning');
  return healthy('not bound yet: no pod uses it, or no volume matches', 'NotBound');
}
