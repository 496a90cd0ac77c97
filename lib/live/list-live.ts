// In: inventories of many applications, and a label. Out: what is live of their kinds, as metadata: one LIST a kind, however many applications there are. What
// cannot be listed is named with its reason, and nothing of it counts as absent. May throw what makes the cluster as a whole unreachable.

import { mapBounded } from '../async/map-bounded.ts';
import type { Subject } from '../drift/targets.ts';
import { asDriftlessError, type DriftlessError } from '../errors.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import { groupOf, idKey, idOf, type KubeObject, kindKey, type ObjectId } from '../model/kube-object.ts';
import type { Cluster } from '../ports/cluster.ts';
import { AsApplied } from './as-applied.ts';

const CONCURRENT_LISTS = 16;

/** Where every kind fails with one of these, it is the cluster that is out of reach: its server is away, or knows us no more. */
const CLUSTER_WIDE: readonly string[] = ['ApiServerUnreachable', 'ClusterAccessDenied'];

/** What is live, and where nobody could look. */
export type LiveLook = {
  /** Those that have to be looked at more closely, by identity: all but those that are as they were applied. */
  readonly objects: ReadonlyMap<string, KubeObject>;
  readonly applied: Pick<AsApplied, 'has'>;
  /** Why objects of this kind, in this namespace, were not to be seen. */
  blindness(id: ObjectId): string | undefined;
};

type WantedKind = { readonly key: string; readonly types: Type[]; readonly namespaces: Set<string> };

/** Of one kind: its objects, and reasons by namespace; '' stands for all namespaces. */
type KindLook = {
  readonly key: string;
  readonly items: readonly KubeObject[];
  readonly blind: ReadonlyMap<string, string>;
};

/** Lists every kind of the inventories once. */
export async function listLive(
  cluster: Cluster,
  { subjects, labelSelector }: { readonly subjects: readonly Subject[]; readonly labelSelector: string },
): Promise<LiveLook> {
  const wanted = wantedKinds(subjects);
  const applied = new AsApplied(subjects);
  const failures: DriftlessError[] = [];
  const looks = await mapBounded(wanted, CONCURRENT_LISTS, (kind) =>
    lookAtKind(cluster, kind, { labelSelector, applied, failures }),
  );
  const isUnreachable = failures.length >= wanted.length && failures.every(({ code }) => CLUSTER_WIDE.includes(code));
  if (failures[0] !== undefined && isUnreachable) throw failures[0];
  const blind = new Map(looks.map(({ key, blind: reasons }) => [key, reasons]));
  return {
    applied,
    objects: new Map(looks.flatMap(({ items }) => items.map((item) => [idKey(idOf(item)), item] as const))),
    blindness: (id) => {
      const reasons = blind.get(kindKey(id));
      return reasons?.get('') ?? reasons?.get(id.namespace ?? '');
    },
  };
}

function wantedKinds(subjects: readonly Subject[]): readonly WantedKind[] {
  const kinds = new Map<string, WantedKind>();
  for (const { apiVersion, kind, namespaces } of distinctTypes(subjects)) {
    const key = kindKey({ group: groupOf(apiVersion), kind });
    const wanted = kinds.get(key) ?? { key, types: [], namespaces: new Set() };
    kinds.set(key, wanted);
    wanted.types.push({ apiVersion, kind });
    for (const namespace of namespaces) wanted.namespaces.add(namespace);
  }
  return [...kinds.values()];
}

type Type = { readonly apiVersion: string; readonly kind: string };

/** Each version of each kind once, with the namespaces that hold some; of as many entries as there are, so without putting a key together for each. */
function distinctTypes(subjects: readonly Subject[]): readonly (Type & { readonly namespaces: ReadonlySet<string> })[] {
  const types = new Map<string, Map<string, Set<string>>>();
  for (const { inventory } of subjects)
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

type Looking = { readonly labelSelector: string; readonly applied: AsApplied; readonly failures: DriftlessError[] };

async function lookAtKind(cluster: Cluster, wanted: WantedKind, looking: Looking): Promise<KindLook> {
  const { key } = wanted;
  try {
    const kind = await servedKind(cluster, wanted);
    // A kind that is not served has no objects either: its definition was deleted, and they with it.
    if (kind === undefined) return { key, items: [], blind: new Map() };
    return { key, ...(await listKind(cluster, kind, { ...looking, namespaces: [...wanted.namespaces] })) };
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    looking.failures.push(error);
    return { key, items: [], blind: new Map([['', error.message]]) };
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
  { labelSelector, applied, namespaces }: Looking & { readonly namespaces: readonly string[] },
): Promise<Omit<KindLook, 'key'>> {
  const keep = (object: KubeObject): boolean => !applied.see(object);
  const query = { kind, labelSelector, content: 'metadata', keep } as const;
  let denied: unknown;
  try {
    return { items: (await cluster.list(query)).items, blind: new Map() };
  } catch (thrown) {
    if (!kind.namespaced || asDriftlessError(thrown).code !== 'ClusterAccessDenied') throw thrown;
    denied = thrown;
  }
  const blind = new Map<string, string>();
  const lists = await mapBounded(namespaces, CONCURRENT_LISTS, async (namespace) => {
    try {
      return (await cluster.list({ ...query, namespace })).items;
    } catch (thrown) {
      blind.set(namespace, asDriftlessError(thrown).message);
      return [];
    }
  });
  if (blind.size === namespaces.length) throw denied;
  return { items: lists.flat(), blind };
}
