// In: what the drift function was invoked with: by the schedule, by the alarm function, by a subscription of the audit log. Out: what is wanted. May go
// wrong: PayloadInvalid where it is none of these.
import { z } from 'zod';
import { DriftlessError } from '../lib/errors.ts';

const Names = z.array(z.string().min(1)).min(1);

/** What else a schedule says is of no interest. */
const DriftEvent = z.union([
  z.object({ check: Names }).transform(({ check }) => ({ kind: 'check', apps: check }) as const),
  z.looseObject({ awslogs: z.unknown() }).transform((event) => ({ kind: 'audit', event }) as const),
  z
    .object({ check: z.never().optional(), awslogs: z.never().optional(), clusters: Names.optional() })
    .transform(({ clusters }) => ({ kind: 'scan', ...(clusters !== undefined && { clusters }) }) as const),
]);

/** `event` is the delivery of the audit log, as it came. */
export type DriftWanted = z.infer<typeof DriftEvent>;

/** Tells what an event asks for. */
export function parseDriftEvent(event: unknown): DriftWanted {
  const { success, data } = DriftEvent.safeParse(event);
  if (success) return data;
  throw new DriftlessError(
    'PayloadInvalid',
    'drift event: not {}, {"clusters": […]}, {"check": […]} or a delivery of CloudWatch Logs',
  );
}
