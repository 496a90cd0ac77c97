// In: single requests. Out: their answers, asked for together: those of one millisecond, or of the time while the worker is busy, go in one message.
import { asDriftlessError } from '../../errors.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { Exchange } from '../http/exchange.ts';
import {
  type AskWorker,
  packFrame,
  TunnelAnswers,
  type TunnelMessage,
  type TunnelReply,
  type TunnelRequests,
  unpackFrame,
} from './frame.ts';

type BatchOptions = {
  readonly ask: AskWorker;
  readonly clock: Clock;
  readonly endpoint: Pick<TunnelRequests, 'server' | 'caData' | 'tlsServerName'>;
  /** Whether the requests are watches, which are held until something happens. */
  readonly watches?: boolean;
};

type Waiting = {
  readonly request: Exchange;
  readonly alone: boolean;
  readonly resolve: (reply: TunnelReply) => void;
  readonly reject: (fault: unknown) => void;
};

const MOST_ITEMS = 64;
const MOST_BYTES = 4 * 1024 * 1024;
/** Messages under way at once; while there are as many, requests gather for the next. Each is a worker that runs. */
const MOST_MESSAGES = 8;
/** Far below what a lease has left when its guard lets a write go, so that no write is sent after the lease. */
const WRITE_WITHIN_MS = 3_000;
/** How long a watch is held without an event; a signal that ends it is not known to the worker. */
const HOLD_MS = 8_000;

/** Opens one direction of the tunnel. */
export function createBatcher(options: BatchOptions): (request: Exchange, alone?: boolean) => Promise<TunnelReply> {
  const { clock, watches = false } = options;
  let waiting: Waiting[] = [];
  let gathering = false;
  let underWay = 0;

  async function gather(): Promise<void> {
    gathering = true;
    await clock.sleep(1);
    gathering = false;
    sendAll();
  }

  function sendAll(): void {
    while (waiting.length > 0 && (watches || underWay < MOST_MESSAGES)) {
      const count = fitting(waiting);
      const batch = waiting.slice(0, count);
      waiting = waiting.slice(count);
      underWay += 1;
      void sendBatch(batch, options).finally(() => {
        underWay -= 1;
        sendAll();
      });
    }
  }

  return (request, alone = false) =>
    new Promise((resolve, reject) => {
      waiting.push({ request, alone, resolve, reject });
      if (!gathering) void gather();
    });
}

/** How many of those that wait go in one message, from the first. */
function fitting(waiting: readonly Waiting[]): number {
  let bytes = 0;
  const end = waiting.findIndex(({ request, alone }, index) => {
    bytes += request.path.length + Buffer.byteLength(request.body ?? '');
    return index > 0 && (alone || waiting[0]?.alone === true || index >= MOST_ITEMS || bytes > MOST_BYTES);
  });
  return end < 0 ? waiting.length : end;
}

/** Never rejects: each request learns what became of it. */
async function sendBatch(batch: readonly Waiting[], options: BatchOptions): Promise<void> {
  const allowed = batch.filter(passesGuard);
  if (allowed.length === 0) return;
  try {
    const { head, take } = unpackFrame(await options.ask(messageOf(allowed, options)), TunnelAnswers);
    const replies = head.items.map((answer) => ({ answer, body: take('bytes' in answer ? answer.bytes : 0) }));
    for (const [index, { resolve, reject }] of allowed.entries()) {
      const reply = replies[index];
      if (reply === undefined) reject(new TypeError('the worker answered fewer requests than it got'));
      else resolve({ ...reply, alone: allowed.length === 1 });
    }
  } catch (thrown) {
    for (const { reject } of allowed) reject(asDriftlessError(thrown));
  }
}

function passesGuard({ request, reject }: Waiting): boolean {
  try {
    request.guard?.();
    return true;
  } catch (refusal) {
    reject(refusal);
    return false;
  }
}

function messageOf(batch: readonly Waiting[], { clock, endpoint, watches = false }: BatchOptions): TunnelMessage {
  const bodies = batch.map(({ request }) => (request.body === undefined ? undefined : Buffer.from(request.body)));
  const items = batch.map(({ request: { method, path, headers, guard } }, index) => ({
    method,
    path,
    headers,
    bytes: bodies[index]?.length,
    notAfter: guard === undefined ? undefined : clock.now() + WRITE_WITHIN_MS,
  }));
  const head = { ...endpoint, ...(watches && { holdMs: HOLD_MS }), items };
  return packFrame(
    head,
    bodies.flatMap((body) => body ?? []),
    { zip: true },
  );
}
