// In: inventories of many applications, and a label. Out: what is live of their kinds, as metadata: one LIST a kind, however many applications there are. Kinds
// that cannot be listed are named with the reason, and none of their objects counts as absent. May throw what makes the cluster as a whole unreachable.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError, type DriftlessError } from '../errors.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import { groupOf, idKey, idOf, type KubeObject, kindKey, type ObjectId } from '../model/kube-object.ts';
import type { Cluster } from '../ports/cluster.ts';
import { AsApplied, type LiveTarget } from './as-applied.ts';

const CONCURRENT_LISTS = 16;

/** Where every kind fails with one of these, the cluster itself is unreachable: its server is away, or no longer accepts our credentials. */
const CLUSTER_WIDE: readonly string[] = ['ApiServerUnreachable', 'ClusterAccessDenied'];

/** The live objects, and the reasons why others could not be read. */
export type LiveReading = {
  /** By identity; without the objects that are as they were applied. */
  readonly objects: ReadonlyMap<string, KubeObject>;
  readonly applied: Pick<AsApplied, 'has'>;
  /** Why objects of this kind, in this namespace, could not be read. */
  unreadable(id: ObjectId): string | undefined;
};

type WantedKind = { readonly key: string; readonly types: Type[]; readonly namespaces: Set<string> };

/** Of one kind: its objects, and reasons by namespace; '' stands for all namespaces. */
type KindReading = {
  readonly key: string;
  readonly items: readonly KubeObject[];
  readonly unreadable: ReadonlyMap<string, string>;
};

/** Lists every kind of the inventories once. */
export async function listLive(
  cluster: Cluster,
  { targets, labelSelector }: { readonly targets: readonly LiveTarget[]; readonly labelSelector: string },
): Promise<LiveReading> {
  const wanted = wantedKinds(targets);
  const applied = new AsApplied(targets);
  const failures: DriftlessError[] = [];
  const readings = await mapBounded(wanted, CONCURRENT_LISTS, (kind) =>
    readKind(cluster, kind, { labelSelector, applied, failures }),
  );
  const isUnreachable = failures.length >= wanted.length && failures.every(({ code }) => CLUSTER_WIDE.includes(code));
  if (failures[0] !== undefined && isUnreachable) throw failures[0];
  const unreadable = new Map(readings.map((reading) => [reading.key, reading.unreadable]));
  return {
    applied,
    objects: new Map(readings.flatMap(({ items }) => items.map((item) => [idKey(idOf(item)), item] as const))),
    unreadable: (id) => {
      const reasons = unreadable.get(kindKey(id));
      return reasons?.get('') ?? reasons?.get(id.namespace ?? '');
    },
  };
}

function wantedKinds(targets: readonly LiveTarget[]): readonly WantedKind[] {
  const kinds = new Map<string, WantedKind>();
  for (const { apiVersion, kind, namespaces } of distinctTypes(targets)) {
    const key = kindKey({ group: groupOf(apiVersion), kind });
    const wanted = kinds.get(key) ?? { key, types: [], namespaces: new Set() };
    kinds.set(key, wanted);
    wanted.types.push({ apiVersion, kind });
    for (const namespace of namespaces) wanted.namespaces.add(namespace);
  }
  return [...kinds.values()];
}

type Type = { readonly apiVersion: string; readonly kind: string };

/** Each version of each kind once, with the namespaces that hold some; without building a key for each entry, since there are many. */
function distinctTypes(
  targets: readonly LiveTarget[],
): readonly (Type & { readonly namespaces: ReadonlySet<string> })[] {
  const types = new Map<string, Map<string, Set<string>>>();
  for (const { inventory } of targets)
    for (const { apiVersion, kind, namespace } of inventory) {
      const kinds = orNew(types, apiVersion, () => new Map<string, Set<string>>());
      const namespaces = orNew(kinds, kind, () => new Set<string>());
      if (namespace !== undefined) namespaces.add(namespace);
    }
  return [...types].flatMap(([apiVersion, kinds]) =>
    [...kinds].map(([kind, namespaces]) => ({ apiVersion, kind, namespaces })),
  );
}

function orNew<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = create();
  map.set(key, value);
  return value;
}

type Reading = { readonly labelSelector: string; readonly applied: AsApplied; readonly failures: DriftlessError[] };

async function readKind(cluster: Cluster, wanted: WantedKind, reading: Reading): Promise<KindReading> {
  const { key } = wanted;
  try {
    const kind = await servedKind(cluster, wanted);
    // A kind that is not served has no objects either: its definition was deleted, and they with it.
    if (kind === undefined) return { key, items: [], unreadable: new Map() };
    return { key, ...(await listKind(cluster, kind, { ...reading, namespaces: [...wanted.namespaces] })) };
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    reading.failures.push(error);
    return { key, items: [], unreadable: new Map([['', error.message]]) };
  }
}

/** Of the versions that objects were applied in, one that is served; two versions of a kind are the same objects. */
async function servedKind(cluster: Cluster, { types }: WantedKind): Promise<ServedKind | undefined> {
  for (const { apiVersion, kind } of types) {
    const found = await cluster.kind(apiVersion, kind);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where all namespaces at once are forbidden, as to a deployer with Roles only, each namespace that has such objects. */
async function listKind(
  cluster: Cluster,
  kind: ServedKind,
  { labelSelector, applied, namespaces }: Reading & { readonly namespaces: readonly string[] },
): Promise<Omit<KindReading, 'key'>> {
  const keep = (object: KubeObject): boolean => !applied.observe(object);
  const query = { kind, labelSelector, content: 'metadata', keep } as const;
  let denied: unknown;
  try {
    const { items, unlistable } = await cluster.list(query);
    const reason = `${kind.kind}: the API server does not list this kind`;
    return { items, unreadable: new Map(unlistable ? [['', reason]] : []) };
  } catch (thrown) {
    if (!kind.namespaced || asDriftlessError(thrown).code !== 'ClusterAccessDenied') throw thrown;
    denied = thrown;
  }
  const unreadable = new Map<string, string>();
  const lists = await mapBounded(namespaces, CONCURRENT_LISTS, async (namespace) => {
    try {
      return (await cluster.list({ ...query, namespace })).items;
    } catch (thrown) {
      unreadable.set(namespace, asDriftlessError(thrown).message);
      return [];
    }
  });
  if (unreadable.size === namespaces.length) throw denied;
  return { items: lists.flat(), unreadable };
}
