// In: what a step threw. Out: an error that the durable SDK persists completely, and the DriftlessError restored from it after a replay.
// Code and message are persisted; stack and cause are not.
import { StepError } from '@aws/durable-execution-sdk-js';
import { asDriftlessError, DriftlessError, isErrorCode } from '../errors.ts';
import type { Log } from '../ports/runtime.ts';

/** A checkpoint with its error must stay far below 256 kB. */
const MAX_MESSAGE_LENGTH = 20_000;

/** The form in which the SDK persists an error; a defect is logged here, since its stack is not persisted. */
export function persisted(thrown: unknown, log: Log): StepError {
  if (thrown instanceof StepError) return thrown;
  if (!(thrown instanceof DriftlessError))
    log.error('unexpected error', { stack: thrown instanceof Error ? thrown.stack : String(thrown) });
  const { code, message } = asDriftlessError(thrown);
  return new StepError(message.slice(0, MAX_MESSAGE_LENGTH), undefined, code);
}

/** Restores the DriftlessError of a persisted error. */
export function restored(thrown: unknown): DriftlessError {
  if (!(thrown instanceof StepError)) return asDriftlessError(thrown);
  const code = thrown.errorData ?? '';
  return new DriftlessError(isErrorCode(code) ? code : 'Internal', thrown.message);
}
