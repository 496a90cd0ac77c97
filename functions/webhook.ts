import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { requestOf, resultOf } from './http-event.ts';
import { wireWebhook } from './wiring/webhook.ts';

const routes = wireWebhook(process.env);

/**
 * Answers webhook deliveries. Nothing is thrown on purpose: a failure is a 5xx that the forge shows, and the delivery may be repeated, since every step of
 * it is idempotent. Lambda itself does not retry a synchronous invocation.
 */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  return resultOf(await routes.fetch(requestOf(event)));
}
