import { z } from 'zod';
import { degraded, healthy, type Rule } from '../rule.ts';

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
 * Health of a batch/v1 CronJob: Degraded when its last run has ended without success. While a sync waits for a change, earlier runs do not
 * count, so that a failing job does not block its own fix.
 */
export const cronJob: Rule = {
  evaluate: (object, { since = 0 }) => {
    const { spec, status } = CronJob.parse(object);
    const { lastScheduleTime: last, lastSuccessfulTime: successful } = status;
    if (spec.suspend) return healthy('suspended: no runs are scheduled', 'Suspended');
    if (last === undefined || status.active.length > 0 || Date.parse(last) < since) return healthy();
    if (successful === undefined) return healthy('no run has succeeded yet', 'NoSuccessYet');
    return successful < last ? degraded(`the run of ${last} did not succeed`, 'LastRunFailed') : healthy();
  },
};
