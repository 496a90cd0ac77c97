// In: one application, and what of it has to be asked about. Out: what has drifted. The rendering that was deployed is loaded once, and only here; Git is not asked.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import { scaledBy } from '../ignore/autoscaled.ts';
import { type IgnoreContext, isIgnored } from '../ignore/rules.ts';
import type { Manifest } from '../model/change-set.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import type { DriftHandling } from '../model/drift.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, idOf, type KubeObject } from '../model/kube-object.ts';
import { turnOf } from '../order/hooks.ts';
import { type Desired, prepareDesired } from '../plan/desired.ts';
import { isUntouched } from '../plan/untouched.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Blobs } from '../ports/store.ts';
import { Kept } from '../runtime/json-blobs.ts';
import type { Candidate, Sorted } from './classify.ts';
import type { Finding } from './finding.ts';
import { judgeObject } from './judge-object.ts';
import { DRIFTED, NOT_MISSED, versionOf } from './unchanged-index.ts';
import type { Found, Verdict } from './verdict.ts';

/** Objects of one application that are asked about at a time. */
const OBJECTS_AT_ONCE = 8;

type Judge = { readonly cluster: Cluster; readonly blobs: Blobs };

/** Asks about the candidates of an application; of one that has none, nothing is asked. */
export async function judgeApp(sorted: Sorted, judge: Judge): Promise<Finding> {
  const { candidates, subject } = sorted;
  const known = { subject, standing: sorted.standing, extras: sorted.extras.map(extra) };
  if (candidates.length === 0) return { ...known, found: [], unknown: sorted.blindness, versions: sorted.versions };
  const manifests = await new Kept<readonly Manifest[]>(judge.blobs).find(subject.lastSync.renderedKey);
  if (manifests === undefined) {
    const reason = `what was deployed is not kept any more (${subject.lastSync.renderedKey}); sync the application once`;
    return { ...known, found: [], unknown: [...sorted.blindness, reason], versions: sorted.versions };
  }
  const deployed = await deployedObjects(manifests, sorted, judge.cluster);
  const verdicts = await mapBounded(candidates, OBJECTS_AT_ONCE, async (candidate) => ({
    candidate,
    verdict: await judgeCandidate(candidate, { ...deployed, subject, cluster: judge.cluster }),
  }));
  const versions = { ...sorted.versions };
  for (const { candidate, verdict } of verdicts) remember(candidate, verdict, versions);
  const found = verdicts.flatMap(({ verdict }) => (verdict.status === 'drifted' ? [verdict.found] : []));
  const unknown = verdicts.flatMap(({ verdict }) => (verdict.status === 'unknown' ? [verdict.reason] : []));
  return { ...known, found, unknown: [...sorted.blindness, ...unknown], versions };
}

/** A version is remembered where the next scan would come to the same verdict. */
function remember({ entry, live }: Candidate, verdict: Verdict, versions: Record<string, string>): void {
  const version = live === undefined ? NOT_MISSED : versionOf(live.metadata);
  if (verdict.status === 'inSync') versions[idKey(entry)] = version;
  if (verdict.status === 'drifted' && live !== undefined) versions[idKey(entry)] = DRIFTED + version;
}

type Deployed = {
  readonly desired: ReadonlyMap<string, Desired>;
  readonly context: IgnoreContext;
  /** Kinds, `example.com/v1 Widget`, whose definition is gone. */
  readonly unserved: ReadonlySet<string>;
};

/** What was deployed of the candidates, and what autoscalers beside them scale. */
async function deployedObjects(
  manifests: readonly Manifest[],
  { candidates, subject }: Sorted,
  cluster: Cluster,
): Promise<Deployed> {
  const { app } = subject.record;
  const names = new Set(candidates.map(({ entry }) => `${entry.kind}/${entry.name}`));
  const wanted = manifests.filter(({ object }) => names.has(`${object.kind}/${object.metadata.name}`));
  const entries = new Map(candidates.map(({ entry }) => [typeOf(entry), entry]));
  const served = new Map<string, ServedKind>();
  for (const [key, { apiVersion, kind }] of entries) {
    const known = await cluster.kind(apiVersion, kind);
    if (known !== undefined) served.set(key, known);
  }
  const { namespace } = app.destination;
  const { desired } = prepareDesired(wanted, { app: app.name, namespace }, (apiVersion, kind) => {
    const key = typeOf({ apiVersion, kind });
    return served.get(key) ?? goneKind(entries.get(key));
  });
  const placed = manifests.map(
    ({ object }): KubeObject => ({
      ...object,
      metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace },
    }),
  );
  return {
    desired: new Map(desired.map((item) => [idKey(item.id), item])),
    context: { rules: app.drift.ignore ?? [], scaled: scaledBy(placed) },
    unserved: new Set([...entries.keys()].filter((key) => !served.has(key))),
  };
}

function typeOf({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return `${apiVersion} ${kind}`;
}

/** What is left to know of a kind whose definition is gone, and its objects with it. */
function goneKind(entry: InventoryEntry | undefined): ServedKind | undefined {
  if (entry === undefined) return undefined;
  const { group, kind, apiVersion, namespace } = entry;
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return { group, version, kind, plural: '', namespaced: namespace !== undefined };
}

async function judgeCandidate(
  { entry, live }: Candidate,
  {
    desired: all,
    context,
    unserved,
    subject,
    cluster,
  }: Deployed & { readonly subject: Sorted['subject']; readonly cluster: Cluster },
): Promise<Verdict> {
  const desired = all.get(idKey(entry));
  if (desired === undefined || !isStateful(desired) || isIgnored(desired.id, context.rules))
    return { status: 'inSync' };
  const { record, lastSync, isFull } = subject;
  // A later operation applied something else, and did not come to a good end.
  if (entry.hash !== desired.hash && lastSync.seq !== record.desiredSeq) return { status: 'inSync' };
  if (!isFull && isUntouched(desired, entry, live)) return { status: 'inSync' };
  if (unserved.has(typeOf(entry))) return { status: 'drifted', found: unservedObject(desired) };
  const judging = { cluster, context, isListed: live !== undefined, recreate: record.app.sync.recreate };
  try {
    const verdict = await judgeObject(desired, judging);
    return verdict.status === 'drifted' ? { ...verdict, found: handled(verdict.found, desired) } : verdict;
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    if (error.code === 'ApiServerUnreachable') throw error;
    return { status: 'unknown', reason: error.message };
  }
}

/** Hooks run and go; and an annotation in Git may say that nobody is to look. */
function isStateful({ object }: Desired): boolean {
  return turnOf(object).deletePolicies === undefined && object.metadata.annotations?.[HANDLING] !== 'off';
}

const HANDLING = 'driftless.dev/drift';

/** An object's own annotation goes before what its application says; what cannot be corrected is reported in any case. */
function handled(found: Found, { object }: Desired): Found {
  const own = object.metadata.annotations?.[HANDLING];
  const handling: DriftHandling | undefined = own === 'correct' || own === 'report' ? own : undefined;
  return handling === undefined || found.handling !== undefined ? found : { ...found, handling };
}

/** Applying it would be refused, so nobody tries. */
function unservedObject({ id, object: { apiVersion } }: Desired): Found {
  const note = `its kind is not served in ${apiVersion} any more`;
  return { id, apiVersion, drift: 'missing', fields: [], by: [], handling: 'report', note };
}

function extra(object: KubeObject): Found {
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
