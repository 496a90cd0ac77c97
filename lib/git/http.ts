// In: one request. Out: status, headers and a body that is read as it arrives. May go wrong: whatever a network does; it is GitUnreachable and
// names the host and the cause, never a header.
import { setImmediate } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { DriftlessError } from '../errors.ts';
import { FORBIDDEN_HOST, guardedLookup, isForbiddenAddress } from './forbidden-host.ts';
import type { GitTimeouts } from './limits.ts';

type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
};

export type HttpResponse = {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** To be read once, to its end or not. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives the connection back without reading the body. */
  readonly discard: () => Promise<void>;
};

/** Sends one request; connections are kept alive for the next one to the same host. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

const DISCARD_BYTES = 65_536;

export function createHttp(timeouts: GitTimeouts): Http {
  const agent = new Agent({
    allowH2: false,
    connections: 16,
    connect: { timeout: timeouts.connectMs, lookup: guardedLookup },
    headersTimeout: timeouts.headersMs,
    bodyTimeout: timeouts.idleMs,
  });
  return async (request) => {
    const { host, hostname } = request.url;
    if (isForbiddenAddress(hostname)) throw forbidden(host);
    const response = await send(agent, { request, signal: AbortSignal.timeout(timeouts.requestMs) });
    return {
      status: response.statusCode,
      header: (name) => headerOf(response, name),
      body: guarded(response.body, host),
      discard: () => response.body.dump({ limit: DISCARD_BYTES }),
    };
  };
}

type Sending = { readonly request: HttpRequest; readonly signal: AbortSignal };

async function send(agent: Agent, { request, signal }: Sending): Promise<Dispatcher.ResponseData> {
  const { url, method, headers, body = null } = request;
  try {
    return await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      body,
      signal,
    });
  } catch (error) {
    throw unreachable(url.host, error);
  }
}

async function* guarded(body: AsyncIterable<Uint8Array>, host: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
    // undici knows its connection to be free one turn later; a request before that would open another one.
    await setImmediate();
  } catch (error) {
    throw unreachable(host, error);
  }
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be looked up now',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  UND_ERR_SOCKET: 'the connection broke off',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the connection broke off',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in the middle',
  ABORT_ERR: 'the answer took too long as a whole',
};

function unreachable(host: string, error: unknown): DriftlessError {
  if (error instanceof DriftlessError) return error;
  const code = codeOf(error);
  if (code === FORBIDDEN_HOST) return forbidden(host);
  const why = CAUSES[code] ?? `the connection failed (${code})`;
  return new DriftlessError('GitUnreachable', `Git server ${host}: ${why}`, { cause: error });
}

/** A word for a failure of the network: Node's or undici's code, that of the first attempt where several addresses were tried. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown cause';
  if ('name' in error && error.name === 'TimeoutError') return 'ABORT_ERR';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  return 'unknown cause';
}

function forbidden(host: string): DriftlessError {
  return new DriftlessError(
    'SourceRefused',
    `Git server ${host}: its address is link-local, where cloud credentials live; use the address of a Git server`,
  );
}
