// In: what applications have by their inventories, what is live, what earlier scans have seen. Out: what needs no request, which is nearly everything, and
// what does. Nothing is asked here.

import { isIgnored } from '../ignore/rules.ts';
import type { LiveLook } from '../live/list-live.ts';
import type { DriftedObject } from '../model/drift.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, idOf, type KubeObject, type ObjectId } from '../model/kube-object.ts';
import { APP_LABEL } from '../plan/desired.ts';
import type { Subject } from './targets.ts';
import { DRIFTED, NOT_MISSED, type Seen, versionOf, versionsKnown } from './unchanged-index.ts';

/** An object that has to be asked about; `live` is its metadata, unless the lists do not have it. */
export type Candidate = { readonly entry: InventoryEntry; readonly live: KubeObject | undefined };

/** What is known of one application before anything is asked. */
export type Sorted = {
  readonly subject: Subject;
  readonly candidates: readonly Candidate[];
  /** With its label, and in no inventory. */
  readonly extras: readonly KubeObject[];
  /** Drifted objects that are as they were when they were judged, or that nobody can see now. */
  readonly standing: readonly DriftedObject[];
  /** Why some of its objects could not be seen. */
  readonly blindness: readonly string[];
  /** What stays to be remembered. */
  readonly versions: Readonly<Record<string, string>>;
};

export type SortedOut = { readonly sorted: readonly Sorted[]; readonly orphans: readonly ObjectId[] };

type Everything = {
  readonly subjects: readonly Subject[];
  /** Names of all applications that are deployed to this cluster, looked at or not. */
  readonly configured: ReadonlySet<string>;
  readonly look: LiveLook;
  readonly seen: Seen;
};

/** Compares versions. */
export function sortOut({ subjects, configured, look, seen }: Everything): SortedOut {
  const claimed = new Set<string>();
  const sorted = subjects.map((subject) => sortApp(subject, { look, claimed, seen }));
  const unclaimed = [...look.objects].flatMap(([key, object]) => (claimed.has(key) ? [] : [object]));
  const strays = Map.groupBy(unclaimed.filter(isStray), ({ metadata }) => metadata.labels?.[APP_LABEL] ?? '');
  const orphans = [...strays].flatMap(([app, objects]) => (configured.has(app) ? [] : objects.map(idOf)));
  return { sorted: sorted.map((one) => ({ ...one, extras: extrasOf(one, strays) })), orphans };
}

function extrasOf(
  { subject }: Omit<Sorted, 'extras'>,
  strays: ReadonlyMap<string, readonly KubeObject[]>,
): readonly KubeObject[] {
  const { app } = subject.record;
  return (strays.get(app.name) ?? []).filter((extra) => !isIgnored(idOf(extra), app.drift.ignore ?? []));
}

/** Whether an object is there on its own: what a controller made, or copied labels from, is not. */
function isStray({ kind, apiVersion, metadata }: KubeObject): boolean {
  const { labels, annotations, ownerReferences = [], deletionTimestamp } = metadata;
  if (labels?.[APP_LABEL] === undefined || deletionTimestamp !== undefined) return false;
  if (annotations?.['driftless.dev/drift'] === 'off') return false;
  // The endpoints controller copies a Service's labels, and names no owner.
  if (apiVersion === 'v1' && kind === 'Endpoints') return false;
  return !ownerReferences.some(({ controller }) => controller === true);
}

type Surroundings = { readonly look: LiveLook; readonly claimed: Set<string>; readonly seen: Seen };

function sortApp(subject: Subject, { look, claimed, seen }: Surroundings): Omit<Sorted, 'extras'> {
  const { record, previous, inventory } = subject;
  const sorting: Sorting = {
    look,
    claimed,
    subject,
    versions: versionsKnown(seen[record.app.name], record),
    drifted: new Map(previous?.objects.map((object) => [idKey(object.id), object])),
    candidates: [],
    standing: [],
    blindness: new Set(),
    remembered: {},
  };
  for (const entry of inventory) sortEntry(entry, sorting);
  return {
    subject,
    candidates: sorting.candidates,
    standing: sorting.standing,
    blindness: [...sorting.blindness],
    versions: sorting.remembered,
  };
}

type Sorting = {
  readonly look: LiveLook;
  /** What is some entry's, by identity. */
  readonly claimed: Set<string>;
  readonly subject: Subject;
  readonly versions: Readonly<Record<string, string>>;
  readonly drifted: ReadonlyMap<string, DriftedObject>;
  readonly candidates: Candidate[];
  readonly standing: DriftedObject[];
  readonly blindness: Set<string>;
  readonly remembered: Record<string, string>;
};

function sortEntry(entry: InventoryEntry, sorting: Sorting): void {
  const { look, claimed, subject, drifted } = sorting;
  // This is what nearly every entry ends with.
  if (look.applied.has(entry)) return;
  const key = idKey(entry);
  const live = look.objects.get(key);
  claimed.add(key);
  const before = drifted.get(key);
  const blindness = look.blindness(entry);
  if (blindness !== undefined) {
    sorting.blindness.add(blindness);
    if (before !== undefined) sorting.standing.push(before);
    return;
  }
  // An operation meant to change it and did not get there, so nobody can say what it should be.
  if (entry.hash === undefined) return;
  const version = live === undefined ? NOT_MISSED : versionOf(live.metadata);
  if (!subject.isFull && isJudged({ key, version, before }, sorting)) return;
  sorting.candidates.push({ entry, live });
}

type Looked = { readonly key: string; readonly version: string; readonly before: DriftedObject | undefined };

/** Whether this very version was judged before, and the verdict still holds. */
function isJudged({ key, version, before }: Looked, { versions, remembered, standing }: Sorting): boolean {
  const known = versions[key];
  if (known === version) {
    remembered[key] = version;
    return true;
  }
  if (known !== DRIFTED + version || before === undefined) return false;
  remembered[key] = known;
  standing.push(before);
  return true;
}
