// In: a call that runs what a user wrote. Out: what it returns. Throws what the call throws, and LimitExceeded where it takes too long. Only the engine itself
// can stop code that runs, WebAssembly included.
import { createContext, Script } from 'node:vm';
import { z } from 'zod';

/** A rule takes more time or memory than it may. */
export class LimitExceeded extends Error {}

/** The code that runs cannot name what is in here. */
const box: { evaluate?: () => unknown } = createContext({});

const evaluation = new Script('evaluate()');

const Stopped = z.object({ code: z.literal('ERR_SCRIPT_EXECUTION_TIMEOUT') });

/** Calls, and stops the call after some time. */
export function withinTime(milliseconds: number, call: () => unknown): unknown {
  box.evaluate = call;
  try {
    return evaluation.runInContext(box, { timeout: milliseconds });
  } catch (error) {
    if (Stopped.safeParse(error).success) throw new LimitExceeded(`takes longer than ${milliseconds} ms`);
    throw error;
  }
}
