import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DriftlessError, type ErrorCode } from '../../errors.ts';
import { awsFailure } from '../aws-failure.ts';

type InvokeOptions = {
  readonly client: LambdaClient;
  readonly functionName: string;
  /** Longer than the function's timeout; the client's own limit is for quick calls. */
  readonly withinSeconds: number;
  /** The code where the function runs out of time or memory. */
  readonly exhausted: ErrorCode;
  /** The code where the caller stops waiting while the function continues. Without it, a call that takes too long is repeated. */
  readonly unanswered?: ErrorCode;
};

/** Invokes a function and returns its result. */
export type Invoke = (event: object) => Promise<unknown>;

/** Creates the invocation of a function, which waits for its result. */
export function createLambdaInvoke(options: InvokeOptions): Invoke {
  const { client, functionName, withinSeconds, exhausted, unanswered } = options;
  const subject = `function ${functionName}`;
  const ms = withinSeconds * 1000;
  return async (event) => {
    const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) });
    // Unlike an attempt that times out, an aborted call is not repeated; the function does not notice it.
    const givenUp = unanswered === undefined ? undefined : AbortSignal.timeout(ms);
    const limits = givenUp === undefined ? { requestTimeout: ms } : { requestTimeout: 2 * ms, abortSignal: givenUp };
    const { FunctionError, Payload } = await client.send(command, limits).catch((thrown: unknown) => {
      if (unanswered !== undefined && givenUp?.aborted)
        throw new DriftlessError(unanswered, `${subject}: did not respond within ${withinSeconds} s, and continues`);
      throw awsFailure(subject, thrown);
    });
    const answer = parsed(Payload?.transformToString() ?? '');
    if (FunctionError !== undefined) throw functionError(subject, answer, exhausted);
    return answer;
  };
}

/** The message of the function's own error is omitted, since it may quote its input; the log of the function has it. */
function functionError(subject: string, answer: unknown, exhausted: ErrorCode): DriftlessError {
  const { errorType = '', errorMessage = '' } = fields(answer);
  const ran = /^Sandbox\.Timedout$|^Runtime\.(OutOfMemory|ExitError)$/.exec(String(errorType))?.[0];
  const timed = /Task timed out after [\d.]+ seconds/.exec(String(errorMessage))?.[0];
  const killed = /signal: killed/.exec(String(errorMessage))?.[0];
  const reason = timed ?? killed ?? ran;
  if (reason !== undefined) return new DriftlessError(exhausted, `${subject}: ran out of time or memory (${reason})`);
  return new DriftlessError('Internal', `${subject}: failed (${String(errorType) || 'no reason'}); read its log`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
