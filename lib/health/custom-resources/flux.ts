import { z } from 'zod';
import type { Health } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { byConditions } from '../by-conditions.ts';
import { healthy, type Rule, suspended } from '../rule.ts';

const Spec = z.object({ suspend: z.boolean().default(false), type: z.string().default('') });

/** Health of the kinds of Flux; while one is suspended, its controller writes no status. */
export const flux: Rule = {
  ...byConditions(
    'not reconciled yet',
    ['Stalled=True', 'Degraded'],
    ['Ready=False', 'Degraded'],
    ['Reconciling=True', 'Progressing'],
    ['Ready=True', 'Healthy'],
  ),
  early: ({ spec }) => (Spec.safeParse(spec).data?.suspend ? suspended('suspended by spec.suspend') : undefined),
};

/** Health of a HelmRepository; no controller reconciles one of type oci. */
export const helmRepository: Rule = { ...flux, early: (object) => registryHealth(object) ?? flux.early?.(object) };

function registryHealth({ spec }: KubeObject): Health | undefined {
  return Spec.safeParse(spec).data?.type === 'oci' ? healthy() : undefined;
}
