import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { requestOf, resultOf } from './http-event.ts';
import { wireWebhook } from './wiring/webhook.ts';

const routes = wireWebhook(process.env);

/**
 * Answers the HTTP API. Nothing is thrown on purpose: what fails is a 5xx that the forge shows, and the delivery may be sent again, since every step of
 * it is idempotent. Lambda itself does not repeat a synchronous call.
 */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  return resultOf(await routes.fetch(requestOf(event)));
}
