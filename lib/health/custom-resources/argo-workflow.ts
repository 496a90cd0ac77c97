import { z } from 'zod';
import type { HealthStatus } from '../../model/health.ts';
import { healthy, judged, type Rule, unknown } from '../rule.ts';

const Workflow = z.object({
  status: z.object({ phase: z.string().default(''), message: z.string().default('') }).prefault({}),
});

const PHASES: Readonly<Record<string, HealthStatus>> = {
  '': 'Progressing',
  Pending: 'Progressing',
  Running: 'Progressing',
  Succeeded: 'Healthy',
  Failed: 'Degraded',
  Error: 'Degraded',
};

/** Health of an Argo Workflow: like a Job, it is Progressing until it has completed. */
export const argoWorkflow: Rule = {
  evaluate: (object) => {
    const { phase, message } = Workflow.parse(object).status;
    const health = Object.hasOwn(PHASES, phase) ? PHASES[phase] : undefined;
    if (health === undefined) return unknown(`phase ${phase}`, phase);
    return health === 'Healthy'
      ? healthy()
      : judged(health, message || phase || 'not started yet', phase || 'NotStarted');
  },
};
