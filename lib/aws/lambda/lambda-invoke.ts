import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { DriftlessError, type ErrorCode } from '../../errors.ts';
import { awsFailure } from '../aws-failure.ts';

type InvokeOptions = {
  readonly client: LambdaClient;
  readonly functionName: string;
  /** Longer than the function may run; the client's own patience is for quick calls. */
  readonly withinSeconds: number;
  /** What it is when the function runs out of time or memory. */
  readonly exhausted: ErrorCode;
  /** What it is when nobody can wait any longer, while the function goes on. Without it a call that takes too long is made again. */
  readonly unanswered?: ErrorCode;
};

/** A function that is called for its answer. */
export type Invoke = (event: object) => Promise<unknown>;

/** Calls a function and waits for what it returns. */
export function createLambdaInvoke(options: InvokeOptions): Invoke {
  const { client, functionName, withinSeconds, exhausted, unanswered } = options;
  const subject = `function ${functionName}`;
  const ms = withinSeconds * 1000;
  return async (event) => {
    const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) });
    // Unlike an attempt that takes too long, a call that is given up is not made again; the function does not hear of it.
    const givenUp = unanswered === undefined ? undefined : AbortSignal.timeout(ms);
    const patience = givenUp === undefined ? { requestTimeout: ms } : { requestTimeout: 2 * ms, abortSignal: givenUp };
    const { FunctionError, Payload } = await client.send(command, patience).catch((thrown: unknown) => {
      if (unanswered !== undefined && givenUp?.aborted)
        throw new DriftlessError(unanswered, `${subject}: has not answered within ${withinSeconds} s, and goes on`);
      throw awsFailure(subject, thrown);
    });
    const answer = parsed(Payload?.transformToString() ?? '');
    if (FunctionError !== undefined) throw functionError(subject, answer, exhausted);
    return answer;
  };
}

/** Words of the function's own error are left out, since they may quote its input; the log of the function has them. */
function functionError(subject: string, answer: unknown, exhausted: ErrorCode): DriftlessError {
  const { errorType = '', errorMessage = '' } = fields(answer);
  const ran = /^Sandbox\.Timedout$|^Runtime\.(OutOfMemory|ExitError)$/.exec(String(errorType))?.[0];
  const timed = /Task timed out after [\d.]+ seconds/.exec(String(errorMessage))?.[0];
  const killed = /signal: killed/.exec(String(errorMessage))?.[0];
  const words = timed ?? killed ?? ran;
  if (words !== undefined) return new DriftlessError(exhausted, `${subject}: ran out of time or memory (${words})`);
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
