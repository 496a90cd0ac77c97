// Server-side apply, as far as tests of the pipeline need it: fields have owners, lists are replaced as a whole.
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, ManagedFieldsEntry } from '../../lib/model/kube-object.ts';

type Tree = Readonly<Record<string, unknown>>;
type Path = readonly string[];

type Merged =
  | { readonly object: KubeObject }
  | { readonly conflicts: readonly { readonly manager: string; readonly field: string }[] };

/** What becomes of a live object, or of nothing, when a manager applies a configuration. */
export function serverSideApply(
  live: KubeObject | undefined,
  applied: KubeObject,
  { manager, force }: { readonly manager: string; readonly force: boolean },
): Merged {
  const wanted = leavesOf(configurationOf(applied));
  const before = live ?? { apiVersion: applied.apiVersion, kind: applied.kind, metadata: applied.metadata };
  const entries = live?.metadata.managedFields ?? [];
  const others = entries.filter((entry) => entry.manager !== manager || entry.subresource !== undefined);
  const contested = (path: Path): boolean =>
    !isDeepStrictEqual(valueAt(before, path), valueAt(applied, path)) && wanted.some((leaf) => isSame(leaf, path));
  const conflicts = others.flatMap((entry) =>
    ownedBy(entry)
      .filter(contested)
      .map((path) => ({ manager: entry.manager ?? '', field: `.${path.join('.')}` })),
  );
  if (conflicts.length > 0 && !force) return { conflicts };

  const kept = others.map((entry) => ({
    ...entry,
    fieldsV1: fieldsOf(ownedBy(entry).filter((path) => !contested(path))),
  }));
  const stillOwned = kept.flatMap(ownedBy);
  const dropped = entries
    .filter((entry) => !others.includes(entry))
    .flatMap(ownedBy)
    .filter((path) => ![...wanted, ...stillOwned].some((leaf) => isSame(leaf, path)));
  const bare = dropped.reduce<Tree>((tree, path) => changed(tree, path, undefined), before);
  const full = wanted.reduce<Tree>((tree, path) => changed(tree, path, valueAt(applied, path)), bare) as KubeObject;
  const own = {
    manager,
    operation: 'Apply',
    apiVersion: applied.apiVersion,
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsOf(wanted),
  };
  const managedFields: readonly ManagedFieldsEntry[] = [...kept.filter((entry) => ownedBy(entry).length > 0), own];
  return { object: { ...full, metadata: { ...full.metadata, managedFields } } };
}

/** What a manager can own: everything but identity, status and what only servers set. */
function configurationOf({ apiVersion: _a, kind: _k, status: _s, metadata, ...rest }: KubeObject): Tree {
  const { labels, annotations, finalizers, ownerReferences } = metadata;
  return { ...rest, metadata: { labels, annotations, finalizers, ownerReferences } };
}

function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  if (value === undefined) return [];
  if (!isTree(value)) return [path];
  const below = Object.entries(value).flatMap(([field, inner]) => leavesOf(inner, [...path, field]));
  return below.length === 0 && path.length > 1 ? [path] : below;
}

function ownedBy({ fieldsV1 = {} }: ManagedFieldsEntry): readonly Path[] {
  const walk = (fields: Tree, path: Path): readonly Path[] =>
    Object.entries(fields).flatMap(([field, inner]) => {
      const at = [...path, field.slice(2)];
      return isTree(inner) && Object.keys(inner).length > 0 ? walk(inner, at) : [at];
    });
  return walk(fieldsV1, []);
}

function fieldsOf(paths: readonly Path[]): Tree {
  return paths.reduce<Tree>(
    (tree, path) =>
      changed(
        tree,
        path.map((field) => `f:${field}`),
        {},
      ),
    {},
  );
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, field) => (isTree(at) ? at[field] : undefined), value);
}

function changed(tree: Tree, [field = '', ...rest]: Path, value: unknown): Tree {
  const inner = isTree(tree[field]) ? tree[field] : {};
  const next = rest.length === 0 ? value : changed(inner, rest, value);
  const { [field]: _, ...others } = tree;
  const isGone = next === undefined || (value === undefined && isTree(next) && Object.keys(next).length === 0);
  return isGone ? others : { ...tree, [field]: next };
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((field, place) => field === other[place]);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
