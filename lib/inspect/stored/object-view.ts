// One object of an application as people see it, from what is recorded. In: the state of its application, its inventory, what was rendered and what operations
// changed. Out: views, with one word for sync and one for health; what is not known is Unknown, with its reason. Pure.
import type { Manifest } from '../../model/change-set.ts';
import type { DriftedObject, DriftKind } from '../../model/drift.ts';
import type { Health } from '../../model/health.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { idKey, idOf, type KubeObject, type ObjectId } from '../../model/kube-object.ts';
import type { ObservedHealth, UnhealthyObject } from '../../model/observed-health.ts';
import { turnOf } from '../../order/hooks.ts';
import type { ApplicationState, DriftView } from '../../queries/drift-view.ts';
import { type HealthView, unhealthyObjects, viewHealth } from '../../queries/health-view.ts';
import { guardsOf } from './guards.ts';

/** Why an object is not as Git has it. */
type ObjectDifference = DriftKind | 'pendingDeletion';

/** Whether a live object is that of Git; `since` is ISO 8601. */
type ObjectSync = {
  readonly status: 'Synced' | 'OutOfSync' | 'Unknown';
  readonly difference?: ObjectDifference;
  readonly reason?: string;
  readonly since?: string;
  /** How many fields differ. */
  readonly fields?: number;
};

/** An operation that changed the object. */
type ObjectChange = { readonly seq: number; readonly action: string; readonly at: string };

/** One object of an application. */
export type ObjectView = ObjectId & {
  readonly apiVersion: string;
  readonly sync: ObjectSync;
  readonly health: Health & { readonly since?: string };
  /** Absent where it is not known what was deployed. */
  readonly wave?: number;
  readonly guards: readonly string[];
  /** When it was created, as far as that is recorded; ISO 8601. */
  readonly createdAt?: string;
  /** The newest operation that changed it, as far as that is recorded. */
  readonly changed?: ObjectChange;
  /** Of a Secret: the keys of what was deployed; never a value. */
  readonly keys?: readonly string[];
  /** Of a Secret, where what is live was asked for: the hash of what was applied. */
  readonly appliedHash?: string;
};

/** What operations did to an object. */
export type ObjectHistory = { readonly created?: string; readonly changed?: ObjectChange };

export type RecordedObjects = {
  readonly state: ApplicationState;
  readonly drift: DriftView;
  readonly inventory: readonly InventoryEntry[];
  /** What was rendered for the last deployment; undefined where it is no longer stored. */
  readonly manifests: readonly Manifest[] | undefined;
  /** By identity. */
  readonly histories: ReadonlyMap<string, ObjectHistory>;
};

/** All objects of an application, by identity: those of its inventory, and those with its label that it did not deploy. */
export function viewObjects(recorded: RecordedObjects): readonly ObjectView[] {
  const viewing = viewingOf(recorded);
  const known = new Set(recorded.inventory.map(idKey));
  const extra = recorded.drift.objects.filter(({ drift, id }) => drift === 'extra' && !known.has(idKey(id)));
  const views = [
    ...recorded.inventory.map((entry) => viewEntry(entry, viewing)),
    ...extra.map(({ id, apiVersion, since, note }): ObjectView => {
      const sync = { status: 'OutOfSync', difference: 'extra', since, ...(note && { reason: note }) } as const;
      return { ...id, apiVersion, sync, health: unknown('no operation has deployed it'), guards: [] };
    }),
  ];
  return views.toSorted((a, b) => (idKey(a) < idKey(b) ? -1 : 1));
}

type Viewing = RecordedObjects & {
  readonly rendered: ReadonlyMap<string, Manifest>;
  readonly generated: readonly Manifest[];
  readonly drifted: ReadonlyMap<string, DriftedObject>;
  readonly unhealthy: ReadonlyMap<string, UnhealthyObject>;
  readonly othersHealth: ObjectView['health'];
};

function viewingOf(recorded: RecordedObjects): Viewing {
  const { manifests = [], drift, state } = recorded;
  const { namespace } = state.record.app.destination;
  const keys = manifests.flatMap((manifest): (readonly [string, Manifest])[] => {
    const id = idOf(manifest.object);
    // Whether the kind has a namespace is not known here; no kind is both.
    return [
      [idKey(id), manifest],
      [idKey({ ...id, namespace: id.namespace ?? namespace }), manifest],
      [idKey({ group: id.group, kind: id.kind, name: id.name }), manifest],
    ];
  });
  return {
    ...recorded,
    rendered: new Map(keys.reverse()),
    generated: manifests.filter(({ object }) => object.metadata.generateName !== undefined),
    drifted: new Map(drift.objects.map((object) => [idKey(object.id), object])),
    unhealthy: new Map(unhealthyObjects(state).map((object) => [idKey(object.id), object])),
    othersHealth: healthOfOthers(state),
  };
}

function viewEntry(entry: InventoryEntry, viewing: Viewing): ObjectView {
  const { group, kind, namespace, name, apiVersion } = entry;
  const object = manifestOf(entry, viewing)?.object;
  const { created, changed } = viewing.histories.get(idKey(entry)) ?? {};
  const sync = syncOfEntry(entry, viewing);
  return {
    ...{ group, kind, name, ...(namespace !== undefined && { namespace }) },
    apiVersion,
    sync,
    health: healthOfEntry(entry, sync, viewing),
    ...(object !== undefined && { wave: turnOf(object).wave }),
    guards: object === undefined ? [] : guardsOf(object, viewing.state.record.app.sync),
    ...(created !== undefined && { createdAt: created }),
    ...(changed !== undefined && { changed }),
    ...(object !== undefined && secretKeys(object)),
  };
}

/** The keys of a Secret. */
function secretKeys({ apiVersion, kind, data, stringData }: KubeObject): { readonly keys?: readonly string[] } {
  if (apiVersion !== 'v1' || kind !== 'Secret') return {};
  const keys = [data, stringData].flatMap((part) =>
    typeof part === 'object' && part !== null ? Object.keys(part) : [],
  );
  return { keys: [...new Set(keys)].sort() };
}

/** What was rendered of an entry; an object that leaves its name to us is known by what its name begins with. */
function manifestOf(entry: InventoryEntry, { rendered, generated }: Viewing): Manifest | undefined {
  return (
    rendered.get(idKey(entry)) ??
    generated.find(
      ({ object: { kind, metadata } }) =>
        kind === entry.kind && entry.name.startsWith(metadata.generateName ?? entry.name),
    )
  );
}

function syncOfEntry(entry: InventoryEntry, viewing: Viewing): ObjectSync {
  const { drift, drifted, manifests } = viewing;
  if (entry.released || (manifests !== undefined && manifestOf(entry, viewing) === undefined)) {
    const isKept = !viewing.state.record.app.sync.prune;
    const reason = `Git no longer has it${isKept ? '; sync.prune is off' : ''}`;
    return { status: 'OutOfSync', difference: 'pendingDeletion', reason };
  }
  const unsettled = unsettledReason(entry, viewing);
  if (unsettled !== undefined) return { status: 'Unknown', reason: unsettled };
  const found = drifted.get(idKey(entry));
  // Without a scan, the objects are as the operation has applied them.
  if (drift.status === 'Unknown' && drift.scan !== undefined)
    return { status: 'Unknown', reason: drift.reason ?? 'not scanned', ...(drift.since && { since: drift.since }) };
  if (found !== undefined) return differing(found);
  if (drift.count > drift.objects.length)
    return {
      status: 'Unknown',
      reason: `${drift.count} objects have drifted, and the record names the first ones only`,
    };
  return { status: 'Synced' };
}

function differing({ drift, since, note, fields }: DriftedObject): ObjectSync {
  return {
    status: 'OutOfSync',
    difference: drift,
    ...(note !== undefined && { reason: note }),
    since,
    ...(fields.length > 0 && { fields: fields.length }),
  };
}

/** Why it is not known whether what was to be applied is live. */
function unsettledReason({ hash }: InventoryEntry, { state: { newest } }: Viewing): string | undefined {
  if (hash !== undefined) return undefined;
  const isOpen = newest !== undefined && newest.phase !== 'done';
  return isOpen ? `operation ${newest.seq} is changing it` : 'an operation was about to change it, and ended before';
}

function healthOfEntry(
  entry: InventoryEntry,
  { difference, since }: ObjectSync,
  { unhealthy, othersHealth }: Viewing,
): ObjectView['health'] {
  if (difference === 'missing')
    return { status: 'Missing', message: 'it is not in the cluster', ...(since && { since }) };
  const seen = unhealthy.get(idKey(entry));
  if (seen === undefined) return othersHealth;
  const { id: _, ...health } = seen;
  return health;
}

/** The health of all objects that are not named as unhealthy: Healthy where all of those have a name, and the newest look could see them. */
function healthOfOthers(state: ApplicationState): ObjectView['health'] {
  const seen = viewHealth(state);
  if (seen === undefined) return unknown('no operation has seen it yet');
  if (seen.status === 'Healthy') return { status: 'Healthy', message: '' };
  const observed = isScans(seen, state.drift?.health) ? state.drift?.health : undefined;
  if (observed !== undefined && observed.count <= observed.objects.length) return { status: 'Healthy', message: '' };
  if (observed !== undefined)
    return unknown(`${observed.count} objects are not Healthy, and the record names the worst`);
  const since = seen.since === undefined ? {} : { since: seen.since };
  if (seen.status === 'Unknown') return { ...unknown(seen.message), ...since };
  return { ...unknown(`the last operation saw the application ${seen.status}: ${seen.message}`), ...since };
}

/** Whether what is told of the health is what a scan has seen. */
function isScans(seen: HealthView, observed: ObservedHealth | undefined): boolean {
  return observed !== undefined && observed.status === seen.status && observed.since === seen.since;
}

function unknown(message: string): Health {
  return { status: 'Unknown', message };
}
