// In: an application, and where a page begins. Out: a page of its objects as they are recorded: a few requests of the state table and the stored rendering, none of
// a cluster. May go wrong: ApplicationUnknown.
import type { Manifest } from '../../model/change-set.ts';
import { idKey } from '../../model/kube-object.ts';
import type { Blobs } from '../../ports/store.ts';
import { type QueryPorts, readState } from '../../queries/application.ts';
import type { ListPage } from '../../queries/application-list.ts';
import { viewDrift } from '../../queries/drift-view.ts';
import { JsonBlobs } from '../../runtime/json-blobs.ts';
import { readHistories } from './histories.ts';
import { type ObjectView, type RecordedObjects, viewObjects } from './object-view.ts';

export type StoredObjectsPorts = QueryPorts & { readonly blobs: Blobs };

/** A page of objects; `next` is the `after` of the one that follows, and absent on the last. Times are ISO 8601. */
export type ObjectList = {
  readonly items: readonly ObjectView[];
  readonly next?: string;
  /** When a scan looked last; absent where none has. */
  readonly scannedAt?: string;
  /** Why nothing tells whether the objects are still as they were deployed. */
  readonly unscanned?: string;
};

/** Lambda answers with at most 6 MB; quotes are escaped on the way. */
const PAGE_BYTES = 4_000_000;

/** Returns a page of an application's objects. */
export async function listObjects(
  name: string,
  { after = '', limit }: ListPage,
  ports: StoredObjectsPorts,
): Promise<ObjectList> {
  const recorded = await readRecorded(name, ports);
  const { scannedAt } = recorded.drift;
  const unscanned = unscannedReason(recorded);
  return {
    ...pageOf(viewObjects(recorded), { after, limit }),
    ...(scannedAt !== undefined && { scannedAt }),
    ...(unscanned !== undefined && { unscanned }),
  };
}

function unscannedReason({ drift: { status, scan, reason } }: RecordedObjects): string | undefined {
  const shown = 'the objects are shown as they were deployed';
  if (status === 'Off') return `drift detection is off; ${shown}`;
  return status === 'Unknown' && scan === undefined ? `${reason ?? 'not scanned yet'}; ${shown}` : undefined;
}

/** Reads what is recorded of an application's objects. */
export async function readRecorded(name: string, ports: StoredObjectsPorts): Promise<RecordedObjects> {
  const state = await readState(name, ports);
  const { lastSync } = state.record;
  const [inventory, manifests, histories] = await Promise.all([
    ports.state.inventory(name),
    lastSync && new JsonBlobs<readonly Manifest[]>(ports.blobs).find(lastSync.renderedKey),
    readHistories(name, ports),
  ]);
  return { state, drift: viewDrift(state), inventory, manifests, histories };
}

/** The views after a place, as many as an answer holds. */
export function pageOf(
  views: readonly ObjectView[],
  { after = '', limit }: ListPage,
): Pick<ObjectList, 'items' | 'next'> {
  const rest = views.filter((view) => idKey(view) > after);
  const items: ObjectView[] = [];
  let bytes = 0;
  for (const view of rest.slice(0, limit)) {
    bytes += JSON.stringify(view).length;
    if (bytes > PAGE_BYTES) break;
    items.push(view);
  }
  const last = items.at(-1);
  return { items, ...(last !== undefined && items.length < rest.length && { next: idKey(last) }) };
}
