// In: an application, and maybe one of its objects. Out: a page of the logs of its pods, in the order of time, and from where the next page goes on. May go wrong: as
// the scope may, ObjectUnknown, and RequestInvalid for a container that does not exist.
import { mapBounded } from '../../async/map-bounded.ts';
import { asDriftlessError } from '../../errors.ts';
import { openScope, type ReadScope, type ScopePorts } from '../scope.ts';
import { readSelected } from '../selected.ts';
import { containersToRead } from './log-containers.ts';
import { type ContainerRef, formatCursor, type LogPositions, parseCursor, positionKey } from './log-cursor.ts';
import { type LogPage, type LogPart, linesOf, logPage } from './log-page.ts';

export type LogRequest = {
  readonly app: string;
  readonly object?: string | undefined;
  readonly container?: string | undefined;
  readonly previous: boolean;
  /** Only what is younger. */
  readonly sinceSeconds?: number | undefined;
  /** Lines of each container at the first page; 100. */
  readonly tail?: number | undefined;
  /** That of the page before. */
  readonly cursor?: string | undefined;
};

export type ApplicationLogs = LogPage & {
  readonly app: string;
  /** What the next page is asked for with. */
  readonly cursor: string;
  readonly containers: readonly ContainerRef[];
  /** Why some containers are not among them. */
  readonly unread: readonly string[];
};

/** Containers that are read at a time: one log is a connection to a node. */
const MOST_CONTAINERS = 30;
const READS_AT_ONCE = 8;
const TAIL = 100;
/** Bytes that a page asks all servers for. */
const ALL_BYTES = 2_000_000;
/** Bytes of one answer where many lines have the same second, which the server cannot begin within. */
const MOST_BYTES = 4_000_000;

/** Reads a page of logs. */
export async function readLogs(request: LogRequest, ports: ScopePorts): Promise<ApplicationLogs> {
  const scope = await openScope(request.app, ports);
  const { objects, unread } = await readSelected(request.object, scope);
  const pods = objects.filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Pod');
  const all = containersToRead(pods, request.container);
  const containers = all.slice(0, MOST_CONTAINERS);
  const known = parseCursor(request.cursor ?? '');
  const limitBytes = Math.floor(ALL_BYTES / Math.max(1, containers.length));
  const reading = { request, scope, known, limitBytes, since: sinceOf(request, ports) };
  const parts = await mapBounded(containers, READS_AT_ONCE, (container) => readPart(container, reading));
  const page = logPage(parts);
  const left = all.length - containers.length;
  return {
    app: request.app,
    ...page,
    cursor: formatCursor(positionsAfter(known, parts, page)),
    containers,
    unread: [
      ...unread,
      ...parts.flatMap(({ problem }) => problem ?? []),
      ...(left > 0 ? [`${left} more containers are not read; name an object or a container`] : []),
    ],
  };
}

type Part = LogPart & { readonly problem?: string };

type Reading = {
  readonly request: LogRequest;
  readonly scope: ReadScope;
  readonly known: LogPositions;
  readonly limitBytes: number;
  readonly since: string | undefined;
};

async function readPart(container: ContainerRef, reading: Reading): Promise<Part> {
  const after = reading.known.get(positionKey(container)) ?? '';
  try {
    const first = await readOnce(container, { ...reading, after });
    // The server begins with a whole second: where all that fits is known already, more is asked for.
    if (!first.isCut || first.lines.length > 0) return first;
    return await readOnce(container, { ...reading, after, limitBytes: MOST_BYTES });
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    if (code === 'ApiServerUnreachable') throw thrown;
    return { ...container, lines: [], isCut: false, problem: `${nameOf(container)}: ${message}` };
  }
}

async function readOnce(
  container: ContainerRef,
  { request, scope, after, since, limitBytes }: Reading & { readonly after: string },
): Promise<Part> {
  const { previous, tail = TAIL, sinceSeconds } = request;
  const isFirst = after === '' && (request.cursor ?? '') === '';
  const sinceTime = after === '' ? since : `${after.slice(0, 19)}Z`;
  const result = await scope.cluster.podLog({
    ...container,
    limitBytes,
    ...(previous && { previous }),
    ...(sinceTime !== undefined && { sinceTime }),
    ...(isFirst && (sinceSeconds === undefined || request.tail !== undefined) && { tailLines: tail }),
  });
  if (result.status === 'unavailable')
    return { ...container, lines: [], isCut: false, problem: `${nameOf(container)}: ${result.message}` };
  const isCut = Buffer.byteLength(result.text) >= limitBytes;
  return { ...container, lines: linesOf(result.text, { after, isCut }), isCut };
}

/** The last line that the page has of each container; of one that the page has no room for, right before its first line. */
function positionsAfter(known: LogPositions, parts: readonly LogPart[], { items }: LogPage): LogPositions {
  const shown = new Map(items.map((line) => [positionKey(line), line.at]));
  return new Map(
    parts.flatMap((part): (readonly [string, string])[] => {
      const key = positionKey(part);
      const [first] = part.lines;
      const at = shown.get(key) ?? known.get(key) ?? (first && `${first.at.slice(0, 19)}.000000000Z`);
      return at === undefined ? [] : [[key, at]];
    }),
  );
}

function sinceOf({ sinceSeconds }: LogRequest, { clock }: Pick<ScopePorts, 'clock'>): string | undefined {
  return sinceSeconds === undefined ? undefined : new Date(clock.now() - sinceSeconds * 1000).toISOString();
}

function nameOf({ namespace, pod, container }: ContainerRef): string {
  return `Pod/${namespace}/${pod} ${container}`;
}
