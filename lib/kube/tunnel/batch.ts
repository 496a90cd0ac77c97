// In: single requests. Out: their responses. Requests of one millisecond, or of the time while the worker is busy, share one message.
import { asDriftlessError } from '../../errors.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { RawRequest } from '../http/exchange.ts';
import {
  type InvokeWorker,
  packFrame,
  TunnelAnswers,
  type TunnelMessage,
  type TunnelRequests,
  type TunnelResponse,
  unpackFrame,
} from './frame.ts';

type BatchOptions = {
  readonly invoke: InvokeWorker;
  readonly clock: Clock;
  readonly endpoint: Pick<TunnelRequests, 'server' | 'caData' | 'tlsServerName'>;
  /** Whether the requests are watches, which are held until an event. */
  readonly watches?: boolean;
};

type PendingRequest = {
  readonly request: RawRequest;
  readonly alone: boolean;
  readonly resolve: (response: TunnelResponse) => void;
  readonly reject: (error: unknown) => void;
};

const MAX_ITEMS = 64;
const MAX_BYTES = 4 * 1024 * 1024;
/** Messages in progress at once; above that, requests gather for the next one. Each message occupies one worker. */
const MAX_MESSAGES = 8;
/** Far below the remaining time of a lease whose guard allows a write, so that no write is sent after the lease. */
const WRITE_WITHIN_MS = 3_000;
/** How long a watch is held without an event; the worker does not learn of a signal that ends it. */
const HOLD_MS = 8_000;

/** Opens one direction of the tunnel. */
export function createBatcher(
  options: BatchOptions,
): (request: RawRequest, alone?: boolean) => Promise<TunnelResponse> {
  const { clock, watches = false } = options;
  let waiting: PendingRequest[] = [];
  let gathering = false;
  let inProgress = 0;

  async function gather(): Promise<void> {
    gathering = true;
    await clock.sleep(1);
    gathering = false;
    sendAll();
  }

  function sendAll(): void {
    while (waiting.length > 0 && (watches || inProgress < MAX_MESSAGES)) {
      const count = fitting(waiting);
      const batch = waiting.slice(0, count);
      waiting = waiting.slice(count);
      inProgress += 1;
      void sendBatch(batch, options).finally(() => {
        inProgress -= 1;
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

/** How many of the pending requests fit into one message, from the first. */
function fitting(waiting: readonly PendingRequest[]): number {
  let bytes = 0;
  const end = waiting.findIndex(({ request, alone }, index) => {
    bytes += request.path.length + Buffer.byteLength(request.body ?? '');
    return index > 0 && (alone || waiting[0]?.alone === true || index >= MAX_ITEMS || bytes > MAX_BYTES);
  });
  return end < 0 ? waiting.length : end;
}

/** Never rejects: each request gets its own result. */
async function sendBatch(batch: readonly PendingRequest[], options: BatchOptions): Promise<void> {
  const allowed = batch.filter(passesGuard);
  if (allowed.length === 0) return;
  try {
    const { head, take } = unpackFrame(await options.invoke(messageOf(allowed, options)), TunnelAnswers);
    const responses = head.items.map((answer) => ({ answer, body: take('bytes' in answer ? answer.bytes : 0) }));
    for (const [index, { resolve, reject }] of allowed.entries()) {
      const response = responses[index];
      if (response === undefined) reject(new TypeError('the worker answered fewer requests than it received'));
      else resolve({ ...response, alone: allowed.length === 1 });
    }
  } catch (thrown) {
    for (const { reject } of allowed) reject(asDriftlessError(thrown));
  }
}

function passesGuard({ request, reject }: PendingRequest): boolean {
  try {
    request.guard?.();
    return true;
  } catch (refusal) {
    reject(refusal);
    return false;
  }
}

function messageOf(
  batch: readonly PendingRequest[],
  { clock, endpoint, watches = false }: BatchOptions,
): TunnelMessage {
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
