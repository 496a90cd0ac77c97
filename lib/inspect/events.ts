// In: an application, and maybe one of its objects. Out: the events of the objects and of what they own, newest last. The server forgets events after an hour.
import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import { fieldAt, numberAt, textAt } from '../model/field-at.ts';
import { groupOf, type KubeObject, type ObjectId } from '../model/kube-object.ts';
import { openScope, type ReadScope, type ScopePorts } from './scope.ts';
import { readSelected } from './selected.ts';

/** An event of an object; times are ISO 8601. */
type ObjectEvent = {
  readonly object: ObjectId;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly first?: string;
  readonly last: string;
  readonly from?: string;
};

export type ObjectEvents = {
  readonly app: string;
  readonly items: readonly ObjectEvent[];
  readonly unread: readonly string[];
  /** Whether older ones were left out. */
  readonly isCut?: true;
};

const MOST_EVENTS = 1_000;
/** The API server takes a megabyte from each workload that may write events; Lambda answers with 6 MB. */
const MOST_CHARACTERS = 1_024;
const LISTS_AT_ONCE = 8;
/** Where the events of objects without a namespace are. */
const DEFAULT_NAMESPACE = 'default';

/** Reads events. */
export async function readEvents(
  { app, object }: { readonly app: string; readonly object?: string | undefined },
  ports: ScopePorts,
): Promise<ObjectEvents> {
  const scope = await openScope(app, ports);
  const { objects, gone, unread } = await readSelected(object, scope);
  const uids = new Set([...objects.flatMap(({ metadata }) => metadata.uid ?? []), ...gone]);
  const namespaces = new Set([
    ...objects.map(({ metadata }) => metadata.namespace ?? DEFAULT_NAMESPACE),
    ...(gone.length > 0 ? scope.entries.flatMap(({ namespace }) => namespace ?? []) : []),
  ]);
  const failures: string[] = [];
  const lists = await mapBounded([...namespaces], LISTS_AT_ONCE, (namespace) =>
    listEvents(namespace, uids, scope, failures),
  );
  const events = lists.flat().toSorted((a, b) => (a.last < b.last ? -1 : 1));
  const isCut = events.length > MOST_EVENTS;
  return { app, items: events.slice(-MOST_EVENTS), unread: [...unread, ...failures], ...(isCut && { isCut }) };
}

async function listEvents(
  namespace: string,
  uids: ReadonlySet<string>,
  { cluster }: ReadScope,
  failures: string[],
): Promise<readonly ObjectEvent[]> {
  try {
    const kind = await cluster.kind('v1', 'Event');
    if (kind === undefined) return [];
    const keep = (event: KubeObject): boolean => uids.has(textAt(event, 'involvedObject', 'uid') ?? '');
    const { items } = await cluster.list({ kind, namespace, content: 'full', keep });
    return items.map(viewEvent);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    if (code === 'ApiServerUnreachable') throw thrown;
    failures.push(message);
    return [];
  }
}

function viewEvent(event: KubeObject): ObjectEvent {
  const text = (...steps: readonly string[]): string => shortened(textAt(event, ...steps) ?? '');
  const created = event.metadata.creationTimestamp ?? '';
  const first = text('firstTimestamp') || text('eventTime') || created;
  const from = text('source', 'component') || text('reportingComponent');
  return {
    object: aboutOf(fieldAt(event, 'involvedObject')),
    type: text('type'),
    reason: text('reason'),
    message: text('message'),
    count: numberAt(event, 'series', 'count') || numberAt(event, 'count') || 1,
    ...(first !== '' && { first }),
    last: text('series', 'lastObservedTime') || text('lastTimestamp') || first,
    ...(from !== '' && { from }),
  };
}

function aboutOf(about: unknown): ObjectId {
  const namespace = textAt(about, 'namespace');
  return {
    group: groupOf(textAt(about, 'apiVersion') ?? ''),
    kind: textAt(about, 'kind') ?? '',
    name: textAt(about, 'name') ?? '',
    ...(namespace !== undefined && { namespace }),
  };
}

function shortened(text: string): string {
  return text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS - 1).toWellFormed()}…`;
}
