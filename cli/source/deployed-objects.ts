// In: an application's name and a cluster. Out: what a deployer has deployed of it, as far as can be told without the deployer's inventory:
// what carries the application's label and was written by Driftless. May go wrong: whatever listing the kinds of the folder may.

import { mapBounded } from '../../lib/async/map-bounded.ts';
import { asDriftlessError } from '../../lib/errors.ts';
import { listWhere } from '../../lib/live/list-where.ts';
import type { Application } from '../../lib/model/application.ts';
import type { ListQuery, ServedKind } from '../../lib/model/cluster-api.ts';
import type { InventoryEntry } from '../../lib/model/inventory.ts';
import { idOf, type KubeObject, kindKey } from '../../lib/model/kube-object.ts';
import { APP_LABEL } from '../../lib/ownership/labels.ts';
import type { Cluster } from '../../lib/ports/cluster.ts';

const LISTS_AT_ONCE = 16;
const FIELD_MANAGER = 'driftless';
const REFUSALS: readonly string[] = ['ClusterAccessDenied', 'ApiServerRejected', 'KindNotFound'];

/** Looks through all kinds that are served, since a kind that the folder has lost may have been deployed from it before. */
export async function deployedObjects(
  { name, destination }: Pick<Application, 'name' | 'destination'>,
  wanted: readonly KubeObject[],
  cluster: Cluster,
): Promise<readonly InventoryEntry[]> {
  const needed = new Set(wanted.map((object) => kindKey(idOf(object))));
  const namespaces = [
    ...new Set([destination.namespace, ...wanted.flatMap(({ metadata }) => metadata.namespace ?? [])]),
  ];
  const lists = await mapBounded(await servedKinds(cluster), LISTS_AT_ONCE, async (kind) => {
    const query = { kind, labelSelector: `${APP_LABEL}=${name}`, content: 'metadata' } as const;
    if (needed.has(kindKey(kind))) return listWithRights(query, namespaces, cluster);
    return ownedOf(kind, await listWhereAllowed(query, namespaces, cluster), cluster);
  });
  return lists.flat().map((object) => {
    const { uid } = object.metadata;
    return { ...idOf(object), apiVersion: object.apiVersion, ...(uid !== undefined && { uid }) };
  });
}

/** In all namespaces at once; where that is forbidden, as to a user that has rights in some only, in those of the application. */
async function listWithRights(
  query: ListQuery,
  namespaces: readonly string[],
  cluster: Cluster,
): Promise<readonly KubeObject[]> {
  const found: KubeObject[] = [];
  await listWhere(cluster, { ...query, namespaces, separately: 0 }, (object) => void found.push(object));
  return found;
}

/** Some kinds cannot be listed at all, others not by every user. */
async function listWhereAllowed(
  query: ListQuery,
  namespaces: readonly string[],
  cluster: Cluster,
): Promise<readonly KubeObject[]> {
  try {
    return await listWithRights(query, namespaces, cluster);
  } catch (thrown) {
    if (REFUSALS.includes(asDriftlessError(thrown).code)) return [];
    throw thrown;
  }
}

/** Controllers copy labels: an EndpointSlice has those of its Service, and is not ours. */
async function ownedOf(
  kind: ServedKind,
  labelled: readonly KubeObject[],
  cluster: Cluster,
): Promise<readonly KubeObject[]> {
  const live = await mapBounded(labelled, LISTS_AT_ONCE, (object) => cluster.get(kind, idOf(object)));
  return live.flatMap((object) => {
    const managers = object?.metadata.managedFields ?? [];
    return object !== undefined && managers.some(({ manager }) => manager === FIELD_MANAGER) ? [object] : [];
  });
}

/** Each kind in one of the versions that it is served in. */
async function servedKinds(cluster: Cluster): Promise<readonly ServedKind[]> {
  const { apiVersions } = await cluster.capabilities();
  const kinds = new Map<string, ServedKind>();
  for (const name of apiVersions) {
    const slash = name.lastIndexOf('/');
    const kind = /^[A-Z]/.test(name.slice(slash + 1))
      ? await cluster.kind(name.slice(0, slash), name.slice(slash + 1))
      : undefined;
    if (kind !== undefined && !kinds.has(kindKey(kind))) kinds.set(kindKey(kind), kind);
  }
  return [...kinds.values()];
}
