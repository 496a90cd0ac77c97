// In: a query and the version of a list. Out: what has changed since, until the signal. What may go wrong: the server may end a watch at any
// time, and versions expire; both end the events, and the caller lists again.
import type { Readable } from 'node:stream';
import { DriftlessError } from '../errors.ts';
import type { ListQuery, WatchEvent } from '../model/cluster-api.ts';
import { parseJson } from '../model/exact-json.ts';
import { linesOf } from './http/ndjson.ts';
import { isTransientError } from './http/network-errors.ts';
import type { Transport } from './http/transport.ts';
import { acceptOf, listed, queryPath } from './list.ts';
import { formatTarget, type RequestTarget } from './path.ts';
import { isRecord, responseError } from './response/api-response.ts';
import { readStatus } from './response/api-status.ts';

type Watched = WatchEvent | 'bookmark' | 'end';

const TIMEOUT_SECONDS = '300';

/** Streams the events of a watch; objects look as in a list. */
export async function* watchEvents(
  transport: Transport,
  query: ListQuery & { readonly resourceVersion: string },
  signal: AbortSignal,
): AsyncGenerator<WatchEvent> {
  const target: RequestTarget = { verb: 'watch', kind: query.kind, namespace: query.namespace };
  try {
    const stream = await openWatch(transport, query, { signal, target });
    if (stream === undefined) return;
    for await (const line of linesOf(stream)) {
      const event = readEvent(line, target);
      if (event === 'end') return;
      if (event !== 'bookmark') yield event;
    }
  } catch (error) {
    // A connection that breaks is how most watches end.
    if (!signal.aborted && !isTransientError(error)) throw error;
  }
}

async function openWatch(
  transport: Transport,
  query: ListQuery & { readonly resourceVersion: string },
  { signal, target }: { readonly signal: AbortSignal; readonly target: RequestTarget },
): Promise<Readable | undefined> {
  if (signal.aborted) return undefined;
  const path = queryPath(query, {
    watch: '1',
    resourceVersion: query.resourceVersion,
    allowWatchBookmarks: 'true',
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  const accept = acceptOf(query, 'PartialObjectMetadata', ['json']);
  const response = await transport.send({ method: 'GET', path, headers: { accept }, streamUntil: signal });
  if (response.stream === undefined && response.status !== 410) throw responseError(response, target);
  return response.stream;
}

function readEvent(line: string, target: RequestTarget): Watched {
  const { type, object } = parseEvent(line, target);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: listed(object, target.kind, target) };
    case 'BOOKMARK':
      return 'bookmark';
    case 'ERROR':
      return endOf(object, target);
    default:
      throw malformedEvent(target);
  }
}

function parseEvent(line: string, target: RequestTarget): Readonly<Record<string, unknown>> {
  try {
    const event: unknown = parseJson(line);
    if (isRecord(event)) return event;
  } catch {
    // reported below
  }
  throw malformedEvent(target);
}

function malformedEvent(target: RequestTarget): DriftlessError {
  return new DriftlessError(
    'ApiServerRejected',
    `${formatTarget(target)}: the API server sent a malformed watch event`,
  );
}

function endOf(object: unknown, target: RequestTarget): 'end' {
  const failure = readStatus(object);
  if (failure?.code === 410) return 'end';
  throw responseError({ status: failure?.code ?? 500, body: Buffer.alloc(0), failure }, target);
}
