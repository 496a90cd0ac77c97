import { LambdaClient } from '@aws-sdk/client-lambda';
import { createLambdaInvoke } from '../../../../lib/aws/lambda/lambda-invoke.ts';
import { clientOf, startAccount } from '../fake-account.ts';

const OPTIONS = { functionName: 'drift', exhausted: 'ApiServerUnreachable', unanswered: 'ScanUnfinished' } as const;

test('an answer in time is the answer', async () => {
  const aws = await startAccount();
  aws.functions.set('drift', (payload) => ({ heard: JSON.parse(payload) }));
  const invoke = createLambdaInvoke({ ...OPTIONS, client: clientOf(LambdaClient, aws), withinSeconds: 20 });
  expect(await invoke({ clusters: ['prod'] })).toEqual({ heard: { clusters: ['prod'] } });
});

test('a function that nobody can wait for goes on: it is told so, and not called again', async () => {
  const aws = await startAccount();
  const ended = Promise.withResolvers<string>();
  const answer = Promise.withResolvers<object>();
  aws.functions.set('drift', async () => {
    ended.resolve(JSON.stringify(await answer.promise));
    return {};
  });
  const invoke = createLambdaInvoke({ ...OPTIONS, client: clientOf(LambdaClient, aws), withinSeconds: 0.1 });
  await expect(invoke({})).rejects.toMatchObject({
    code: 'ScanUnfinished',
    message: 'function drift: did not respond within 0.1 s, and continues',
    retry: false,
  });
  answer.resolve({ scan: 'done' });
  expect(await ended.promise).toBe('{"scan":"done"}');
  expect(aws.calls).toHaveLength(1);
});

test.each([
  ['throttled', 'AwsUnavailable'],
  ['denied', 'AwsAccessDenied'],
] as const)('a call that is %s is no function that goes on', async (failure, code) => {
  const aws = await startAccount();
  aws.fail('lambda.Invoke', failure, { times: 9 });
  const invoke = createLambdaInvoke({ ...OPTIONS, client: clientOf(LambdaClient, aws), withinSeconds: 20 });
  await expect(invoke({})).rejects.toMatchObject({ code });
});
