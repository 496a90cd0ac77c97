// In: the event of the drift function, from the schedule, the functions alarm, api and inspect, or a subscription to the audit log. Out: the request. May go wrong:
// PayloadInvalid for any other event.
import { z } from 'zod';
import { DriftlessError } from '../lib/errors.ts';

const Names = z.array(z.string().min(1)).min(1);

/** Other fields of a scheduled event are ignored. */
const DriftEvent = z.union([
  z
    .object({ diff: z.object({ app: z.string().min(1), object: z.string().optional() }) })
    .transform(({ diff }) => ({ kind: 'diff', diff }) as const),
  z.object({ check: Names }).transform(({ check }) => ({ kind: 'check', apps: check }) as const),
  z.looseObject({ awslogs: z.unknown() }).transform((event) => ({ kind: 'audit', event }) as const),
  z
    .object({
      check: z.never().optional(),
      diff: z.never().optional(),
      awslogs: z.never().optional(),
      clusters: Names.optional(),
    })
    .transform(({ clusters }) => ({ kind: 'scan', ...(clusters !== undefined && { clusters }) }) as const),
]);

/** `event` is the delivery of the audit log, unchanged. */
export type DriftRequest = z.infer<typeof DriftEvent>;

/** Parses an event. */
export function parseDriftEvent(event: unknown): DriftRequest {
  const { success, data } = DriftEvent.safeParse(event);
  if (success) return data;
  throw new DriftlessError(
    'PayloadInvalid',
    'drift event: not {}, {"clusters": […]}, {"check": […]}, {"diff": {"app": …}} or a delivery of CloudWatch Logs',
  );
}
