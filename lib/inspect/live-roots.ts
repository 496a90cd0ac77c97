// In: what may be read of an application. Out: what is live of its inventory: one LIST a kind, and a GET for what has lost its label. Secrets are never read. An object
// is shown only if it is the recorded one, by uid or by its labels. What cannot be read is named; it is no absence.
import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import { listKinds, namespacesOf } from '../live/list-kinds.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, type KubeObject } from '../model/kube-object.ts';
import { APP_LABEL } from '../ownership/labels.ts';
import { ownerOf } from '../ownership/owner.ts';
import type { ReadScope } from './scope.ts';

/** An entry of the inventory, and what is live of it. */
export type LiveRoot =
  | { readonly entry: InventoryEntry; readonly status: 'live'; readonly object: KubeObject }
  | { readonly entry: InventoryEntry; readonly status: 'absent'; readonly reason: string }
  | { readonly entry: InventoryEntry; readonly status: 'unread'; readonly reason: string };

const KINDS_AT_ONCE = 8;
const READS_AT_ONCE = 8;
const MOST_READS = 200;

/** Whether objects of a kind are never read. */
export function isSecret({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
  return group === '' && kind === 'Secret';
}

/** Reads the objects of the inventory. */
export async function readRoots(scope: ReadScope, entries = scope.entries): Promise<readonly LiveRoot[]> {
  const kinds = Map.groupBy(
    entries.filter((entry) => !isSecret(entry)),
    ({ apiVersion, kind }) => `${apiVersion}/${kind}`,
  );
  const read = await mapBounded([...kinds.values()], KINDS_AT_ONCE, (ofKind) => readKind(ofKind, scope));
  const secrets = entries
    .filter(isSecret)
    .map((entry): LiveRoot => ({ entry, status: 'unread', reason: 'a Secret is not read' }));
  return [...read.flat(), ...secrets].toSorted((a, b) => (idKey(a.entry) < idKey(b.entry) ? -1 : 1));
}

async function readKind(entries: readonly InventoryEntry[], scope: ReadScope): Promise<readonly LiveRoot[]> {
  const [first] = entries;
  if (first === undefined) return [];
  try {
    const kind = await scope.cluster.kind(first.apiVersion, first.kind);
    if (kind === undefined)
      return entries.map((entry) => ({ entry, status: 'absent', reason: 'its kind is no longer served' }));
    return await readServed(entries, kind, scope);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    if (code === 'ApiServerUnreachable') throw thrown;
    return entries.map((entry) => ({ entry, status: 'unread', reason: message }));
  }
}

async function readServed(
  entries: readonly InventoryEntry[],
  kind: ServedKind,
  scope: ReadScope,
): Promise<readonly LiveRoot[]> {
  const labelSelector = `${APP_LABEL}=${scope.record.app.name}`;
  const query = { kinds: [kind], namespaces: namespacesOf(entries), labelSelector, content: 'full' } as const;
  // With one object, a GET is less than a list.
  const listed = entries.length === 1 ? undefined : await listKinds(scope.cluster, query);
  let reads = 0;
  return mapBounded(entries, READS_AT_ONCE, async (entry): Promise<LiveRoot> => {
    const found = listed?.objects.get(idKey(entry));
    if (found !== undefined) return verified(entry, found, scope);
    reads += 1;
    if (reads > MOST_READS)
      return { entry, status: 'unread', reason: `more than ${MOST_READS} objects of its kind are not in the list` };
    return verified(entry, await scope.cluster.get(kind, entry), scope);
  });
}

/** Only the recorded object is shown: that of the recorded uid or, where another one took its place, one with our labels. */
function verified(entry: InventoryEntry, object: KubeObject | undefined, { record, deployer }: ReadScope): LiveRoot {
  if (object === undefined) return { entry, status: 'absent', reason: 'it is not in the cluster' };
  if (entry.uid !== undefined && entry.uid === object.metadata.uid) return { entry, status: 'live', object };
  const owner = ownerOf(object, { app: record.app.name, deployer });
  if (owner.kind === 'ours') return { entry, status: 'live', object };
  return { entry, status: 'absent', reason: 'another object has its name' };
}

/** The objects that are live. */
export function objectsOf(roots: readonly LiveRoot[]): readonly KubeObject[] {
  return roots.flatMap((root) => (root.status === 'live' ? [root.object] : []));
}
