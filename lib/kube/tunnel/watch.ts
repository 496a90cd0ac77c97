// In: a watch. Out: its events as a stream, made of requests that each end after some seconds, or right after something has happened.
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Clock } from '../../ports/runtime.ts';
import type { Exchange, RawReply } from '../http/exchange.ts';

/** The answer of an API server to one request. */
export type Delivered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Of a watch: whether the server ended it. */
  readonly ended: boolean;
};

type Send = (request: Exchange) => Promise<Delivered>;
type Watch = { readonly request: Exchange; readonly signal: AbortSignal; readonly clock: Clock };

const Event = z.object({
  type: z.string(),
  object: z.object({ metadata: z.object({ resourceVersion: z.string() }) }),
});

/** Opens a watch; an answer that is none, as a 410, is handed back as it is. */
export async function watchThrough(send: Send, watch: Watch): Promise<RawReply> {
  const first = await unlessEnded(send(watch.request), watch.signal);
  if (first === undefined) return { status: 200, headers: {}, body: Buffer.alloc(0), stream: Readable.from([]) };
  const { status, headers, body } = first;
  if (status !== 200) return { status, headers, body };
  return { status, headers, body: Buffer.alloc(0), stream: Readable.from(follow(first, send, watch)) };
}

async function* follow(first: Delivered, send: Send, { request, signal, clock }: Watch): AsyncGenerator<Buffer> {
  const until = clock.monotonic() + secondsOf(request) * 1000;
  let current = request;
  let delivered: Delivered | undefined = first;
  // A later answer that is none ends the watch, as the server itself may: the caller lists anew and meets the reason there.
  while (delivered?.status === 200) {
    if (delivered.body.length > 0) yield delivered.body;
    const next: Exchange | undefined = delivered.ended ? undefined : after(current, delivered);
    if (next === undefined || signal.aborted || clock.monotonic() >= until) return;
    current = next;
    delivered = await unlessEnded(send(current), signal);
  }
}

/** The same watch from behind the last event; undefined where the events themselves say that it is over. */
function after(request: Exchange, { body }: Delivered): Exchange | undefined {
  const last = body.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  if (last === '') return request;
  const event = Event.safeParse(parsed(last));
  if (!event.success || event.data.type === 'ERROR') return undefined;
  const [path, query] = request.path.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('resourceVersion', event.data.object.metadata.resourceVersion);
  return { ...request, path: `${path}?${parameters}` };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function secondsOf({ path }: Exchange): number {
  return Number(new URLSearchParams(path.split('?')[1]).get('timeoutSeconds') ?? 300);
}

/** The worker goes on holding a watch that nobody waits for any more; its answer is dropped. */
async function unlessEnded(sending: Promise<Delivered>, signal: AbortSignal): Promise<Delivered | undefined> {
  const ended = new AbortController();
  const aborted = new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true, signal: ended.signal });
  });
  try {
    return await Promise.race([sending, aborted]);
  } finally {
    ended.abort();
    sending.catch(() => undefined);
  }
}
