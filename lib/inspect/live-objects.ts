// In: an application, and where a page begins. Out: a page of its objects as they are now: the recorded view of each, with live health, age and differences in place of
// recorded ones. May go wrong: as the scope may, and what makes the cluster unreachable.
import type { Change } from '../model/change-set.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey } from '../model/kube-object.ts';
import type { ListPage } from '../queries/application-list.ts';
import type { DiffRequest, LiveDiff } from './diff/diff-live.ts';
import { isSecret, type LiveRoot, objectsOf, readRoots } from './live-roots.ts';
import { readOwned } from './owned-objects.ts';
import { openScope, podsIn, type ReadScope, type ScopePorts } from './scope.ts';
import { type ObjectView, viewObjects } from './stored/object-view.ts';
import { type ObjectList, pageOf, readRecorded, type StoredObjectsPorts } from './stored/stored-objects.ts';

export type LiveObjectsPorts = ScopePorts &
  StoredObjectsPorts & {
    /** Compares what is live with what was deployed, as the deployer itself. */
    readonly diffLive: (request: DiffRequest) => Promise<LiveDiff>;
  };

/** Returns a page of an application's objects as they are now. */
export async function listLiveObjects(name: string, page: ListPage, ports: LiveObjectsPorts): Promise<ObjectList> {
  const scope = await openScope(name, ports);
  const now = ports.clock.now();
  const [recorded, roots, diff] = await Promise.all([
    readRecorded(name, ports),
    readRoots(scope),
    ports.diffLive({ app: name }),
  ]);
  const views = viewObjects(recorded);
  const live = new Map(roots.map((root) => [idKey(root.entry), root]));
  const changes = new Map(diff.changes.map((change) => [idKey(change.id), change]));
  const [unread] = diff.unread;
  const seen = { unread, health: await judgeOf(roots, scope) };
  const items = views.flatMap((view): readonly ObjectView[] => {
    const change = changes.get(idKey(view));
    // What was recorded as extra, and is not there any more.
    if (view.sync.difference === 'extra' && change === undefined) return [];
    return [viewLive(view, { root: live.get(idKey(view)), change, ...seen })];
  });
  const known = new Set(items.map(idKey));
  const extra = diff.changes.filter(({ id, action }) => action === 'skipped' && !known.has(idKey(id))).map(viewExtra);
  return { ...pageOf([...items, ...extra], page), scannedAt: new Date(now).toISOString() };
}

/** The pods of workloads that are not well say why; the others need no request. */
async function judgeOf(roots: readonly LiveRoot[], scope: ReadScope): Promise<Seen['health']> {
  const struggling = objectsOf(roots).filter((object) => {
    const { status } = scope.health(object);
    return status === 'Progressing' || status === 'Degraded';
  });
  const { owned } = await readOwned(struggling, scope);
  const pods = podsIn(owned.map(({ object }) => object));
  return (object) => scope.health(object, pods);
}

type Seen = {
  readonly root: LiveRoot | undefined;
  readonly change: Change | undefined;
  /** Why not everything was compared. */
  readonly unread: string | undefined;
  readonly health: ReadScope['health'];
};

function viewLive(view: ObjectView, { root, change, unread, health: judge }: Seen): ObjectView {
  const sync = syncNow(view, change, unread);
  if (root?.status === 'absent')
    return { ...view, sync: absentSync(view, root.reason), health: { status: 'Missing', message: root.reason } };
  if (root?.status !== 'live')
    return { ...view, sync, health: healthOfUnread(view, root), ...hashOfSecret(view, root?.entry) };
  const { creationTimestamp } = root.object.metadata;
  const health = judge(root.object);
  return { ...view, sync, health, ...(creationTimestamp !== undefined && { createdAt: creationTimestamp }) };
}

function syncNow({ sync }: ObjectView, change: Change | undefined, unread: string | undefined): ObjectView['sync'] {
  if (sync.difference === 'pendingDeletion') return sync;
  if (change !== undefined) return differenceOf(change);
  if (unread !== undefined) return { status: 'Unknown', reason: unread };
  // What no operation has confirmed, no comparison tells either.
  return sync.status === 'Unknown' && sync.since === undefined ? sync : { status: 'Synced' };
}

function differenceOf({ action, fields, note }: Change): ObjectView['sync'] {
  const difference = action === 'created' ? 'missing' : action === 'skipped' ? 'extra' : 'modified';
  return {
    ...{ status: 'OutOfSync', difference },
    ...(note !== undefined && { reason: note }),
    ...(fields.length > 0 && { fields: fields.length }),
  };
}

function absentSync({ sync }: ObjectView, reason: string): ObjectView['sync'] {
  return sync.difference === 'pendingDeletion' ? sync : { status: 'OutOfSync', difference: 'missing', reason };
}

function hashOfSecret(view: ObjectView, entry: InventoryEntry | undefined): Pick<ObjectView, 'appliedHash'> {
  return isSecret(view) && entry?.hash !== undefined ? { appliedHash: entry.hash } : {};
}

/** An object that no operation has deployed is not looked at, a Secret has no health of its own; any other object that was not read is not known. */
function healthOfUnread(
  view: ObjectView,
  root: Exclude<LiveRoot, { status: 'live' }> | undefined,
): ObjectView['health'] {
  if (view.sync.difference === 'extra') return view.health;
  if (isSecret(view)) return { status: 'Healthy', message: '' };
  return { status: 'Unknown', message: root?.reason ?? 'its project does not permit it' };
}

function viewExtra({ id, note }: Change): ObjectView {
  const sync = { status: 'OutOfSync', difference: 'extra', ...(note !== undefined && { reason: note }) } as const;
  const health = { status: 'Unknown', message: 'no operation has deployed it' } as const;
  return { ...id, apiVersion: '', sync, health, guards: [] };
}
