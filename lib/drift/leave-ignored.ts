// In: the manifests of a correction. Out: the same without ignored fields that others own by now, so that putting back one field of a Deployment does not
// take the number of replicas back from its autoscaler. Reads the drifted objects.
import { ownedPaths } from '../diff/owners.ts';
import { scaledBy } from '../ignore/autoscaled.ts';
import { leftToOthers } from '../ignore/left-to-others.ts';
import { withoutFields } from '../ignore/remove-fields.ts';
import { ignoredOf } from '../ignore/rules.ts';
import type { Application } from '../model/application.ts';
import type { Manifest } from '../model/change-set.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import { idKey, idOf, type KubeObject } from '../model/kube-object.ts';
import type { Cluster } from '../ports.ts';
import { mapBounded } from '../sync/bounded.ts';
import { othersOf } from './authors.ts';

const READS_AT_ONCE = 8;

export type Correction = {
  readonly app: Application;
  /** The objects that are to be corrected, by identity. */
  readonly only: ReadonlySet<string>;
  readonly cluster: Cluster;
};

/** The manifests as a correction applies them. */
export async function leaveIgnored(
  manifests: readonly Manifest[],
  { app, only, cluster }: Correction,
): Promise<readonly Manifest[]> {
  const placed = manifests.map(({ object }) => inNamespace(object, app.destination.namespace));
  const context = { rules: app.drift.ignore ?? [], scaled: scaledBy(placed) };
  return mapBounded(manifests, READS_AT_ONCE, async (manifest) => {
    const { object } = manifest;
    const kind = mayBeMeant(object, only) ? await cluster.kind(object.apiVersion, object.kind) : undefined;
    if (kind === undefined) return manifest;
    const id = idOf(placeOf(object, kind, app));
    const live = only.has(idKey(id)) ? await cluster.get(kind, id) : undefined;
    if (live === undefined) return manifest;
    const others = othersOf(live).map(({ manager = '', fieldsV1 }) => ({ manager, paths: ownedPaths(fieldsV1) }));
    const left = leftToOthers(live, ignoredOf(id, live, context), others);
    return left.length === 0 ? manifest : { ...manifest, object: withoutFields(object, left) };
  });
}

/** Spares a look at the kinds of what is not corrected. */
function mayBeMeant({ kind, metadata: { name } }: KubeObject, only: ReadonlySet<string>): boolean {
  return [...only].some((key) => key.endsWith(`/${name}`) && key.includes(`/${kind}/`));
}

function placeOf(object: KubeObject, { namespaced }: ServedKind, { destination }: Application): KubeObject {
  if (namespaced) return inNamespace(object, destination.namespace);
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function inNamespace(object: KubeObject, namespace: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace } };
}
