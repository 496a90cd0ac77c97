// In: requests to one API server. Out: its answers, also those that say no. What may go wrong: faults of the network and of a busy server
// are tried again until the time for it is over, then thrown as ApiServerUnreachable, or handed back as the last answer.
import type { ClusterAccess } from '../../model/cluster-access.ts';
import type { Clock, Log } from '../../ports/runtime.ts';
import type { OpenReply } from '../response/api-response.ts';
import { parseStatus } from '../response/api-status.ts';
import { type OpenLine, openPools } from './connection.ts';
import { createRoutes, type Route } from './endpoint.ts';
import type { Exchange, RawReply } from './exchange.ts';
import { faultError, mayHaveMoved } from './network-errors.ts';
import { createGrace, createPause, delayBeforeNext, type Tried } from './retry-policy.ts';

export type ClusterOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** Version of Driftless, for the User-Agent. */
  readonly version: string;
  /** How long a request is tried again; 30 s. */
  readonly retryMs?: number;
  /** How long the server may be silent in one exchange; 30 s. */
  readonly timeoutMs?: number;
  /** Most connections at once, watches apart; 32. */
  readonly connections?: number;
  /** How the server is reached; over connections of our own unless another way is given. */
  readonly openLine?: OpenLine;
};

type Request = Omit<Exchange, 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>;
  /** Overrides how long it is tried again. */
  readonly retryMs?: number;
  /** Leaves a good answer open, until then. */
  readonly streamUntil?: AbortSignal;
};

export type Transport = {
  send(request: Request): Promise<OpenReply>;
  close(): Promise<void>;
};

/** Opens the way to an API server; nothing is sent yet. */
export function createTransport(access: ClusterAccess, options: ClusterOptions): Transport {
  const { clock, log, version, retryMs = 30_000, openLine = (endpoint) => openPools(endpoint, options) } = options;
  const routes = createRoutes(access, { openLine, log });
  if (access.insecureSkipTlsVerify)
    log.warn('the certificate of the API server is not verified', { server: routes.current().origin });
  const pause = createPause(clock);
  const grace = createGrace(clock, access.unknownForMs ?? 0);

  async function sendOnce(
    route: Route,
    { streamUntil, retryMs: _, ...request }: Request,
    refresh = false,
  ): Promise<Tried> {
    const auth = await route.access.auth(refresh ? { refresh } : {});
    const fixed = { accept: 'application/json', 'user-agent': `driftless/${version}` };
    const whole = { ...request, path: route.prefix + request.path, headers: { ...fixed, ...request.headers, ...auth } };
    try {
      const { line } = route;
      return {
        reply: explained(
          await (streamUntil === undefined ? line.exchange(whole) : line.openStream(whole, streamUntil)),
        ),
      };
    } catch (fault) {
      return { fault };
    }
  }

  async function attempt(request: Request): Promise<Tried> {
    await pause.over();
    const route = routes.current();
    const tried = await sendOnce(route, request);
    if ('reply' in tried) return tried.reply.status === 401 ? sendOnce(route, request, true) : tried;
    const renewed = mayHaveMoved(tried.fault) && (await routes.renew(route));
    return renewed ? sendOnce(routes.current(), request) : tried;
  }

  async function send(request: Request): Promise<OpenReply> {
    const until = clock.monotonic() + (request.retryMs ?? retryMs);
    for (let sends = 1; ; sends += 1) {
      const tried = await attempt(request);
      const delay = grace(tried) ?? delayBeforeNext(tried, sends);
      if (delay === undefined || clock.monotonic() + delay > until) return settle(tried, routes.current().origin);
      if ('reply' in tried && tried.reply.status === 429) pause.extend(delay);
      await clock.sleep(delay, request.streamUntil);
    }
  }

  return { send, close: () => routes.close() };
}

function explained(raw: RawReply): OpenReply {
  const { status, headers, body, stream } = raw;
  if (status < 400) return { status, body, ...(stream !== undefined && { stream }) };
  const seconds = Number(headers['retry-after']);
  return {
    status,
    body,
    failure: parseStatus(body.toString('utf8')),
    retryAfterSeconds: Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined,
  };
}

function settle(tried: Tried, server: string): OpenReply {
  if ('reply' in tried) return tried.reply;
  throw faultError(tried.fault, server);
}
