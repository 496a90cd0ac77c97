import { z } from 'zod';
import { healthy, progressing, type Rule } from '../rule.ts';

const Terminating = z.object({ phase: z.literal('Terminating') });

/** Health of a v1 Namespace: usable until it is being deleted. */
export const namespace: Rule = {
  evaluate: ({ status }) =>
    Terminating.safeParse(status).success ? progressing('being deleted', 'BeingDeleted') : healthy(),
};
