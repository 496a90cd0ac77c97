import { z } from 'zod';
import type { Health } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { degraded, healthy, progressing, type Rule } from './rule.ts';

/** Any of these shows that a provisioner was asked for the volume. */
const ASKED_FOR = [
  'volume.kubernetes.io/selected-node',
  'volume.kubernetes.io/storage-provisioner',
  'volume.beta.kubernetes.io/storage-provisioner',
];

const Claim = z.object({ status: z.object({ phase: z.string().default('') }).prefault({}) });

/** Health of a v1 PersistentVolumeClaim. */
export const persistentVolumeClaim: Rule = {
  judge: (object) => {
    const { phase } = Claim.parse(object).status;
    if (phase === 'Bound') return healthy();
    if (phase === 'Pending') return pending(object);
    if (phase === 'Lost') return degraded('the volume that it was bound to is lost');
    return phase === '' ? progressing('not looked at yet') : { status: 'Unknown', message: `phase ${phase}` };
  },
};

/**
 * A claim whose storage class waits for the first consumer stays Pending until a pod uses it, which may be never; nobody has asked for its
 * volume then. One that no volume fits looks the same, and shows in the pod that cannot be scheduled.
 */
function pending({ metadata }: KubeObject): Health {
  if (ASKED_FOR.some((name) => metadata.annotations?.[name] !== undefined))
    return progressing('its volume is being provisioned');
  return healthy('not bound: no pod uses it yet, or no volume fits');
}
