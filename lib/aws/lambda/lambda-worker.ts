import type { LambdaClient } from '@aws-sdk/client-lambda';
import { createLambdaInvoke, type Invoke } from './lambda-invoke.ts';

/** Longer than the worker may run, or a call would be tried again beside itself. */
const WITHIN_SECONDS = 50;

/** The worker function in the VPC, which reaches API servers without a public endpoint. */
export function createLambdaWorker(worker: { readonly client: LambdaClient; readonly functionName: string }): Invoke {
  return createLambdaInvoke({ ...worker, withinSeconds: WITHIN_SECONDS, exhausted: 'ApiServerUnreachable' });
}
