// In: one request. Out: status, headers and a body that is read as it arrives. May go wrong: errors of the network; they are GitUnreachable and
// name the host and the cause, never a header.
import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as plainRequest } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { setImmediate } from 'node:timers/promises';
import { DriftlessError } from '../../errors.ts';
import type { GitTimeouts } from '../limits.ts';
import { FORBIDDEN_HOST, guardedLookup, isForbiddenAddress } from './forbidden-host.ts';

type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
};

export type HttpResponse = {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** Readable once, completely or in part. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Frees the connection without reading the body. */
  readonly discard: () => Promise<void>;
};

/** Sends one request; connections are kept alive for the next one to the same host. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

const DISCARD_BYTES = 65_536;

/** Idle connections are closed after this time, before the server closes them while a request is in transit. */
const AGENT_OPTIONS = { keepAlive: true, maxSockets: 16, timeout: 4_000 };

export function createHttp(timeouts: GitTimeouts): Http {
  const agents = { plain: new PlainAgent(AGENT_OPTIONS), tls: new TlsAgent(AGENT_OPTIONS) };
  return async (request) => {
    const { host, hostname } = request.url;
    if (isForbiddenAddress(hostname)) throw forbidden(host);
    const exchange = { request, agents, timeouts, signal: AbortSignal.timeout(timeouts.requestMs) };
    const response = await send(exchange).catch((error) => Promise.reject(unreachable(host, error)));
    return {
      status: response.statusCode ?? 0,
      header: (name) => headerOf(response, name),
      body: guarded(response, exchange),
      discard: () => discard(guarded(response, exchange)),
    };
  };
}

type Exchange = {
  readonly request: HttpRequest;
  readonly agents: { readonly plain: PlainAgent; readonly tls: TlsAgent };
  readonly timeouts: GitTimeouts;
  /** Ends the exchange as a whole. */
  readonly signal: AbortSignal;
};

function send({ request, agents, timeouts, signal }: Exchange): Promise<IncomingMessage> {
  const { url, method, headers, body } = request;
  const options = { method, headers, signal, lookup: guardedLookup };
  const outgoing =
    url.protocol === 'https:'
      ? tlsRequest(url, { ...options, agent: agents.tls })
      : plainRequest(url, { ...options, agent: agents.plain });
  return new Promise((resolve, reject) => {
    const answered = limitHead(outgoing, timeouts);
    outgoing.on('error', (error) => {
      answered();
      reject(causeOf(error, signal));
    });
    outgoing.once('response', (response) => {
      answered();
      // The reader of the body gets this error too, if there is one.
      response.on('error', () => undefined);
      resolve(response);
    });
    outgoing.end(body);
  });
}

/** Limits the time for the connection, then for the head of the response, until the returned function is called. */
function limitHead(outgoing: ClientRequest, { connectMs, headersMs }: GitTimeouts): () => void {
  let timer: NodeJS.Timeout | undefined;
  const limit = (ms: number, code: string): void => {
    clearTimeout(timer);
    timer = setTimeout(() => outgoing.destroy(timeOut(code)), ms);
  };
  outgoing.once('socket', (socket) => {
    if (!socket.connecting) return limit(headersMs, HEAD_LATE);
    limit(connectMs, CONNECTION_LATE);
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => limit(headersMs, HEAD_LATE));
  });
  return () => clearTimeout(timer);
}

/** Reads a body, during which the server may be silent for a limited time. */
async function* guarded(response: IncomingMessage, exchange: Exchange): AsyncGenerator<Uint8Array> {
  const { request, timeouts, signal } = exchange;
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    timer = setTimeout(() => response.destroy(timeOut(BODY_LATE)), timeouts.idleMs);
  };
  try {
    wait();
    for await (const chunk of response) {
      clearTimeout(timer);
      yield chunk;
      wait();
    }
    // The connection becomes free one turn later; an earlier request would open another one.
    await setImmediate();
  } catch (error) {
    throw unreachable(request.url.host, causeOf(error, signal));
  } finally {
    clearTimeout(timer);
  }
}

async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // To stop reading closes the connection.
    if (bytes > DISCARD_BYTES) return;
  }
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** After a timeout, the timeout is the cause, whatever the connection reports. */
function causeOf(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted ? signal.reason : error;
}

function timeOut(code: string): Error {
  return Object.assign(new Error('no response within the timeout'), { code });
}

const CONNECTION_LATE = 'CONNECTION_LATE';
const HEAD_LATE = 'HEAD_LATE';
const BODY_LATE = 'BODY_LATE';

const CAUSES: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name cannot be resolved now',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection broke off',
  EPIPE: 'the connection broke off',
  [CONNECTION_LATE]: 'no connection within the timeout',
  [HEAD_LATE]: 'no response within the timeout',
  [BODY_LATE]: 'the response stopped halfway',
  ABORT_ERR: 'the response took too long in total',
};

function unreachable(host: string, error: unknown): DriftlessError {
  if (error instanceof DriftlessError) return error;
  const code = codeOf(error);
  if (code === FORBIDDEN_HOST) return forbidden(host);
  const why = CAUSES[code] ?? `the connection failed (${code})`;
  return new DriftlessError('GitUnreachable', `Git server ${host}: ${why}`, { cause: error });
}

/** Node's code of a network error; that of the first attempt where several addresses were tried. */
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
    `Git server ${host}: its address is link-local, where clouds serve credentials; use the address of a Git server`,
  );
}
