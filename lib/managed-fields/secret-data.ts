// Secrets that were applied with `stringData` by an earlier version: the API server makes `data` of it, but records who owns it under `stringData`, and so leaves a
// key live that Git drops. Pure.
import type { KubeObject } from '../model/kube-object.ts';
import { type FieldSet, toFieldSet, union } from './field-set.ts';
import { isOurs } from './owners.ts';

const TEXTS = 'f:stringData';
const DATA = 'f:data';

/** A live object in which we own the `data` that was made of our `stringData`. */
export function withDataOwned(live: KubeObject): KubeObject {
  const entries = live.metadata.managedFields ?? [];
  const own = entries.find(isOurs);
  if (live.kind !== 'Secret' || live.apiVersion !== 'v1' || own?.fieldsV1?.[TEXTS] === undefined) return live;
  const fieldsV1 = dataOwned(own.fieldsV1, live);
  const managedFields = entries.map((entry) => (entry === own ? { ...own, fieldsV1 } : entry));
  return { ...live, metadata: { ...live.metadata, managedFields } };
}

/**
 * Our fields with `data` in the place of `stringData`. A key that no manager owns was ours too: Git dropped it before, and every other writer is recorded as
 * its owner.
 */
function dataOwned({ [TEXTS]: texts, ...rest }: FieldSet, { data, metadata }: KubeObject): FieldSet {
  const others = (metadata.managedFields ?? [])
    .filter((entry) => !isOurs(entry))
    .map(({ fieldsV1 = {} }) => union(toFieldSet(fieldsV1[DATA]), toFieldSet(fieldsV1[TEXTS])));
  const unowned = Object.keys(toFieldSet(data)).filter(
    (key) => !others.some((fields) => fields[`f:${key}`] !== undefined),
  );
  const orphans = Object.fromEntries(unowned.map((key) => [`f:${key}`, {}]));
  return { ...rest, [DATA]: union(union(toFieldSet(rest[DATA]), toFieldSet(texts)), orphans) };
}

/** The keys of `data` that we own by `stringData`, and that Git no longer has. */
export function staleKeys(live: KubeObject, manifest: KubeObject): readonly string[] {
  const owned = withDataOwned(live);
  if (owned === live) return [];
  const fields = toFieldSet(toFieldSet(owned.metadata.managedFields?.find(isOurs)?.fieldsV1)[DATA]);
  const wanted = toFieldSet(manifest.data);
  return Object.keys(toFieldSet(live.data)).filter(
    (key) => fields[`f:${key}`] !== undefined && wanted[key] === undefined,
  );
}
