// In: an application, and maybe one of its objects. Out: the live objects that are asked for, with what they own. May go wrong: ObjectUnknown, and as the scope may.
import { formatRef, idKey, idOf, type KubeObject } from '../model/kube-object.ts';
import { findObject, isMeant } from './find-object.ts';
import { objectsOf } from './live-roots.ts';
import type { ReadScope } from './scope.ts';
import { type LiveTree, readLiveObjects } from './tree.ts';

export type SelectedObjects = {
  readonly objects: readonly KubeObject[];
  /** Uids of recorded objects that are no longer there. */
  readonly gone: readonly string[];
  /** Why some objects are not among them. */
  readonly unread: readonly string[];
};

/** The whole application, or one object and what it owns. Only what the inventory or a chain of owners leads to is found. */
export async function readSelected(written: string | undefined, scope: ReadScope): Promise<SelectedObjects> {
  const entries = written === undefined ? [] : scope.entries.filter((entry) => isMeant(written, entry));
  const [only] = entries;
  // An object of the inventory leads to itself; another one has to be looked for below all of them.
  const live = await readLiveObjects(scope, entries.length === 1 && only !== undefined ? [only] : scope.entries);
  const all = [...objectsOf(live.roots), ...live.owned.map(({ object }) => object)];
  const selected =
    written === undefined || (only !== undefined && entries.length === 1) ? all : below(written, scope, { live, all });
  return { objects: selected, gone: goneIn(live), unread: [...unreadIn(live), ...scope.outside] };
}

function below(
  written: string,
  { record, entries }: ReadScope,
  { live, all }: { readonly live: LiveTree; readonly all: readonly KubeObject[] },
): readonly KubeObject[] {
  const byKey = new Map(all.map((object) => [idKey(idOf(object)), object]));
  const known = new Map([
    ...entries.map((entry) => [idKey(entry), entry] as const),
    ...[...byKey].map(([key, object]) => [key, idOf(object)] as const),
  ]);
  const meant = findObject(written, record.app.name, [...known.values()]);
  const object = byKey.get(idKey(meant));
  if (object === undefined) return [];
  const chosen = new Map([[object.metadata.uid ?? formatRef(meant), object]]);
  // Owners come before what they own.
  for (const { object: owned, owner } of live.owned)
    if (chosen.has(owner) && owned.metadata.uid !== undefined) chosen.set(owned.metadata.uid, owned);
  return [...chosen.values()];
}

function goneIn({ roots }: LiveTree): readonly string[] {
  return roots.flatMap(({ status, entry }) => (status !== 'live' && entry.uid !== undefined ? [entry.uid] : []));
}

function unreadIn({ roots, unread, isCut }: LiveTree): readonly string[] {
  const reasons = roots.flatMap((root) =>
    root.status === 'unread' && root.entry.kind !== 'Secret' ? [root.reason] : [],
  );
  return [...new Set(reasons), ...unread, ...(isCut ? ['there are more objects than are looked at'] : [])];
}
