import type { DurableExecutionClient } from '@aws/durable-execution-sdk-js';
import {
  CheckpointDurableExecutionCommand,
  GetDurableExecutionStateCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';

/**
 * The durable service of AWS Lambda, where executions are kept. The SDK's own transport loads the client of all of Lambda for the same two calls. Errors
 * are handed on as they are: the SDK knows by them whether the invocation or the whole execution ends.
 */
export function lambdaService(client: LambdaClient): DurableExecutionClient {
  return {
    checkpoint: ({ DurableExecutionArn, CheckpointToken, ClientToken, Updates }) =>
      client.send(
        new CheckpointDurableExecutionCommand({ DurableExecutionArn, CheckpointToken, ClientToken, Updates }),
      ),
    getExecutionState: ({ DurableExecutionArn, CheckpointToken, Marker, MaxItems }) =>
      client.send(new GetDurableExecutionStateCommand({ DurableExecutionArn, CheckpointToken, Marker, MaxItems })),
  };
}
