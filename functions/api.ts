import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { contextOf, type MaybeSigned, requestOf, resultOf } from './http-event.ts';
import { wireApi } from './wiring/api.ts';

const api = wireApi(process.env);

/**
 * Answers API requests, which the HTTP API passes on after IAM has authorized them. Nothing is thrown on purpose: a failure is a 5xx, and the request may
 * be repeated. Lambda itself does not retry a synchronous invocation.
 */
export async function handler(event: MaybeSigned): Promise<APIGatewayProxyStructuredResultV2> {
  return resultOf(await api.fetch(requestOf(event), contextOf(event)));
}
