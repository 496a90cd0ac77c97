import { z } from 'zod';
import type { HealthStatus } from '../../model/health.ts';
import { byCondition, conditionsOf, notObserved } from '../conditions.ts';
import { healthy, judged, progressing, type Rule } from '../rule.ts';

const Rollout = z.object({
  spec: z.object({ workloadRef: z.unknown().optional() }).prefault({}),
  status: z
    .object({
      phase: z.string().default(''),
      message: z.string().default(''),
      workloadObservedGeneration: z.union([z.string(), z.number()]).default(''),
    })
    .prefault({}),
});

const PHASES: Readonly<Record<string, HealthStatus>> = {
  Healthy: 'Healthy',
  Degraded: 'Degraded',
  Progressing: 'Progressing',
  Paused: 'Suspended',
};

/** Health of an Argo Rollout, as its controller (1.0 and later) reports it; the change of a referenced workload must be observed as well. */
export const argoRollout: Rule = {
  observes: true,
  evaluate: (object) => {
    const { spec, status } = Rollout.parse(object);
    const workload = object.metadata.annotations?.['rollout.argoproj.io/workload-generation'];
    if (spec.workloadRef !== undefined && workload !== undefined && workload !== `${status.workloadObservedGeneration}`)
      return notObserved;
    const invalid = conditionsOf(object).find((c) => c.type === 'InvalidSpec' && c.status !== 'False');
    if (invalid) return byCondition('Degraded', invalid);
    const health = Object.hasOwn(PHASES, status.phase) ? PHASES[status.phase] : undefined;
    if (health === undefined) return progressing('its controller has not set a phase yet', 'NoPhase');
    return health === 'Healthy' ? healthy(status.message) : judged(health, status.message, status.phase);
  },
};
