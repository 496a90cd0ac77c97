import { gzipSync } from 'node:zlib';
import type { RawReply } from '../http/exchange.ts';
import { MAX_ANSWER_BYTES, packFrame, type TunnelAnswer, type TunnelMessage } from './frame.ts';

/** What became of one request in the VPC, and the body of its answer. */
export type Answered = { readonly answer: TunnelAnswer; readonly body: Buffer };

/** Thrown in place of sending a request whose time is over. */
export class Late extends Error {}

const WORTH_ZIPPING_BYTES = 1_000;
/** What the other end reads; nothing else leaves. */
const HEADERS = ['content-encoding', 'retry-after'];
const NOTHING = Buffer.alloc(0);

/** An answer of the API server, zipped where it is not yet. */
export function answered({ status, headers, body }: Pick<RawReply, 'status' | 'headers' | 'body'>): Answered {
  const kept = HEADERS.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : []));
  const told: Record<string, string> = Object.fromEntries(kept);
  if (told['content-encoding'] !== undefined || body.length < WORTH_ZIPPING_BYTES)
    return { answer: { status, headers: told, bytes: body.length }, body };
  const zipped = gzipSync(body, { level: 1 });
  return { answer: { status, headers: { ...told, 'content-encoding': 'gzip' }, bytes: zipped.length }, body: zipped };
}

/** What is answered where there was no answer. */
export function answerOf(fault: unknown): Answered {
  if (fault instanceof Late) return { answer: { late: true }, body: NOTHING };
  const { message } = fault instanceof Error ? fault : new Error(String(fault));
  const code = typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : '';
  return { answer: { fault: { code, message } }, body: NOTHING };
}

/** A message of all answers; the largest are left out where there is no room, and may be asked for alone. */
export function packAnswers(answers: readonly Answered[]): TunnelMessage {
  let room = MAX_ANSWER_BYTES;
  const fits = new Set<Answered>();
  for (const one of [...answers].sort((a, b) => a.body.length - b.body.length)) {
    room -= one.body.length;
    if (room >= 0) fits.add(one);
  }
  const items = answers.map((one) => (fits.has(one) ? one.answer : { tooLarge: one.body.length }));
  const bodies = answers.map((one) => (fits.has(one) ? one.body : NOTHING));
  return packFrame({ items }, bodies);
}
