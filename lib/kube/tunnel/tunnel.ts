// In: requests to an API server that is reachable only from within its VPC. Out: its responses, through a worker function there. What may go
// wrong: the worker cannot be invoked (thrown as that error), the network behind it fails (thrown with its own code, so that the transport
// retries as usual), a response is too large for a function (a page of a list is requested again, smaller).
import { DriftlessError, isErrorCode } from '../../errors.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { Connect, Connection } from '../http/connection.ts';
import { type RawRequest, type RawResponse, unzipped } from '../http/exchange.ts';
import { createBatcher } from './batch.ts';
import { type InvokeWorker, MAX_ANSWER_BYTES, type TunnelResponse } from './frame.ts';
import { type TunneledResponse, watchThrough } from './watch.ts';

/** How often a request is sent, alone in its message or for a smaller page. */
const RESENDS = 8;

/** Connects to API servers through a worker, for a cluster's `connect`. */
export function tunnelTo(invoke: InvokeWorker, clock: Clock): Connect {
  return ({ server, caData, tlsServerName }): Connection => {
    const endpoint = {
      server,
      ...(caData !== undefined && { caData }),
      ...(tlsServerName !== undefined && { tlsServerName }),
    };
    const requests = createBatcher({ invoke, clock, endpoint });
    const pages = new Map<string, number>();
    const watches = createBatcher({ invoke, clock, endpoint, watches: true });
    return {
      exchange: (request) => exchangeThrough(requests, request, pages),
      openStream: async (request, signal) =>
        watchThrough(async (one) => received(await watches(one), one), { request, signal, clock }),
      retire: () => undefined,
      close: async () => undefined,
    };
  };
}

type Send = (request: RawRequest, alone?: boolean) => Promise<TunnelResponse>;

/** @param pages the sizes of pages that were small enough, by path */
async function exchangeThrough(send: Send, request: RawRequest, pages: Map<string, number>): Promise<RawResponse> {
  let current = withSmallerPage(request, pages.get(pathOf(request)));
  let alone = false;
  for (let sends = 0; sends < RESENDS; sends += 1) {
    const response = await send(current, alone);
    if (!('tooLarge' in response.answer)) return received(response, current);
    if (response.alone) {
      const limit = fittingLimit(current, response.answer.tooLarge);
      pages.set(pathOf(request), limit);
      current = withSmallerPage(current, limit);
    }
    // It did not fit beside others. Sending it again is harmless, since writes are idempotent or name a version.
    alone = true;
  }
  throw tooLarge(request);
}

/** The API server's response, unzipped; throws the error that the worker returned instead. */
async function received({ answer, body }: TunnelResponse, request: RawRequest): Promise<TunneledResponse> {
  if ('status' in answer) {
    const { status, headers, ended = false } = answer;
    const zipped = headers['content-encoding'] === 'gzip';
    return { status, headers, body: zipped ? await unzipped(body, request) : body, ended };
  }
  if ('fault' in answer) throw errorOf(answer.fault);
  if ('late' in answer) throw errorOf({ code: 'ETIMEDOUT', message: 'the worker received it too late to send it' });
  throw tooLarge(request, answer.tooLarge);
}

function errorOf({ code, message }: { readonly code: string; readonly message: string }): Error {
  if (isErrorCode(code)) return new DriftlessError(code, message);
  return Object.assign(new Error(message), { code });
}

/** A list may have pages of any size; the server says where the next one begins. */
function withSmallerPage(request: RawRequest, limit: number | undefined): RawRequest {
  const parameters = parametersOf(request);
  if (limit === undefined || !(Number(parameters.get('limit')) > limit)) return request;
  parameters.set('limit', String(limit));
  return { ...request, path: `${pathOf(request)}?${parameters}` };
}

/** Throws where the response is not a page, or a page of one object. */
function fittingLimit(request: RawRequest, bytes: number): number {
  const limit = Number(parametersOf(request).get('limit'));
  if (request.method !== 'GET' || !(limit > 1)) throw tooLarge(request, bytes);
  const fitting = Math.floor((limit * MAX_ANSWER_BYTES) / bytes / 2);
  return Math.max(1, Math.min(fitting, Math.floor(limit / 2)));
}

function pathOf({ path }: RawRequest): string {
  return path.split('?', 1)[0] ?? '';
}

function parametersOf({ path }: RawRequest): URLSearchParams {
  return new URLSearchParams(path.split('?')[1]);
}

function tooLarge({ method, path }: RawRequest, bytes?: number): DriftlessError {
  const size = bytes === undefined ? '' : ` of ${bytes} zipped bytes`;
  return new DriftlessError(
    'ApiServerRejected',
    `${method} ${path}: the response${size} exceeds the ${MAX_ANSWER_BYTES} bytes that fit through the worker of a private cluster; make its objects smaller`,
  );
}
