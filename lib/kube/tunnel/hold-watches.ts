// In: watches of one message. Out: what each of them saw, as soon as one has seen something, or when their time is over.
import type { Clock } from '../../ports/runtime.ts';
import type { Line } from '../http/connection.ts';
import type { Exchange } from '../http/exchange.ts';
import { linesOf } from '../http/ndjson.ts';
import { type Answered, answered, answerOf } from './answers.ts';

type Hold = { readonly line: Line; readonly clock: Clock; readonly holdMs: number };
type Watching = { readonly line: Line; readonly signal: AbortSignal; readonly happened: (bytes: number) => void };

/** Events come in bunches: what follows the first one so closely goes with it. */
const SETTLE_MS = 50;
/** More than that is answered at once. */
const ENOUGH_BYTES = 2 * 1024 * 1024;

/** Holds watches until one of them has something to tell. */
export async function holdWatches(
  requests: readonly Exchange[],
  { line, clock, holdMs }: Hold,
): Promise<readonly Answered[]> {
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
  // Longer than they are held, so that a server that ends one early can be told from the time that is over.
  const timeoutSeconds = String(Math.ceil(holdMs / 1000) + 5);
  try {
    return await Promise.all(
      requests.map((request) => watchOne(withTimeout(request, timeoutSeconds), { line, signal, happened })),
    );
  } finally {
    over.abort();
  }
}

function withTimeout(request: Exchange, timeoutSeconds: string): Exchange {
  const [path, query] = request.path.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('timeoutSeconds', timeoutSeconds);
  return { ...request, path: `${path}?${parameters}` };
}

async function watchOne(request: Exchange, { line, signal, happened }: Watching): Promise<Answered> {
  const seen: string[] = [];
  const told = (ended: boolean): Answered => {
    const one = answered({ status: 200, headers: {}, body: Buffer.from(seen.map((text) => `${text}\n`).join('')) });
    return ended && 'status' in one.answer ? { ...one, answer: { ...one.answer, ended } } : one;
  };
  try {
    const raw = await line.openStream(request, signal);
    for await (const text of linesOf(raw.stream ?? noEvents())) {
      seen.push(text);
      happened(text.length);
    }
    return raw.stream === undefined ? answered(raw) : told(true);
  } catch (fault) {
    // What was seen before the connection broke was seen.
    if (signal.aborted || seen.length > 0) return told(!signal.aborted);
    return answerOf(fault);
  } finally {
    happened(0);
  }
}

async function* noEvents(): AsyncGenerator<Buffer> {}
