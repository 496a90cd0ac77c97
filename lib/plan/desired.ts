// In: manifests as they were rendered, the kinds that the cluster serves. Out: the objects as they are to be applied, and refusals.
import type { Manifest, Refusal } from '../model/change-set.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import { definedKinds } from '../model/definition.ts';
import {
  formatRef,
  groupOf,
  idKey,
  idOf,
  type KubeObject,
  type ObjectId,
  type ObjectMeta,
} from '../model/kube-object.ts';
import { stableHash } from '../model/stable-hash.ts';
import { APP_LABEL } from '../ownership/labels.ts';

/** An object as it is to be applied. */
export type Desired = {
  readonly object: KubeObject;
  readonly id: ObjectId;
  readonly kind: ServedKind;
  /** `deploy/api.yaml:14`. */
  readonly source: string;
  /** Whether the kind is served now; otherwise a CRD beside it has to define it first. */
  readonly served: boolean;
  readonly hash: string;
};

export type Placement = { readonly app: string; readonly namespace: string };

/** Looks up a kind that the cluster serves now. */
export type KindLookup = (apiVersion: string, kind: string) => ServedKind | undefined;

/** Places, cleans, labels and hashes every manifest. A manifest that cannot be applied is a refusal; the others are planned all the same. */
export function prepareDesired(
  manifests: readonly Manifest[],
  placement: Placement,
  served: KindLookup,
): { readonly desired: readonly Desired[]; readonly refusals: readonly Refusal[] } {
  const defined = kindsOfDefinitions(manifests);
  const seen = new Map<string, Desired>();
  const refusals: Refusal[] = [];
  for (const manifest of manifests) {
    const { apiVersion, kind: name } = manifest.object;
    const known = served(apiVersion, name);
    const kind = known ?? defined.get(`${apiVersion}/${name}`);
    if (kind === undefined) {
      refusals.push(unservedRefusal(manifest));
      continue;
    }
    const candidate = place(manifest, { kind, served: known !== undefined }, placement);
    const twin = seen.get(idKey(candidate.id));
    if (twin === undefined) seen.set(idKey(candidate.id), candidate);
    else refusals.push(duplicateRefusal(candidate, twin));
  }
  return { desired: [...seen.values()], refusals };
}

/** `deploy/api.yaml:14`, or the file alone where a renderer made the text. */
function formatSource({ file, line }: Manifest): string {
  return line === undefined ? file : `${file}:${line}`;
}

function kindsOfDefinitions(manifests: readonly Manifest[]): ReadonlyMap<string, ServedKind> {
  return new Map(
    manifests
      .flatMap(({ object }) => definedKinds(object))
      .map((kind) => [`${kind.group}/${kind.version}/${kind.kind}`, kind]),
  );
}

function place(manifest: Manifest, { kind, served }: Pick<Desired, 'kind' | 'served'>, placement: Placement): Desired {
  const object = clean(manifest.object, kind.namespaced ? placement.namespace : undefined, placement.app);
  return { object, id: idOf(object), kind, served, source: formatSource(manifest), hash: stableHash(object) };
}

/**
 * The object without what only a server may set, which exported manifests often carry, and with our label. A cluster-scoped object loses a
 * namespace, as it would on the server.
 */
function clean(object: KubeObject, namespace: string | undefined, app: string): KubeObject {
  const { status: _status, ...rest } = object;
  const { name, generateName, labels, annotations, finalizers, ownerReferences } = object.metadata;
  const metadata: ObjectMeta = {
    name,
    ...(namespace !== undefined && { namespace: object.metadata.namespace ?? namespace }),
    ...(generateName !== undefined && { generateName }),
    labels: { ...labels, [APP_LABEL]: app },
    ...(annotations !== undefined && { annotations }),
    ...(finalizers !== undefined && { finalizers }),
    ...(ownerReferences !== undefined && { ownerReferences }),
  };
  return { ...rest, metadata };
}

function unservedRefusal(manifest: Manifest): Refusal {
  const { apiVersion, kind } = manifest.object;
  return {
    id: idOf(manifest.object),
    source: formatSource(manifest),
    message: `the cluster does not serve ${kind} in ${apiVersion}; install its CRD first, or correct apiVersion and kind`,
  };
}

function duplicateRefusal(second: Desired, first: Desired): Refusal {
  const group = groupOf(second.object.apiVersion);
  return {
    id: second.id,
    source: second.source,
    message: `${formatRef(second.id)}${group === '' ? '' : ` of ${group}`} is already defined in ${first.source}; remove one of the two`,
  };
}
