// In: the watches of one message. Out: the events of each, after the first event of any of them or when their time is over.
import type { Clock } from '../../ports/runtime.ts';
import type { Connection } from '../http/connection.ts';
import type { RawRequest } from '../http/exchange.ts';
import { linesOf } from '../http/ndjson.ts';
import { errorAnswer, responseAnswer, type WorkerResponse } from './responses.ts';

type Hold = { readonly connection: Connection; readonly clock: Clock; readonly holdMs: number };
type Watching = {
  readonly connection: Connection;
  readonly signal: AbortSignal;
  readonly happened: (bytes: number) => void;
};

/** Events come in bursts: those that follow the first one this closely are returned with it. */
const SETTLE_MS = 50;
/** Above this size the answer is returned immediately. */
const ENOUGH_BYTES = 2 * 1024 * 1024;

/** Holds watches until one of them has an event. */
export async function holdWatches(
  requests: readonly RawRequest[],
  { connection, clock, holdMs }: Hold,
): Promise<readonly WorkerResponse[]> {
  const over = new AbortController();
  const { signal } = over;
  let bytes = 0;
  let settling = false;
  const happened = (more: number): void => {
    bytes += more;
    if (bytes > ENOUGH_BYTES) over.abort();
    if (settling) return;
    settling = true;
    void clock.sleep(SETTLE_MS, signal).then(() => over.abort());
  };
  void clock.sleep(holdMs, signal).then(() => over.abort());
  // Longer than they are held, so that a watch ended by the server differs from one whose time is over.
  const timeoutSeconds = String(Math.ceil(holdMs / 1000) + 5);
  try {
    return await Promise.all(
      requests.map((request) => watchOne(withTimeout(request, timeoutSeconds), { connection, signal, happened })),
    );
  } finally {
    over.abort();
  }
}

function withTimeout(request: RawRequest, timeoutSeconds: string): RawRequest {
  const [path, query] = request.path.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('timeoutSeconds', timeoutSeconds);
  return { ...request, path: `${path}?${parameters}` };
}

async function watchOne(request: RawRequest, { connection, signal, happened }: Watching): Promise<WorkerResponse> {
  const events: string[] = [];
  const response = (ended: boolean): WorkerResponse => {
    const answer = responseAnswer({
      status: 200,
      headers: {},
      body: Buffer.from(events.map((text) => `${text}\n`).join('')),
    });
    return ended && 'status' in answer.answer ? { ...answer, answer: { ...answer.answer, ended } } : answer;
  };
  try {
    const raw = await connection.openStream(request, signal);
    for await (const text of linesOf(raw.stream ?? noEvents())) {
      events.push(text);
      happened(text.length);
    }
    return raw.stream === undefined ? responseAnswer(raw) : response(true);
  } catch (error) {
    // Events received before the connection broke are valid.
    if (signal.aborted || events.length > 0) return response(!signal.aborted);
    return errorAnswer(error);
  } finally {
    happened(0);
  }
}

async function* noEvents(): AsyncGenerator<Buffer> {}
