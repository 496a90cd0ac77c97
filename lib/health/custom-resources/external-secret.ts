import { z } from 'zod';
import type { KubeObject } from '../../model/kube-object.ts';
import { byConditions } from '../by-conditions.ts';
import { generationOf, notObserved } from '../conditions.ts';
import type { Rule } from '../rule.ts';

const Status = z.object({ syncedResourceVersion: z.string().regex(/^\d{1,15}-/) });
const CreatedOnce = z.object({ refreshPolicy: z.literal('CreatedOnce') });

const ready = byConditions('the secret is not fetched yet', ['Ready=False', 'Degraded'], ['Ready=True', 'Healthy']);

/** Health of an ExternalSecret. It has no observedGeneration, but `syncedResourceVersion` begins with the generation that was synced last. */
export const externalSecret: Rule = {
  evaluate: (object, context) => {
    const health = ready.evaluate(object, context);
    return health.status === 'Healthy' && isOutdated(object) ? notObserved : health;
  },
};

function isOutdated(object: KubeObject): boolean {
  const status = Status.safeParse(object.status);
  if (!status.success || CreatedOnce.safeParse(object.spec).success) return false;
  return Number.parseInt(status.data.syncedResourceVersion, 10) < generationOf(object);
}
