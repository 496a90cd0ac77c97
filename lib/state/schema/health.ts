// In: health as it is stored. Out: typed records.
import { z } from 'zod';
import type { Health, HealthAtEnd } from '../../model/health.ts';
import type { Shape } from './shape.ts';

const count = z.int().nonnegative();
const text = z.string();

/** The health of an application. */
export const health = z.object({
  status: z.enum(['Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded', 'Unknown']),
  message: text,
  reason: text.exactOptional(),
} satisfies Shape<Health>);

/** The health at the end of an operation. */
export const healthAtEnd = health.extend({
  seq: count.exactOptional(),
  at: text.exactOptional(),
} satisfies Omit<Shape<HealthAtEnd>, keyof Health>);
