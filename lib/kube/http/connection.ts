import { Pool } from 'undici';
import type { ClusterAccess } from '../../model/cluster-access.ts';
import { type Exchange, exchange, openStream, type RawReply } from './exchange.ts';

/** Where an API server is and how it is known to be the right one. */
export type Endpoint = Omit<ClusterAccess, 'auth' | 'renew' | 'unknownForMs'>;

/** A way to one API server. Sends each request once. */
export type Line = {
  exchange(request: Exchange): Promise<RawReply>;
  /** Leaves a good answer open, until the signal. */
  openStream(request: Exchange, signal: AbortSignal): Promise<RawReply>;
  /** Takes no more requests; those under way end by themselves. */
  retire(): void;
  /** Breaks off what is under way. */
  close(): Promise<void>;
};

export type OpenLine = (endpoint: Endpoint) => Line;

type PoolOptions = {
  /** How long the server may be silent in one exchange; 30 s. */
  readonly timeoutMs?: number;
  /** Most connections at once, watches apart; 32. */
  readonly connections?: number;
};

/** A watch has a bookmark a minute, so one that is silent for longer is dead. */
const WATCH_IDLE_MS = 150_000;

/** A way over connections of our own. */
export function openPools(endpoint: Endpoint, { timeoutMs = 30_000, connections = 32 }: PoolOptions): Line {
  const pool = createPool(endpoint, timeoutMs, connections);
  // Of its own, since watches hold their connections.
  const watches = createPool(endpoint, timeoutMs, null);
  return {
    exchange: (request) => exchange(pool, request),
    openStream: (request, signal) => openStream(watches, request, { signal, idleMs: WATCH_IDLE_MS }),
    retire: () => {
      // Nobody waits for it, and what is under way tells its own faults.
      for (const one of [pool, watches]) void one.close().catch(() => undefined);
    },
    close: async () => void (await Promise.all([pool.destroy(), watches.destroy()])),
  };
}

function createPool(endpoint: Endpoint, timeoutMs: number, connections: number | null): Pool {
  const { caData, clientCert, tlsServerName, insecureSkipTlsVerify } = endpoint;
  return new Pool(new URL(endpoint.server).origin, {
    connections,
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
