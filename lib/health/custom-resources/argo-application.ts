import { z } from 'zod';
import { progressing, type Rule } from '../rule.ts';

const Application = z.object({
  status: z
    .object({
      health: z
        .object({
          status: z.enum(['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown']).optional(),
          message: z.string().default(''),
        })
        .prefault({}),
    })
    .prefault({}),
});

/** Health of an Argo CD Application, as its status reports it. */
export const argoApplication: Rule = {
  evaluate: (object) => {
    const { status, message } = Application.parse(object).status.health;
    return status ? { status, message } : progressing('not reconciled yet', 'NotReconciled');
  },
};
