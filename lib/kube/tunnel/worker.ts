// The tunnel's end in the VPC. In: a message with requests to one API server, tokens included. Out: a message with their answers. It has no
// credentials, calls no AWS service, and connects to API servers of EKS only. An error of one request is its answer; only a malformed message
// is thrown.
import { DriftlessError } from '../../errors.ts';
import type { Clock } from '../../ports/runtime.ts';
import { type Connection, connectDirectly, type ServerAddress } from '../http/connection.ts';
import type { RawRequest } from '../http/exchange.ts';
import { type TunnelMessage, TunnelRequests, unpackFrame } from './frame.ts';
import { holdWatches } from './hold-watches.ts';
import { DeadlineExceeded, errorAnswer, packResponses, responseAnswer } from './responses.ts';

type WorkerOptions = {
  readonly clock: Clock;
  /** Which servers are allowed; those of EKS by default. */
  readonly isApiServer?: (server: URL) => boolean;
};

/** Answers messages of the tunnel; `close` ends its connections. */
export type TunnelWorker = { answer(message: unknown): Promise<TunnelMessage>; close(): Promise<void> };

/** Shorter than the function's timeout, so that a silent server becomes an answer. */
const TIMEOUT_MS = 20_000;
const MAX_CONNECTIONS = 16;
const EKS = /\.(eks\.amazonaws\.com(\.cn)?|eks-cluster\.[a-z0-9-]+\.api\.(aws|amazonwebservices\.com\.cn))$/;

/** Creates the worker; connections are reused by later messages. */
export function createTunnelWorker({ clock, isApiServer = isEks }: WorkerOptions): TunnelWorker {
  const connections = new Map<string, Connection>();

  function connectionTo(endpoint: ServerAddress): Connection {
    if (!isApiServer(new URL(endpoint.server)))
      throw new DriftlessError('ConfigInvalid', `${endpoint.server}: is no API server of EKS; nothing is sent there`);
    const key = JSON.stringify(endpoint);
    const known = connections.get(key) ?? connectDirectly(endpoint, { timeoutMs: TIMEOUT_MS });
    connections.delete(key);
    connections.set(key, known);
    for (const [oldest, connection] of [...connections].slice(0, -MAX_CONNECTIONS)) {
      connections.delete(oldest);
      connection.retire();
    }
    return known;
  }

  return {
    answer: async (message) => {
      const { head, take } = unpackFrame(message, TunnelRequests);
      const { server, caData, tlsServerName, holdMs } = head;
      const requests = head.items.map((item) => requestOf(item, { take, clock }));
      const connection = connectionTo({
        server,
        ...(caData !== undefined && { caData }),
        ...(tlsServerName !== undefined && { tlsServerName }),
      });
      const answers =
        holdMs === undefined
          ? await Promise.all(requests.map((request) => connection.exchange(request).then(responseAnswer, errorAnswer)))
          : await holdWatches(requests, { connection, clock, holdMs });
      return packResponses(answers);
    },
    close: async () => void (await Promise.all([...connections.values()].map((connection) => connection.close()))),
  };
}

function isEks({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' && EKS.test(hostname);
}

function requestOf(
  { method, path, headers, bytes, notAfter }: TunnelRequests['items'][number],
  { take, clock }: { readonly take: (bytes: number) => Buffer; readonly clock: Clock },
): RawRequest {
  const guard = () => {
    if (notAfter !== undefined && clock.now() > notAfter) throw new DeadlineExceeded();
  };
  const body = bytes === undefined ? {} : { body: take(bytes).toString('utf8') };
  return { method, path, headers, guard, keepZipped: true, ...body };
}
