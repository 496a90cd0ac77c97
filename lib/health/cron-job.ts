import { z } from 'zod';
import { degraded, healthy, type Rule } from './rule.ts';

const CronJob = z.object({
  spec: z.object({ suspend: z.boolean().default(false) }).prefault({}),
  status: z
    .object({
      active: z.array(z.unknown()).default([]),
      lastScheduleTime: z.string().optional(),
      lastSuccessfulTime: z.string().optional(),
    })
    .prefault({}),
});

/**
 * Health of a batch/v1 CronJob: Degraded when its last run is over and did not succeed. While a change is waited for, a run from before it
 * does not count, so that a failing job does not stand in the way of its own correction.
 */
export const cronJob: Rule = {
  judge: (object, { since = 0 }) => {
    const { spec, status } = CronJob.parse(object);
    const { lastScheduleTime: last, lastSuccessfulTime: successful } = status;
    if (spec.suspend) return healthy('suspended: no runs are scheduled');
    if (last === undefined || status.active.length > 0 || Date.parse(last) < since) return healthy();
    if (successful === undefined) return healthy('no run has succeeded yet');
    return successful < last ? degraded(`the run of ${last} did not succeed`) : healthy();
  },
};
