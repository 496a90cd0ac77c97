import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { operationName } from '../../model/operation.ts';
import type { Operations } from '../../ports/workflow.ts';
import { awsFailure } from '../aws-failure.ts';

type OperationsOptions = {
  readonly client: LambdaClient;
  /** Qualified, since only a version or an alias can run durably. */
  readonly functionArn: string;
};

/** Starts operations as durable executions; Lambda itself starts each name once. */
export function createLambdaOperations({ client, functionArn }: OperationsOptions): Operations {
  return {
    start: async (app, seq) => {
      const name = operationName({ app, seq });
      const command = new InvokeCommand({
        FunctionName: functionArn,
        InvocationType: 'Event',
        DurableExecutionName: name,
        // Always the same bytes: with a different payload Lambda reports a conflicting execution of the same name.
        Payload: JSON.stringify({ app, seq }),
      });
      try {
        await client.send(command);
      } catch (thrown) {
        if (thrown instanceof Error && thrown.name === 'DurableExecutionAlreadyStartedException') return;
        throw awsFailure(`operation ${name}: cannot be started`, thrown);
      }
    },
  };
}
