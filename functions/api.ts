import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type MaybeSigned, requestOf, resultOf, toldOf } from './http-event.ts';
import { wireApi } from './wiring/api.ts';

const api = wireApi(process.env);

/**
 * Answers what people ask, as the HTTP API hands it over once IAM has let it in. Nothing is thrown on purpose: what fails is a 5xx, and may be asked again. Lambda
 * itself does not repeat a synchronous call.
 */
export async function handler(event: MaybeSigned): Promise<APIGatewayProxyStructuredResultV2> {
  return resultOf(await api.fetch(requestOf(event), toldOf(event)));
}
