// In: live objects of an application's inventory. Out: what they own, down to the last: a LIST for each kind and namespace. Only objects are kept whose owner, by
// uid, is one of them; what cannot be listed is named.
import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import { idOf, type KubeObject } from '../model/kube-object.ts';
import { type ListedType, ownedKindsOf } from './owned-kinds.ts';
import type { ReadScope } from './scope.ts';
import { isClaimOf } from './volume-claims.ts';

/** An object, and the uid of the one that owns it. */
export type OwnedObject = { readonly object: KubeObject; readonly owner: string };

export type OwnedObjects = {
  readonly owned: readonly OwnedObject[];
  /** Why some kinds could not be listed. */
  readonly unread: readonly string[];
  /** Whether there are more than are shown. */
  readonly isCut: boolean;
};

const LISTS_AT_ONCE = 8;
/** Objects of a tree; more do not help a person, and fill the memory. */
const MOST_OWNED = 2_000;
/** Deployment → ReplicaSet → Pod → PersistentVolumeClaim is the deepest that is common. */
const MOST_LEVELS = 6;

/** Lists what the objects own. */
export async function readOwned(roots: readonly KubeObject[], scope: ReadScope): Promise<OwnedObjects> {
  const reading: Reading = { scope, owned: new Map(), unread: new Set(), isCut: false };
  let level = roots;
  for (let depth = 0; depth < MOST_LEVELS && level.length > 0; depth += 1) level = await readLevel(level, reading);
  return { owned: [...reading.owned.values()], unread: [...reading.unread], isCut: reading.isCut };
}

type Reading = {
  readonly scope: ReadScope;
  /** By uid. */
  readonly owned: Map<string, OwnedObject>;
  readonly unread: Set<string>;
  isCut: boolean;
};

type Listing = ListedType & { readonly namespace: string; readonly owners: readonly KubeObject[] };

async function readLevel(owners: readonly KubeObject[], reading: Reading): Promise<readonly KubeObject[]> {
  const found = await mapBounded(listingsOf(owners), LISTS_AT_ONCE, (listing) => readListing(listing, reading));
  return found.flat();
}

/** Each kind once a namespace, with the objects that may own some. */
function listingsOf(owners: readonly KubeObject[]): readonly Listing[] {
  const listings = new Map<string, ListedType & { readonly namespace: string; readonly owners: KubeObject[] }>();
  for (const owner of owners) {
    const { namespace, uid } = owner.metadata;
    if (namespace === undefined || uid === undefined) continue;
    for (const type of ownedKindsOf(idOf(owner))) {
      const key = `${namespace} ${type.apiVersion} ${type.kind}`;
      const listing = listings.get(key) ?? { ...type, namespace, owners: [] };
      listings.set(key, listing);
      listing.owners.push(owner);
    }
  }
  return [...listings.values()];
}

async function readListing(listing: Listing, reading: Reading): Promise<readonly KubeObject[]> {
  const { apiVersion, kind: name, namespace } = listing;
  const { cluster } = reading.scope;
  try {
    const kind = await cluster.kind(apiVersion, name);
    if (kind === undefined) return [];
    const ownerOf = ownerFinder(listing);
    const added: KubeObject[] = [];
    await cluster.list({
      ...{ kind, namespace, content: 'full' },
      keep: (object) => {
        const owner = ownerOf({ ...object, apiVersion, kind: name });
        if (owner !== undefined) add({ object: { ...object, apiVersion, kind: name }, owner }, added, reading);
        return false;
      },
    });
    return added;
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    if (code === 'ApiServerUnreachable') throw thrown;
    reading.unread.add(message);
    return [];
  }
}

function add(found: OwnedObject, added: KubeObject[], reading: Reading): void {
  const { uid } = found.object.metadata;
  // A page may come more than once.
  if (uid === undefined || reading.owned.has(uid) || !reading.scope.permits(idOf(found.object))) return;
  if (reading.owned.size >= MOST_OWNED) {
    reading.isCut = true;
    return;
  }
  reading.owned.set(uid, found);
  added.push(found.object);
}

/** Finds the owner of an object by uid; claims of a StatefulSet name none, and are known by its template and labels. */
function ownerFinder({ owners, kind }: Listing): (object: KubeObject) => string | undefined {
  const uids = new Set(owners.map(({ metadata }) => metadata.uid));
  return ({ metadata, ...object }) => {
    const reference = metadata.ownerReferences?.find(({ uid }) => uids.has(uid));
    if (reference !== undefined || kind !== 'PersistentVolumeClaim') return reference?.uid;
    return owners.find((owner) => isClaimOf({ ...object, metadata }, owner))?.metadata.uid;
  };
}
