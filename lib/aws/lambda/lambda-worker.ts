import type { LambdaClient } from '@aws-sdk/client-lambda';
import { createLambdaInvoke, type Invoke } from './lambda-invoke.ts';

/** Longer than the worker's timeout, so that a call is never repeated while it still runs. */
const WITHIN_SECONDS = 50;

/** The worker function in the VPC, which reaches API servers without a public endpoint. */
export function createLambdaWorker(worker: { readonly client: LambdaClient; readonly functionName: string }): Invoke {
  return createLambdaInvoke({ ...worker, withinSeconds: WITHIN_SECONDS, exhausted: 'ApiServerUnreachable' });
}
