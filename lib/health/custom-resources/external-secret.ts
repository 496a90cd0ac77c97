import { z } from 'zod';
import type { KubeObject } from '../../model/kube-object.ts';
import { byConditions } from '../by-conditions.ts';
import { generationOf, notObserved } from '../conditions.ts';
import type { Rule } from '../rule.ts';

const Status = z.object({ syncedResourceVersion: z.string().regex(/^\d{1,15}-/) });

/** Not fetched again, also not after a change: an interval of `0`, in whatever unit, means the same. */
const FetchedOnce = z.union([
  z.object({ refreshPolicy: z.literal('CreatedOnce') }),
  z.object({
    refreshPolicy: z.literal('Periodic').optional(),
    refreshInterval: z.string().refine((time) => /0/.test(time) && !/[1-9]/.test(time)),
  }),
]);

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
  if (!status.success || FetchedOnce.safeParse(object.spec).success) return false;
  return Number.parseInt(status.data.syncedResourceVersion, 10) < generationOf(object);
}
