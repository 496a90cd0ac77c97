import { gzipSync } from 'node:zlib';
import type { RawResponse } from '../http/exchange.ts';
import { MAX_ANSWER_BYTES, packFrame, type TunnelAnswer, type TunnelMessage } from './frame.ts';

/** The result of one request in the VPC, and the body of the API server's response. */
export type WorkerResponse = { readonly answer: TunnelAnswer; readonly body: Buffer };

/** Thrown instead of sending a request after its deadline. */
export class DeadlineExceeded extends Error {}

const WORTH_ZIPPING_BYTES = 1_000;
/** The headers that the other end reads; no others are returned. */
const HEADERS = ['content-encoding', 'retry-after'];
const NOTHING = Buffer.alloc(0);

/** A response of the API server, zipped unless it is zipped already. */
export function responseAnswer({
  status,
  headers,
  body,
}: Pick<RawResponse, 'status' | 'headers' | 'body'>): WorkerResponse {
  const pairs = HEADERS.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : []));
  const sent: Record<string, string> = Object.fromEntries(pairs);
  if (sent['content-encoding'] !== undefined || body.length < WORTH_ZIPPING_BYTES)
    return { answer: { status, headers: sent, bytes: body.length }, body };
  const zipped = gzipSync(body, { level: 1 });
  return { answer: { status, headers: { ...sent, 'content-encoding': 'gzip' }, bytes: zipped.length }, body: zipped };
}

/** The answer where the API server did not respond. */
export function errorAnswer(error: unknown): WorkerResponse {
  if (error instanceof DeadlineExceeded) return { answer: { late: true }, body: NOTHING };
  const { message } = error instanceof Error ? error : new Error(String(error));
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return { answer: { fault: { code, message } }, body: NOTHING };
}

/** A message with all answers; the largest are omitted where they do not fit, and may be requested alone. */
export function packResponses(answers: readonly WorkerResponse[]): TunnelMessage {
  let room = MAX_ANSWER_BYTES;
  const fits = new Set<WorkerResponse>();
  for (const one of [...answers].sort((a, b) => a.body.length - b.body.length)) {
    room -= one.body.length;
    if (room >= 0) fits.add(one);
  }
  const items = answers.map((one) => (fits.has(one) ? one.answer : { tooLarge: one.body.length }));
  const bodies = answers.map((one) => (fits.has(one) ? one.body : NOTHING));
  return packFrame({ items }, bodies);
}
