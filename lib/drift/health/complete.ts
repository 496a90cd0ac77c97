// In: comparisons of applications. Out: what there is to look at is looked at, for all of them at once, and then each has what was seen of its health. An object that
// is not live is Missing if the comparison says so, or if the server does.
import type { ObjectHealth } from '../../health/aggregate.ts';
import type { Manifest } from '../../model/change-set.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { idKey } from '../../model/kube-object.ts';
import { turnOf } from '../../order/hooks.ts';
import type { Blobs } from '../../ports/store.ts';
import { JsonBlobs } from '../../runtime/json-blobs.ts';
import type { Comparison } from '../classify.ts';
import { ABSENT, markedUnwell, versionOf } from '../unchanged-index.ts';
import { type Looked, type LookPorts, lookAt, missing } from './look.ts';
import type { Seen } from './observed.ts';

type CompletePorts = LookPorts & { readonly blobs: Blobs };

/** A comparison with what was seen of the health. */
export type SeenComparison = Comparison & { readonly seen: Seen };

/** Looks at the objects of all comparisons. */
export function lookAtAll(comparisons: readonly Comparison[], ports: LookPorts): Promise<Looked> {
  return lookAt(
    comparisons.flatMap(({ health }) => health.looks),
    ports,
  );
}

/** Completes a comparison whose candidates were compared. */
export async function withHealth(
  comparison: Comparison,
  looked: Looked,
  ports: CompletePorts,
): Promise<SeenComparison> {
  const { looks, known, existing } = comparison.health;
  const gone = await goneOf(comparison, ports);
  const found = looks.flatMap((entry) => looked.get(idKey(entry)) ?? []);
  const unwell = [...known, ...found, ...gone.missing];
  // What was there a moment ago may be missing by now.
  const vanished = found.filter(({ health }) => health.status === 'Missing').length;
  const seen = withOthers({ unwell, existing: existing - vanished + gone.found }, comparison);
  return { ...comparison, seen, versions: versionsAfter(comparison, unwell) };
}

type Gone = { readonly missing: readonly ObjectHealth[]; readonly found: number };

async function goneOf(comparison: Comparison, ports: CompletePorts): Promise<Gone> {
  const { health, target, versions, found, knownDrift } = comparison;
  const drift = new Set([...found, ...knownDrift].flatMap((one) => (one.drift === 'missing' ? [idKey(one.id)] : [])));
  const before = target.previous?.health?.objects.filter(({ status }) => status === 'Missing') ?? [];
  const known = new Set([
    ...drift,
    ...(target.isHealthOnly && !target.isFull ? before.map(({ id }) => idKey(id)) : []),
  ]);
  const expected = health.absent.filter((entry) => target.isHealthOnly || versions[idKey(entry)] !== ABSENT);
  const certain = expected.filter((entry) => known.has(idKey(entry)));
  const others = await withoutHooks(
    expected.filter((entry) => !known.has(idKey(entry))),
    comparison,
    ports,
  );
  const looked = await lookAt(others, ports);
  const missingOthers = others.filter((entry) => looked.get(idKey(entry))?.health.status === 'Missing');
  return {
    missing: [
      ...certain.map((entry) => ({ id: entry, health: missing('not found in the cluster') })),
      ...looked.values(),
    ],
    found: others.length - missingOthers.length,
  };
}

/** Hooks may be gone, which a comparison of the drift knows already. */
async function withoutHooks(
  entries: readonly InventoryEntry[],
  { target }: Comparison,
  { blobs }: CompletePorts,
): Promise<readonly InventoryEntry[]> {
  if (entries.length === 0) return [];
  const manifests = (await new JsonBlobs<readonly Manifest[]>(blobs).find(target.lastSync.renderedKey)) ?? [];
  const hooks = manifests.filter(({ object }) => turnOf(object).deletePolicies !== undefined);
  const names = new Set(hooks.map(({ object }) => `${object.kind}/${object.metadata.name}`));
  return entries.filter(({ kind, name }) => !names.has(`${kind}/${name}`));
}

/** Where only some objects of an application were looked at, the others are as they were. */
function withOthers(seen: Seen, { target: { inventory, whole } }: Comparison): Seen {
  if (whole === undefined) return seen;
  const keys = new Set(inventory.map(idKey));
  const others = (whole.previous?.health?.objects ?? [])
    .filter(({ id }) => !keys.has(idKey(id)))
    .map(({ id, since: _, ...health }) => ({ id, health }));
  const gone = others.filter(({ health }) => health.status === 'Missing').length;
  const count = whole.inventory.filter(({ released }) => !released).length - inventory.length;
  return { unwell: [...seen.unwell, ...others], existing: seen.existing + Math.max(0, count - gone) };
}

/** Objects that were not Healthy are looked at again in the next scan. */
function versionsAfter(
  { versions, health, target }: Comparison,
  unwell: readonly ObjectHealth[],
): Comparison['versions'] {
  const ill = new Set(unwell.map(({ id }) => idKey(id)));
  const own = new Set(target.inventory.map(idKey));
  const marked = Object.entries(versions).map(([key, version]): [string, string] =>
    version === ABSENT || !own.has(key) ? [key, version] : [key, markedUnwell(version, ill.has(key))],
  );
  // Those that are as they were applied have no version here, since they are in sync.
  const applied = health.looks
    .filter((entry) => ill.has(idKey(entry)) && versions[idKey(entry)] === undefined)
    .map((entry): [string, string] => [idKey(entry), markedUnwell(versionOf(entry), true)]);
  return Object.fromEntries([...marked, ...applied]);
}
