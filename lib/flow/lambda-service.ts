import type { DurableExecutionClient } from '@aws/durable-execution-sdk-js';
import {
  CheckpointDurableExecutionCommand,
  GetDurableExecutionStateCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';

/**
 * The durable execution service of AWS Lambda. The SDK's own transport loads the complete Lambda client for the same two calls. Errors are passed
 * on unchanged: the SDK decides by them whether the invocation or the whole execution ends.
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
