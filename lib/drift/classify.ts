// In: what applications have by their inventories, what is live, what earlier scans found. Out: a comparison of each application: nearly all of its objects need
// no request, and the others are its candidates. Pure.

import type { FoundDrift } from '../compare/decide-drift.ts';
import { ANNOTATIONS, meaningIn } from '../dialects/annotations.ts';
import { isIgnored } from '../ignore/rules.ts';
import type { LiveReading } from '../live/list-live.ts';
import type { Application } from '../model/application.ts';
import type { DriftedObject, Orphan } from '../model/drift.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, idOf, type KubeObject } from '../model/kube-object.ts';
import { APP_LABEL } from '../ownership/labels.ts';
import { isOfOtherDeployer } from '../ownership/owner.ts';
import { type HealthSelection, HealthSelector } from './health/select.ts';
import type { ScanTarget } from './targets.ts';
import {
  ABSENT,
  type ComparedVersions,
  comparedVersion,
  DRIFTED,
  type UnchangedIndex,
  versionOf,
  versionsKnown,
} from './unchanged-index.ts';

/** An object that has to be compared; `live` is its metadata, unless the lists do not have it. */
export type Candidate = { readonly entry: InventoryEntry; readonly live: KubeObject | undefined };

/** One application, as far as it is compared with what is live. */
export type Comparison = {
  readonly target: ScanTarget;
  /** Objects that still have to be compared; none once the comparison is complete. */
  readonly candidates: readonly Candidate[];
  /** Drift that this scan found, with the unexpected objects: those with the application's label that no inventory has. */
  readonly found: readonly FoundDrift[];
  /** Drift of objects that are as they were when they were compared, or cannot be read now. */
  readonly knownDrift: readonly DriftedObject[];
  /** Why some of its objects could not be read or compared. */
  readonly unreadable: readonly string[];
  /** Compared versions for the next scan. */
  readonly versions: Readonly<Record<string, string>>;
  /** The objects whose health has to be looked at. */
  readonly health: HealthSelection;
};

export type Classified = { readonly comparisons: readonly Comparison[]; readonly orphans: readonly Orphan[] };

type ClusterState = {
  readonly targets: readonly ScanTarget[];
  /** Names of all applications that are deployed to this cluster, scanned or not. */
  readonly configured: ReadonlySet<string>;
  readonly live: LiveReading;
  readonly index: UnchangedIndex;
  /** The deployer's own identity. */
  readonly deployer: string;
};

/** Classifies objects by their versions. */
export function classify({ targets, configured, live, index, deployer }: ClusterState): Classified {
  const claimed = new Set<string>();
  const classified = targets.map((target) => classifyApp(target, { live, claimed, index }));
  const unclaimed = [...live.objects].flatMap(([key, object]) => (claimed.has(key) ? [] : [object]));
  const own = unclaimed.filter((object) => isStray(object) && !isOfOtherDeployer(object, deployer));
  const strays = Map.groupBy(own, ({ metadata }) => metadata.labels?.[APP_LABEL] ?? '');
  const orphans = [...strays].flatMap(([app, objects]) =>
    configured.has(app) ? [] : objects.map((object) => ({ ...idOf(object), app })),
  );
  return { comparisons: classified.map((one) => ({ ...one, found: unexpectedOf(one.target, strays) })), orphans };
}

/** A comparison of some objects completed with the others as they were: the drift that was known of them, and their compared versions. */
export function withOtherObjects(comparison: Comparison, known: ComparedVersions | undefined): Comparison {
  const { inventory: scanned, whole } = comparison.target;
  if (whole === undefined) return comparison;
  const keys = new Set(scanned.map(idKey));
  const others = new Set(whole.inventory.map(idKey).filter((key) => !keys.has(key)));
  const drift = whole.previous?.objects.filter(({ id, drift: kind }) => {
    const key = idKey(id);
    return others.has(key) || (kind === 'extra' && !keys.has(key));
  });
  const versions = Object.entries(versionsKnown(known, whole)).filter(([key]) => others.has(key));
  return {
    ...comparison,
    knownDrift: [...comparison.knownDrift, ...(drift ?? [])],
    versions: { ...comparison.versions, ...Object.fromEntries(versions) },
  };
}

function unexpectedOf(
  { record: { app }, inventory, whole }: ScanTarget,
  strays: ReadonlyMap<string, readonly KubeObject[]>,
): readonly FoundDrift[] {
  const labelled = app.drift.mode === 'off' ? [] : (strays.get(app.name) ?? []);
  const own = labelled.filter(isAmong(app, whole?.inventory ?? inventory));
  return own.filter((object) => !isIgnored(idOf(object), app.drift.ignore ?? [])).map(unexpectedObject);
}

/** Whether an object is where the application has objects: users who may write elsewhere can label objects there with any name. */
function isAmong({ destination }: Application, inventory: readonly InventoryEntry[]): (object: KubeObject) => boolean {
  const namespaces = new Set<string | undefined>([undefined, destination.namespace]);
  for (const { namespace } of inventory) namespaces.add(namespace);
  return ({ metadata }) => namespaces.has(metadata.namespace);
}

function unexpectedObject(object: KubeObject): FoundDrift {
  const { creationTimestamp } = object.metadata;
  return {
    id: idOf(object),
    apiVersion: object.apiVersion,
    drift: 'extra',
    fields: [],
    by: [],
    ...(creationTimestamp !== undefined && { since: creationTimestamp }),
    handling: 'report',
    note: 'carries the label of the application, which did not deploy it',
  };
}

/** Whether an object is there on its own: what a controller made, or copied labels from, is not. */
function isStray({ kind, apiVersion, metadata }: KubeObject): boolean {
  const { labels, ownerReferences = [], deletionTimestamp } = metadata;
  if (labels?.[APP_LABEL] === undefined || deletionTimestamp !== undefined) return false;
  if (meaningIn({ metadata }, ANNOTATIONS.drift) === 'off') return false;
  // The endpoints controller copies a Service's labels, and names no owner.
  if (apiVersion === 'v1' && kind === 'Endpoints') return false;
  return !ownerReferences.some(({ controller }) => controller === true);
}

type Surroundings = Pick<ClusterState, 'live' | 'index'> & { readonly claimed: Set<string> };

function classifyApp(target: ScanTarget, { live, claimed, index }: Surroundings): Comparison {
  const { record, previous, inventory } = target;
  const recorded = index[record.app.name];
  const health = new HealthSelector(target, recorded);
  const classifying: Classifying = {
    live,
    claimed,
    target,
    health,
    known: versionsKnown(recorded, target),
    drifted: new Map(previous?.objects.map((object) => [idKey(object.id), object])),
    candidates: [],
    knownDrift: [],
    unreadable: new Set(),
    versions: {},
  };
  for (const entry of inventory) classifyEntry(entry, classifying);
  const { candidates, knownDrift, unreadable, versions } = classifying;
  const common = { target, found: [], unreadable: [...unreadable], versions, health: health.selection() };
  return { ...common, candidates, knownDrift };
}

type Classifying = {
  readonly live: LiveReading;
  /** Identities of all objects that an entry has. */
  readonly claimed: Set<string>;
  readonly target: ScanTarget;
  readonly health: HealthSelector;
  readonly known: Readonly<Record<string, string>>;
  readonly drifted: ReadonlyMap<string, DriftedObject>;
  readonly candidates: Candidate[];
  readonly knownDrift: DriftedObject[];
  readonly unreadable: Set<string>;
  readonly versions: Record<string, string>;
};

function classifyEntry(entry: InventoryEntry, classifying: Classifying): void {
  const { live, claimed, health } = classifying;
  // This is what nearly every entry ends with.
  if (live.applied.has(entry)) {
    health.applied(entry);
    return;
  }
  const key = idKey(entry);
  const object = live.objects.get(key);
  claimed.add(key);
  const reason = live.unreadable(entry);
  if (reason !== undefined) health.unreadable(entry, reason);
  else if (object === undefined) health.absent(entry);
  else health.listed(entry, key, object);
  classifyDrift(entry, { key, object, reason }, classifying);
}

type Sight = { readonly key: string; readonly object: KubeObject | undefined; readonly reason: string | undefined };

function classifyDrift(entry: InventoryEntry, { key, object, reason }: Sight, classifying: Classifying): void {
  const { target, drifted } = classifying;
  const before = drifted.get(key);
  if (reason !== undefined) {
    if (!target.isHealthOnly) classifying.unreadable.add(reason);
    if (before !== undefined) classifying.knownDrift.push(before);
    return;
  }
  if (!isExpected(entry, object)) return;
  const version = object === undefined ? ABSENT : versionOf(object.metadata);
  if (target.isHealthOnly) classifying.versions[key] = version;
  else if (target.isFull || !isCompared({ key, version, before }, classifying))
    classifying.candidates.push({ entry, live: object });
}

/** Whether it is known in which state an object should be. */
function isExpected({ released, hash, finished }: InventoryEntry, object: KubeObject | undefined): boolean {
  // What the application no longer wants may be in any; of one that an operation was about to change and failed, it is not known.
  if (released || hash === undefined) return false;
  // A Job that has ended may be removed by its time to live, or by those who clean up.
  return object !== undefined || finished !== true;
}

type Observed = { readonly key: string; readonly version: string; readonly before: DriftedObject | undefined };

/** Whether this very version was compared before, and the result still holds. */
function isCompared({ key, version, before }: Observed, { known, versions, knownDrift }: Classifying): boolean {
  const compared = comparedVersion(known[key] ?? '');
  if (compared === version) {
    versions[key] = version;
    return true;
  }
  if (compared !== DRIFTED + version || before === undefined) return false;
  versions[key] = compared;
  knownDrift.push(before);
  return true;
}
