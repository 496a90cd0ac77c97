import type { Context } from 'aws-lambda';

/** What Lambda would tell a handler. No time is left for the SDK to wait inside an invocation: every wait suspends, and what follows it is a replay. */
export function lambdaContext(execution: string, invocation: number): Context {
  const unused = (): void => undefined;
  return {
    awsRequestId: `${execution}:${invocation}`,
    getRemainingTimeInMillis: () => 0,
    functionName: 'sync',
    functionVersion: '$LATEST',
    invokedFunctionArn: execution,
    memoryLimitInMB: '0',
    logGroupName: '',
    logStreamName: '',
    callbackWaitsForEmptyEventLoop: false,
    done: unused,
    fail: unused,
    succeed: unused,
  };
}
