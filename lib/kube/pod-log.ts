// In: a container of a pod. Out: a part of its log. What may go wrong: what reading a pod may; a container that has not started, or has no former instance, is an answer.
import type { ServedKind } from '../model/cluster-api.ts';
import type { LogQuery, LogRead } from '../ports/inspect.ts';
import type { Transport } from './http/transport.ts';
import { objectPath } from './path.ts';
import { responseError } from './response/api-response.ts';

const POD: ServedKind = { group: '', version: 'v1', kind: 'Pod', plural: 'pods', namespaced: true };

/** A person waits, and a node may be gone. */
const RETRY_MS = 3_000;

/** The server says with these that the container has nothing to read; with 5xx, that it does not reach the node. */
const UNAVAILABLE: readonly number[] = [400, 404, 500, 502, 503, 504];

/** Reads a log, with the time of each line. */
export async function readPodLog(transport: Transport, query: LogQuery): Promise<LogRead> {
  const { namespace, pod: name } = query;
  const target = { verb: 'get', kind: POD, namespace, name } as const;
  const path = `${objectPath(target)}/log?${parametersOf(query)}`;
  const response = await transport.send({ method: 'GET', path, headers: { accept: '*/*' }, retryMs: RETRY_MS });
  if (response.status === 200) return { status: 'read', text: response.body.toString('utf8') };
  if (!UNAVAILABLE.includes(response.status)) throw responseError(response, target);
  return { status: 'unavailable', message: response.failure?.message ?? `HTTP ${response.status}` };
}

function parametersOf({ container, previous, sinceTime, tailLines, limitBytes }: LogQuery): URLSearchParams {
  return new URLSearchParams({
    container,
    timestamps: 'true',
    limitBytes: String(limitBytes),
    ...(previous && { previous: 'true' }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(tailLines !== undefined && { tailLines: String(tailLines) }),
  });
}
