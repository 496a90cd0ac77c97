// The tunnel's end in the VPC. In: a message with requests to one API server, tokens included. Out: a message with their answers. It has no
// credentials, calls no service of AWS, and speaks to API servers of EKS only. What goes wrong with one request is its answer; only a message that
// cannot be read is thrown.
import { DriftlessError } from '../../errors.ts';
import type { Clock } from '../../ports/runtime.ts';
import { type Endpoint, type Line, openPools } from '../http/connection.ts';
import type { Exchange } from '../http/exchange.ts';
import { answered, answerOf, Late, packAnswers } from './answers.ts';
import { type TunnelMessage, TunnelRequests, unpackFrame } from './frame.ts';
import { holdWatches } from './hold-watches.ts';

type WorkerOptions = {
  readonly clock: Clock;
  /** Whether a server may be spoken to; those of EKS by default. */
  readonly isApiServer?: (server: URL) => boolean;
};

/** Answers messages of the tunnel; `close` ends its connections. */
export type TunnelWorker = { answer(message: unknown): Promise<TunnelMessage>; close(): Promise<void> };

/** Shorter than the function may run, so that a silent server is an answer. */
const TIMEOUT_MS = 20_000;
const MOST_LINES = 16;
const EKS = /\.(eks\.amazonaws\.com(\.cn)?|eks-cluster\.[a-z0-9-]+\.api\.(aws|amazonwebservices\.com\.cn))$/;

/** Makes the worker; connections are kept from one message to the next. */
export function createTunnelWorker({ clock, isApiServer = isEks }: WorkerOptions): TunnelWorker {
  const lines = new Map<string, Line>();

  function lineTo(endpoint: Endpoint): Line {
    if (!isApiServer(new URL(endpoint.server)))
      throw new DriftlessError('ConfigInvalid', `${endpoint.server}: is no API server of EKS; nothing is sent there`);
    const key = JSON.stringify(endpoint);
    const known = lines.get(key) ?? openPools(endpoint, { timeoutMs: TIMEOUT_MS });
    lines.delete(key);
    lines.set(key, known);
    for (const [oldest, line] of [...lines].slice(0, -MOST_LINES)) {
      lines.delete(oldest);
      line.retire();
    }
    return known;
  }

  return {
    answer: async (message) => {
      const { head, take } = unpackFrame(message, TunnelRequests);
      const { server, caData, tlsServerName, holdMs } = head;
      const requests = head.items.map((item) => requestOf(item, { take, clock }));
      const line = lineTo({
        server,
        ...(caData !== undefined && { caData }),
        ...(tlsServerName !== undefined && { tlsServerName }),
      });
      const answers =
        holdMs === undefined
          ? await Promise.all(requests.map((request) => line.exchange(request).then(answered, answerOf)))
          : await holdWatches(requests, { line, clock, holdMs });
      return packAnswers(answers);
    },
    close: async () => void (await Promise.all([...lines.values()].map((line) => line.close()))),
  };
}

function isEks({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' && EKS.test(hostname);
}

function requestOf(
  { method, path, headers, bytes, notAfter }: TunnelRequests['items'][number],
  { take, clock }: { readonly take: (bytes: number) => Buffer; readonly clock: Clock },
): Exchange {
  const guard = () => {
    if (notAfter !== undefined && clock.now() > notAfter) throw new Late();
  };
  const body = bytes === undefined ? {} : { body: take(bytes).toString('utf8') };
  return { method, path, headers, guard, keepZipped: true, ...body };
}
