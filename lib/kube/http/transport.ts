// In: requests to one API server. Out: its responses, errors included. What may go wrong: errors of the network and of a busy server are
// retried until the time for that is over, then thrown as ApiServerUnreachable, or returned as the last response.
import type { ClusterAccess } from '../../model/cluster-access.ts';
import type { Clock, Log } from '../../ports/runtime.ts';
import type { ApiResponse } from '../response/api-response.ts';
import { parseStatus } from '../response/api-status.ts';
import { type Connect, connectDirectly } from './connection.ts';
import { createEndpoints, type Endpoint } from './endpoint.ts';
import type { RawRequest, RawResponse } from './exchange.ts';
import { connectionError, mayHaveMoved } from './network-errors.ts';
import { type Attempt, createThrottle, createUnauthorizedRetry, retryDelay } from './retry-policy.ts';

export type ClusterOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** Version of Driftless, for the User-Agent. */
  readonly version: string;
  /** How long a request is retried; 30 s. */
  readonly retryMs?: number;
  /** How long the server may be silent during one exchange; 30 s. */
  readonly timeoutMs?: number;
  /** The most connections at once, those of watches not counted; 32. */
  readonly connections?: number;
  /** How the server is reached; directly by default. */
  readonly connect?: Connect;
};

type Request = Omit<RawRequest, 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>;
  /** Overrides how long it is retried. */
  readonly retryMs?: number;
  /** Leaves the response open until then, unless it is an error. */
  readonly streamUntil?: AbortSignal;
};

export type Transport = {
  send(request: Request): Promise<ApiResponse>;
  close(): Promise<void>;
};

/** Prepares access to an API server; nothing is sent yet. */
export function createTransport(access: ClusterAccess, options: ClusterOptions): Transport {
  const { clock, log, version, retryMs = 30_000 } = options;
  const { connect = (address) => connectDirectly(address, options) } = options;
  const endpoints = createEndpoints(access, { connect, log });
  if (access.insecureSkipTlsVerify)
    log.warn('the certificate of the API server is not verified', { server: endpoints.current().origin });
  const throttle = createThrottle(clock);
  const unauthorizedRetry = createUnauthorizedRetry(clock, access.unknownForMs ?? 0);

  async function sendOnce(
    { access: { auth }, connection, prefix }: Endpoint,
    { streamUntil, retryMs: _, ...request }: Request,
    refresh = false,
  ): Promise<Attempt> {
    const credentials = await auth(refresh ? { refresh } : {});
    const fixed = { accept: 'application/json', 'user-agent': `driftless/${version}` };
    const headers = { ...fixed, ...request.headers, ...credentials };
    const whole = { ...request, path: prefix + request.path, headers };
    try {
      const raw = streamUntil === undefined ? connection.exchange(whole) : connection.openStream(whole, streamUntil);
      return { response: parseFailure(await raw) };
    } catch (error) {
      return { error };
    }
  }

  async function attemptRequest(request: Request): Promise<Attempt> {
    await throttle.wait();
    const endpoint = endpoints.current();
    const attempt = await sendOnce(endpoint, request);
    if ('response' in attempt) return attempt.response.status === 401 ? sendOnce(endpoint, request, true) : attempt;
    const renewed = mayHaveMoved(attempt.error) && (await endpoints.renew(endpoint));
    return renewed ? sendOnce(endpoints.current(), request) : attempt;
  }

  async function send(request: Request): Promise<ApiResponse> {
    const until = clock.monotonic() + (request.retryMs ?? retryMs);
    for (let sends = 1; ; sends += 1) {
      const attempt = await attemptRequest(request);
      const delay = unauthorizedRetry(attempt) ?? retryDelay(attempt, sends);
      if (delay === undefined || clock.monotonic() + delay > until)
        return responseOrThrow(attempt, endpoints.current().origin);
      if ('response' in attempt && attempt.response.status === 429) throttle.extend(delay);
      await clock.sleep(delay, request.streamUntil);
    }
  }

  return { send, close: () => endpoints.close() };
}

/** Reads the explanation of an error response. */
function parseFailure({ status, headers, body, stream }: RawResponse): ApiResponse {
  if (status < 400) return { status, body, ...(stream !== undefined && { stream }) };
  const seconds = Number(headers['retry-after']);
  return {
    status,
    body,
    failure: parseStatus(body.toString('utf8')),
    retryAfterSeconds: Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined,
  };
}

function responseOrThrow(attempt: Attempt, server: string): ApiResponse {
  if ('response' in attempt) return attempt.response;
  throw connectionError(attempt.error, server);
}
