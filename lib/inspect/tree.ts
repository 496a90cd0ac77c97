// In: an application's name. Out: its live objects and what they own, each with its health, as a tree. May go wrong: as opening the scope may, and what makes the
// cluster as a whole unreachable.
import type { Health } from '../model/health.ts';
import { idKey, idOf, type KubeObject, type ObjectId } from '../model/kube-object.ts';
import type { LiveRoot } from './live-roots.ts';
import { objectsOf, readRoots } from './live-roots.ts';
import { type OwnedObject, type OwnedObjects, readOwned } from './owned-objects.ts';
import { openScope, podsIn, type ReadScope, type ScopePorts } from './scope.ts';
import { stateOf } from './state-of.ts';

/** One live object, with what it owns. Times are ISO 8601. */
export type TreeNode = ObjectId & {
  readonly apiVersion: string;
  readonly health: Health;
  /** `1/1 Running, 3 restarts`: what is worth a look in its status. */
  readonly state?: string;
  readonly createdAt?: string;
  readonly children: readonly TreeNode[];
};

export type ObjectTree = {
  readonly app: string;
  readonly at: string;
  readonly items: readonly TreeNode[];
  /** Why some objects are not shown. */
  readonly unread: readonly string[];
  /** Whether there are more objects than are shown. */
  readonly isCut?: true;
};

/** Live objects of an application, with those that they own. */
export type LiveTree = { readonly roots: readonly LiveRoot[] } & OwnedObjects;

/** Reads the objects of an application, and what they own. */
export async function readLiveObjects(scope: ReadScope, entries = scope.entries): Promise<LiveTree> {
  const roots = await readRoots(scope, entries);
  return { roots, ...(await readOwned(objectsOf(roots), scope)) };
}

/** The tree of an application. */
export async function readTree(name: string, ports: ScopePorts): Promise<ObjectTree> {
  const scope = await openScope(name, ports);
  const live = await readLiveObjects(scope);
  const now = ports.clock.now();
  const secrets = live.roots.filter(({ status, entry }) => status === 'unread' && entry.kind !== 'Secret');
  return {
    app: name,
    at: new Date(now).toISOString(),
    items: treeOf(live, scope),
    unread: [
      ...secrets.flatMap((root) => (root.status === 'unread' ? [root.reason] : [])),
      ...live.unread,
      ...scope.outside,
    ],
    ...(live.isCut && { isCut: true }),
  };
}

function treeOf({ roots, owned }: LiveTree, { health }: ReadScope): readonly TreeNode[] {
  const byOwner = Map.groupBy(owned, ({ owner }) => owner);
  const pods = podsIn(owned.map(({ object }) => object));
  const isShown = new Set(objectsOf(roots).map(({ metadata }) => metadata.uid));
  const nodeOf = (object: KubeObject): TreeNode => ({
    ...idOf(object),
    apiVersion: object.apiVersion,
    health: health(object, pods),
    ...stateOf(object),
    ...(object.metadata.creationTimestamp !== undefined && { createdAt: object.metadata.creationTimestamp }),
    children: (byOwner.get(object.metadata.uid ?? '') ?? [])
      .filter((child) => !isShown.has(child.object.metadata.uid))
      .toSorted(byIdentity)
      .map((child) => nodeOf(child.object)),
  });
  return roots.map((root) => (root.status === 'live' ? nodeOf(root.object) : withoutObject(root)));
}

function byIdentity(a: OwnedObject, b: OwnedObject): number {
  return idKey(idOf(a.object)) < idKey(idOf(b.object)) ? -1 : 1;
}

function withoutObject({ entry, status, reason }: Exclude<LiveRoot, { status: 'live' }>): TreeNode {
  const { group, kind, name, namespace, apiVersion } = entry;
  const health: Health = { status: status === 'absent' ? 'Missing' : 'Unknown', message: reason };
  return { ...{ group, kind, name, ...(namespace !== undefined && { namespace }) }, apiVersion, health, children: [] };
}
