import { z } from 'zod';
import { byCondition, conditionsOf, findCondition } from '../conditions.ts';
import { healthy, progressing, type Rule, suspended } from '../rule.ts';

const Job = z.object({
  spec: z.object({ suspend: z.boolean().default(false), completions: z.number().optional() }).prefault({}),
  status: z.object({ active: z.number().default(0), succeeded: z.number().default(0) }).prefault({}),
});

/** Health of a batch/v1 Job: Progressing until it has completed or failed; a condition counts only while it is True. */
export const job: Rule = {
  evaluate: (object) => {
    const conditions = conditionsOf(object);
    const failed = findCondition(conditions, 'Failed', 'True') ?? findCondition(conditions, 'FailureTarget', 'True');
    if (failed) return byCondition('Degraded', failed);
    if (findCondition(conditions, 'Complete', 'True')) return healthy();
    const { spec, status } = Job.parse(object);
    if (spec.suspend || findCondition(conditions, 'Suspended', 'True')) return suspended('the job is suspended');
    const wanted = spec.completions === undefined ? '' : ` of ${spec.completions}`;
    return progressing(`pods running: ${status.active}, succeeded: ${status.succeeded}${wanted}`, 'Running');
  },
};
