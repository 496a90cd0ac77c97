// In: requests to an API server that is reached from within its VPC only. Out: its answers, by way of a worker function there. What may go
// wrong: the worker cannot be asked (thrown as its own error), the network behind it fails (thrown with the code it failed with there, so that the
// transport tries again as ever), an answer is too large for a function (a page of a list is asked for again, smaller).
import { DriftlessError, isErrorCode } from '../../errors.ts';
import type { Clock } from '../../ports/runtime.ts';
import type { Line, OpenLine } from '../http/connection.ts';
import { type Exchange, type RawReply, unzipped } from '../http/exchange.ts';
import { createBatcher } from './batch.ts';
import { type AskWorker, MAX_ANSWER_BYTES, type TunnelReply } from './frame.ts';
import { type Delivered, watchThrough } from './watch.ts';

/** How often a request is sent again in a batch of its own, or for a smaller page. */
const RESENDS = 8;

/** Ways to API servers through a worker, for a cluster's `openLine`. */
export function tunnelTo(ask: AskWorker, clock: Clock): OpenLine {
  return ({ server, caData, tlsServerName }): Line => {
    const endpoint = {
      server,
      ...(caData !== undefined && { caData }),
      ...(tlsServerName !== undefined && { tlsServerName }),
    };
    const requests = createBatcher({ ask, clock, endpoint });
    const pages = new Map<string, number>();
    const watches = createBatcher({ ask, clock, endpoint, watches: true });
    return {
      exchange: (request) => exchangeThrough(requests, request, pages),
      openStream: async (request, signal) =>
        watchThrough(async (one) => delivered(await watches(one), one), { request, signal, clock }),
      retire: () => undefined,
      close: async () => undefined,
    };
  };
}

type Send = (request: Exchange, alone?: boolean) => Promise<TunnelReply>;

/** @param pages the sizes of pages that were small enough, by path */
async function exchangeThrough(send: Send, request: Exchange, pages: Map<string, number>): Promise<RawReply> {
  let current = withSmallerPage(request, pages.get(pathOf(request)));
  let alone = false;
  for (let sends = 0; sends < RESENDS; sends += 1) {
    const reply = await send(current, alone);
    if (!('tooLarge' in reply.answer)) return delivered(reply, current);
    if (reply.alone) {
      const limit = fittingLimit(current, reply.answer.tooLarge);
      pages.set(pathOf(request), limit);
      current = withSmallerPage(current, limit);
    }
    // Beside others there was no room; the same again is harmless, since what writes is idempotent or names a version.
    alone = true;
  }
  throw tooLarge(request);
}

/** The API server's answer, unzipped; throws what came instead of it. */
async function delivered({ answer, body }: TunnelReply, request: Exchange): Promise<Delivered> {
  if ('status' in answer) {
    const { status, headers, ended = false } = answer;
    const zipped = headers['content-encoding'] === 'gzip';
    return { status, headers, body: zipped ? await unzipped(body, request) : body, ended };
  }
  if ('fault' in answer) throw faultOf(answer.fault);
  if ('late' in answer) throw faultOf({ code: 'ETIMEDOUT', message: 'the worker got it too late to send it' });
  throw tooLarge(request, answer.tooLarge);
}

function faultOf({ code, message }: { readonly code: string; readonly message: string }): Error {
  if (isErrorCode(code)) return new DriftlessError(code, message);
  return Object.assign(new Error(message), { code });
}

/** A list in pages may have any size of page; the server says where the next one begins. */
function withSmallerPage(request: Exchange, limit: number | undefined): Exchange {
  const parameters = parametersOf(request);
  if (limit === undefined || !(Number(parameters.get('limit')) > limit)) return request;
  parameters.set('limit', String(limit));
  return { ...request, path: `${pathOf(request)}?${parameters}` };
}

/** Throws where the answer is no page, or a page of one object. */
function fittingLimit(request: Exchange, bytes: number): number {
  const limit = Number(parametersOf(request).get('limit'));
  if (request.method !== 'GET' || !(limit > 1)) throw tooLarge(request, bytes);
  const fitting = Math.floor((limit * MAX_ANSWER_BYTES) / bytes / 2);
  return Math.max(1, Math.min(fitting, Math.floor(limit / 2)));
}

function pathOf({ path }: Exchange): string {
  return path.split('?', 1)[0] ?? '';
}

function parametersOf({ path }: Exchange): URLSearchParams {
  return new URLSearchParams(path.split('?')[1]);
}

function tooLarge({ method, path }: Exchange, bytes?: number): DriftlessError {
  const size = bytes === undefined ? '' : ` of ${bytes} zipped bytes`;
  return new DriftlessError(
    'ApiServerRejected',
    `${method} ${path}: the answer${size} is larger than the ${MAX_ANSWER_BYTES} that go through the worker of a private cluster; make its objects smaller`,
  );
}
