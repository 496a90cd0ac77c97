// In: requests to one API server. Out: its answers, also those that say no. What may go wrong: faults of the network and of a busy server
// are tried again until the time for it is over, then thrown as ApiServerUnreachable, or handed back as the last answer.
import { Pool } from 'undici';
import { DriftlessError } from '../errors.ts';
import type { ClusterAccess } from '../model/cluster-access.ts';
import type { Clock, Log } from '../ports.ts';
import { type Exchange, exchange, openStream, type RawReply } from './exchange.ts';
import { faultError } from './faults.ts';
import { createPause, delayBeforeNext, type Tried } from './patience.ts';
import type { OpenReply } from './reply.ts';
import { parseStatus } from './status.ts';

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

/** A watch has a bookmark a minute, so one that is silent for longer is dead. */
const WATCH_IDLE_MS = 150_000;

/** Opens the way to an API server; nothing is sent yet. */
export function createTransport(access: ClusterAccess, options: ClusterOptions): Transport {
  const { clock, log, version, retryMs = 30_000 } = options;
  const { origin, pathname } = serverUrl(access.server);
  const prefix = pathname.replace(/\/+$/, '');
  if (access.insecureSkipTlsVerify) log.warn('the certificate of the API server is not verified', { server: origin });
  const pool = createPool(origin, access, options);
  // Of its own, since watches hold their connections.
  const watches = createPool(origin, access, { ...options, connections: Number.POSITIVE_INFINITY });
  const pause = createPause(clock);

  async function sendOnce({ streamUntil, retryMs: _, ...request }: Request, refresh: boolean): Promise<Tried> {
    const auth = await access.auth(refresh ? { refresh } : {});
    const fixed = { accept: 'application/json', 'user-agent': `driftless/${version}` };
    const whole = { ...request, path: prefix + request.path, headers: { ...fixed, ...request.headers, ...auth } };
    try {
      const raw = await (streamUntil === undefined
        ? exchange(pool, whole)
        : openStream(watches, whole, { signal: streamUntil, idleMs: WATCH_IDLE_MS }));
      return { reply: explained(raw) };
    } catch (fault) {
      return { fault };
    }
  }

  async function attempt(request: Request): Promise<Tried> {
    await pause.over();
    const tried = await sendOnce(request, false);
    const unauthorized = 'reply' in tried && tried.reply.status === 401;
    return unauthorized ? sendOnce(request, true) : tried;
  }

  async function send(request: Request): Promise<OpenReply> {
    const until = clock.monotonic() + (request.retryMs ?? retryMs);
    for (let sends = 1; ; sends += 1) {
      const tried = await attempt(request);
      const delay = delayBeforeNext(tried, sends);
      if (delay === undefined || clock.monotonic() + delay > until) return settle(tried, origin);
      if ('reply' in tried && tried.reply.status === 429) pause.extend(delay);
      await clock.sleep(delay, request.streamUntil);
    }
  }

  return { send, close: async () => void (await Promise.all([pool.destroy(), watches.destroy()])) };
}

function serverUrl(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) return url;
  throw new DriftlessError(
    'ConfigInvalid',
    `API server "${server.replace(/\/\/.*@/, '//…@')}": not an https URL; plain http is for this machine only`,
  );
}

function createPool(
  origin: string,
  access: ClusterAccess,
  { timeoutMs = 30_000, connections = 32 }: ClusterOptions,
): Pool {
  const { caData, clientCert, tlsServerName, insecureSkipTlsVerify } = access;
  return new Pool(origin, {
    connections: Number.isFinite(connections) ? connections : null,
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: 30_000,
    connectTimeout: Math.min(timeoutMs, 10_000),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: {
      ...(caData !== undefined && { ca: caData }),
      ...clientCert,
      ...(tlsServerName !== undefined && { servername: tlsServerName }),
      rejectUnauthorized: insecureSkipTlsVerify !== true,
    },
  });
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
