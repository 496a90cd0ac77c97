import { LambdaClient } from '@aws-sdk/client-lambda';
import { createLambdaOperations } from '../../../../lib/aws/lambda/lambda-operations.ts';
import type { Operations } from '../../../../lib/ports/workflow.ts';
import type { FakeAws } from '../../../fakes/aws/fake-aws.ts';
import { AwsError } from '../../../fakes/aws/wire.ts';
import { clientOf, FAULTS, PASSING_FAULTS, startAccount } from '../fake-account.ts';

const ARN = 'arn:aws:lambda:eu-central-1:1:function:driftless-sync:live';

async function open(): Promise<{ aws: FakeAws; operations: Operations; runs: string[] }> {
  const aws = await startAccount();
  const runs: string[] = [];
  aws.functions.set(ARN, (payload) => void runs.push(payload));
  return { aws, runs, operations: createLambdaOperations({ client: clientOf(LambdaClient, aws), functionArn: ARN }) };
}

test('an operation is a durable execution of its name, which nobody waits for', async () => {
  const { aws, operations, runs } = await open();
  await operations.start('shop', 7);
  expect(aws.calls.map(({ input }) => input)).toEqual([
    { FunctionName: ARN, InvocationType: 'Event', DurableExecutionName: 'shop-7', Payload: '{"app":"shop","seq":7}' },
  ]);
  expect(runs).toEqual(['{"app":"shop","seq":7}']);
});

test('an operation that is started twice runs once', async () => {
  const { operations, runs } = await open();
  await Promise.all([operations.start('shop', 7), operations.start('shop', 7)]);
  await operations.start('shop', 8);
  expect(runs).toEqual(['{"app":"shop","seq":7}', '{"app":"shop","seq":8}']);
});

test('an execution of the name that Lambda takes for another one is left to run', async () => {
  const { aws, operations } = await open();
  aws.fail('lambda.Invoke', new AwsError('DurableExecutionAlreadyStartedException', 409));
  await expect(operations.start('shop', 7)).resolves.toBeUndefined();
});

test.each(PASSING_FAULTS)('%s, once, is overcome, and the operation runs once', async (failure) => {
  const { aws, operations, runs } = await open();
  aws.fail('lambda.Invoke', failure);
  await operations.start('shop', 7);
  expect(runs).toHaveLength(1);
});

test.each(FAULTS)('%s, again and again, is %s with the name of the operation', async (failure, code, retry) => {
  const { aws, operations, runs } = await open();
  aws.fail('lambda.Invoke', failure, { times: 9 });
  const message = expect.stringMatching(/^operation shop-7: cannot be started: \S/);
  await expect(operations.start('shop', 7)).rejects.toMatchObject({ code, retry, message });
  expect(runs).toEqual([]);
});
