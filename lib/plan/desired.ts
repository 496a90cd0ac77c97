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
import { labelled } from '../ownership/labels.ts';
import { normalized } from './normalize.ts';

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
  /** Set where the object leaves its name to us. */
  readonly generateName?: string;
};

export type Placement = {
  readonly app: string;
  readonly namespace: string;
  /** Absent where no object is written: a rendering or a plan without a deployer. */
  readonly deployer?: string;
};

/** A name has 63 characters at most in most kinds. */
const LONGEST_PREFIX = 54;

/** The object under a name of its own for this purpose, such as an operation; the same purpose gives the same name. */
export function named(desired: Desired, purpose: string): Desired {
  const { generateName, hash } = desired;
  if (generateName === undefined) return desired;
  const suffix = stableHash({ purpose, hash }).slice(0, 8);
  return withName(desired, `${generateName.slice(0, LONGEST_PREFIX)}${suffix}`);
}

/** The object under a name that it was given before. */
export function withName(desired: Desired, name: string): Desired {
  const { object } = desired;
  const renamed = { ...object, metadata: { ...object.metadata, name } };
  return { ...desired, object: renamed, id: idOf(renamed) };
}

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
    else if (!isCopy(manifest, candidate, twin)) refusals.push(duplicateRefusal(candidate, twin));
  }
  return { desired: [...seen.values()], refusals };
}

/** Whether a renderer printed an object once more, as a chart does whose subchart is used under two aliases. People who write an object twice change one of the two later. */
function isCopy({ line }: Manifest, second: Desired, first: Desired): boolean {
  return line === undefined && second.generateName === undefined && second.hash === first.hash;
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
  const { app, deployer } = placement;
  const hashed = clean(normalized(manifest.object), kind.namespaced ? placement.namespace : undefined, app);
  const object = deployer === undefined ? hashed : withLabels(hashed, labelled(hashed.metadata.labels, placement));
  const placed = { object, id: idOf(object), kind, served, source: formatSource(manifest), hash: stableHash(hashed) };
  const { name, generateName } = object.metadata;
  return generateName === undefined || name !== generateName ? placed : named({ ...placed, generateName }, '');
}

/**
 * The object without what only a server may set, which exported manifests often carry, and with our label; the deployer's label is not part of the hash. A
 * cluster-scoped object loses a namespace, as it would on the server.
 */
function clean(object: KubeObject, namespace: string | undefined, app: string): KubeObject {
  const { status: _status, ...rest } = object;
  const { name, generateName, labels, annotations, finalizers, ownerReferences } = object.metadata;
  const metadata: ObjectMeta = {
    name,
    ...(namespace !== undefined && { namespace: object.metadata.namespace ?? namespace }),
    ...(generateName !== undefined && { generateName }),
    labels: labelled(labels, { app }),
    ...(annotations !== undefined && { annotations }),
    ...(finalizers !== undefined && { finalizers }),
    ...(ownerReferences !== undefined && { ownerReferences }),
  };
  return { ...rest, metadata };
}

function withLabels(object: KubeObject, labels: Readonly<Record<string, string>>): KubeObject {
  return { ...object, metadata: { ...object.metadata, labels } };
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
