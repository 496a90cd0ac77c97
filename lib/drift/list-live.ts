// In: inventories of many applications, and a label. Out: what is live of their kinds, as metadata: one LIST a kind, however many applications there are. What
// cannot be listed is named with its reason, and nothing of it counts as absent. May throw what makes the cluster as a whole unreachable.
import { asDriftlessError, type DriftlessError } from '../errors.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, idOf, type KubeObject, kindKey, type ObjectId } from '../model/kube-object.ts';
import type { Cluster } from '../ports.ts';
import { mapBounded } from '../sync/bounded.ts';

const CONCURRENT_LISTS = 16;

/** Where every kind fails with one of these, it is the cluster that is out of reach: its server is away, or knows us no more. */
const CLUSTER_WIDE: readonly string[] = ['ApiServerUnreachable', 'ClusterAccessDenied'];

/** What is live, and where nobody could look. */
export type LiveLook = {
  readonly objects: ReadonlyMap<string, KubeObject>;
  /** Why objects of this kind, in this namespace, were not to be seen. */
  blindness(id: ObjectId): string | undefined;
};

type WantedKind = { readonly key: string; readonly versions: Set<string>; readonly namespaces: Set<string> };

/** Of one kind: its objects, and reasons by namespace; '' stands for all namespaces. */
type KindLook = {
  readonly key: string;
  readonly items: readonly KubeObject[];
  readonly blind: ReadonlyMap<string, string>;
};

/** Lists every kind of the inventories once. */
export async function listLive(
  cluster: Cluster,
  {
    inventories,
    labelSelector,
  }: { readonly inventories: readonly (readonly InventoryEntry[])[]; readonly labelSelector: string },
): Promise<LiveLook> {
  const wanted = wantedKinds(inventories);
  const failures: DriftlessError[] = [];
  const looks = await mapBounded(wanted, CONCURRENT_LISTS, (kind) =>
    lookAtKind(cluster, kind, { labelSelector, failures }),
  );
  const isUnreachable = failures.length >= wanted.length && failures.every(({ code }) => CLUSTER_WIDE.includes(code));
  if (failures[0] !== undefined && isUnreachable) throw failures[0];
  const blind = new Map(looks.map(({ key, blind: reasons }) => [key, reasons]));
  return {
    objects: new Map(looks.flatMap(({ items }) => items.map((item) => [idKey(idOf(item)), item] as const))),
    blindness: (id) => {
      const reasons = blind.get(kindKey(id));
      return reasons?.get('') ?? reasons?.get(id.namespace ?? '');
    },
  };
}

function wantedKinds(inventories: readonly (readonly InventoryEntry[])[]): readonly WantedKind[] {
  const kinds = new Map<string, WantedKind>();
  for (const entry of inventories.flat()) {
    const key = kindKey(entry);
    const kind = kinds.get(key) ?? { key, versions: new Set(), namespaces: new Set() };
    kinds.set(key, kind);
    kind.versions.add(`${entry.apiVersion} ${entry.kind}`);
    if (entry.namespace !== undefined) kind.namespaces.add(entry.namespace);
  }
  return [...kinds.values()];
}

type Looking = { readonly labelSelector: string; readonly failures: DriftlessError[] };

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
async function servedKind(cluster: Cluster, { versions }: WantedKind): Promise<ServedKind | undefined> {
  for (const version of versions) {
    const [apiVersion = '', kind = ''] = version.split(' ');
    const found = await cluster.kind(apiVersion, kind);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where all namespaces at once are forbidden, as to a deployer with Roles only, each namespace that has such objects. */
async function listKind(
  cluster: Cluster,
  kind: ServedKind,
  { labelSelector, namespaces }: Looking & { readonly namespaces: readonly string[] },
): Promise<Omit<KindLook, 'key'>> {
  const query = { kind, labelSelector, content: 'metadata' } as const;
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
