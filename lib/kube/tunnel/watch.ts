// In: a watch. Out: its events as a stream, made of requests that each end after some seconds or right after an event.
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Clock } from '../../ports/runtime.ts';
import type { RawRequest, RawResponse } from '../http/exchange.ts';

/** The response of an API server to one request through the tunnel. */
export type TunneledResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Of a watch: whether the server ended it. */
  readonly ended: boolean;
};

type Send = (request: RawRequest) => Promise<TunneledResponse>;
type Watch = { readonly request: RawRequest; readonly signal: AbortSignal; readonly clock: Clock };

const Event = z.object({
  type: z.string(),
  object: z.object({ metadata: z.object({ resourceVersion: z.string() }) }),
});

/** Opens a watch; an error response, such as a 410, is returned unchanged. */
export async function watchThrough(send: Send, watch: Watch): Promise<RawResponse> {
  const first = await unlessEnded(send(watch.request), watch.signal);
  if (first === undefined) return { status: 200, headers: {}, body: Buffer.alloc(0), stream: Readable.from([]) };
  const { status, headers, body } = first;
  if (status !== 200) return { status, headers, body };
  return { status, headers, body: Buffer.alloc(0), stream: Readable.from(follow(first, send, watch)) };
}

async function* follow(first: TunneledResponse, send: Send, { request, signal, clock }: Watch): AsyncGenerator<Buffer> {
  const until = clock.monotonic() + secondsOf(request) * 1000;
  let current = request;
  let received: TunneledResponse | undefined = first;
  // A later error response ends the watch, as the server itself may: the caller lists again and gets the error there.
  while (received?.status === 200) {
    if (received.body.length > 0) yield received.body;
    const next: RawRequest | undefined = received.ended ? undefined : after(current, received);
    if (next === undefined || signal.aborted || clock.monotonic() >= until) return;
    current = next;
    received = await unlessEnded(send(current), signal);
  }
}

/** The same watch after the last event; undefined where the events show that it has ended. */
function after(request: RawRequest, { body }: TunneledResponse): RawRequest | undefined {
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

function secondsOf({ path }: RawRequest): number {
  return Number(new URLSearchParams(path.split('?')[1]).get('timeoutSeconds') ?? 300);
}

/** After an abort the worker still holds the watch; its answer is dropped. */
async function unlessEnded(
  sending: Promise<TunneledResponse>,
  signal: AbortSignal,
): Promise<TunneledResponse | undefined> {
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
