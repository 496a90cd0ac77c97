// The comparison with what is live, by the function that may dry-run. In: a request. Out: what its function returned, or threw.
import { DriftlessError, isErrorCode } from '../../errors.ts';
import type { Invoke } from './lambda-invoke.ts';

type Failed = { readonly error: { readonly code: string; readonly message: string } };

/** Creates the call; both functions are of one program, so the result has the type that the caller expects. */
export function createLambdaDiff<T extends object>(invoke: Invoke): (request: object) => Promise<T> {
  return async (request) => {
    const result = (await invoke({ diff: request })) as T | Failed;
    if (!('error' in result)) return result;
    const { code, message } = result.error;
    throw new DriftlessError(isErrorCode(code) ? code : 'Internal', message);
  };
}
