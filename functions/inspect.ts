import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { contextOf, type MaybeSigned, requestOf, resultOf } from './http-event.ts';
import { wireInspect } from './wiring/inspect.ts';

const live = wireInspect(process.env);

/** Answers what is live now, on requests that the HTTP API passes on after IAM has authorized them. It reads clusters as a reader, and writes nothing. */
export async function handler(event: MaybeSigned): Promise<APIGatewayProxyStructuredResultV2> {
  return resultOf(await live.fetch(requestOf(event), contextOf(event)));
}
