// In: what a step threw. Out: an error that the durable SDK keeps whole, and the DriftlessError made of it again, the same after a replay.
// Code and message are kept, nothing else: no stack, no cause.
import { StepError } from '@aws/durable-execution-sdk-js';
import { asDriftlessError, DriftlessError, isErrorCode } from '../errors.ts';
import type { Log } from '../ports/runtime.ts';

/** A checkpoint, the error in it, must stay far below 256 kB. */
const MAX_MESSAGE_LENGTH = 20_000;

/** The form in which the SDK persists an error; a defect is logged here, since its stack is not kept. */
export function persisted(thrown: unknown, log: Log): StepError {
  if (thrown instanceof StepError) return thrown;
  if (!(thrown instanceof DriftlessError))
    log.error('unexpected error', { stack: thrown instanceof Error ? thrown.stack : String(thrown) });
  const { code, message } = asDriftlessError(thrown);
  return new StepError(message.slice(0, MAX_MESSAGE_LENGTH), undefined, code);
}

/** The DriftlessError that a persisted error was made of. */
export function restored(thrown: unknown): DriftlessError {
  if (!(thrown instanceof StepError)) return asDriftlessError(thrown);
  const code = thrown.errorData ?? '';
  return new DriftlessError(isErrorCode(code) ? code : 'Internal', thrown.message);
}
