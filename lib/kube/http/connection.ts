import { Pool } from 'undici';
import type { ClusterAccess } from '../../model/cluster-access.ts';
import { exchange, openStream, type RawRequest, type RawResponse } from './exchange.ts';

/** The address of an API server, and what proves its identity. */
export type ServerAddress = Omit<ClusterAccess, 'auth' | 'renew' | 'unknownForMs'>;

/** Sends requests to one API server, each of them once. */
export type Connection = {
  exchange(request: RawRequest): Promise<RawResponse>;
  /** Leaves the response open until the signal, unless it is an error. */
  openStream(request: RawRequest, signal: AbortSignal): Promise<RawResponse>;
  /** Accepts no more requests; those in progress finish. */
  retire(): void;
  /** Aborts what is in progress. */
  close(): Promise<void>;
};

export type Connect = (address: ServerAddress) => Connection;

type PoolOptions = {
  /** How long the server may be silent during one exchange; 30 s. */
  readonly timeoutMs?: number;
  /** The most connections at once, those of watches not counted; 32. */
  readonly connections?: number;
};

/** A watch receives a bookmark each minute, so one that is silent for longer is dead. */
const WATCH_IDLE_MS = 150_000;

/** Connects over the network, without an intermediary. */
export function connectDirectly(
  address: ServerAddress,
  { timeoutMs = 30_000, connections = 32 }: PoolOptions,
): Connection {
  const pool = createPool(address, timeoutMs, connections);
  // A separate pool, since watches occupy their connections.
  const watches = createPool(address, timeoutMs, null);
  return {
    exchange: (request) => exchange(pool, request),
    openStream: (request, signal) => openStream(watches, request, { signal, idleMs: WATCH_IDLE_MS }),
    retire: () => {
      // Requests in progress report their own errors.
      for (const one of [pool, watches]) void one.close().catch(() => undefined);
    },
    close: async () => void (await Promise.all([pool.destroy(), watches.destroy()])),
  };
}

function createPool(address: ServerAddress, timeoutMs: number, connections: number | null): Pool {
  const { caData, clientCert, tlsServerName, insecureSkipTlsVerify } = address;
  return new Pool(new URL(address.server).origin, {
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
