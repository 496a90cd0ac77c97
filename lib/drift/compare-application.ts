// In: a comparison with candidates. Out: the comparison without: each is compared with what was deployed. The stored rendering is loaded once, and only here;
// Git is not read. May throw what makes the cluster unreachable; any other failure is the reason why the application is unknown.

import { mapBounded } from '../async/map-bounded.ts';
import type { ObjectDrift } from '../compare/decide-drift.ts';
import { asDriftlessError } from '../errors.ts';
import { scaledBy } from '../ignore/autoscaled.ts';
import type { ApplicationRecord, LastSync } from '../model/application-record.ts';
import type { Manifest } from '../model/change-set.ts';
import type { ServedKind } from '../model/cluster-api.ts';
import type { InventoryEntry } from '../model/inventory.ts';
import { idKey, type KubeObject } from '../model/kube-object.ts';
import { prepareDesired } from '../plan/desired.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Blobs } from '../ports/store.ts';
import { JsonBlobs } from '../runtime/json-blobs.ts';
import type { Candidate, Comparison } from './classify.ts';
import { compareCandidate, type DeployedObjects, typeKey } from './compare-candidate.ts';
import { ABSENT, DRIFTED, versionOf } from './unchanged-index.ts';

/** Objects of one application that are compared at a time. */
const OBJECTS_AT_ONCE = 8;

export type ComparePorts = { readonly cluster: Cluster; readonly blobs: Blobs; readonly deployer: string };

/** Completes the comparison of an application; one without candidates costs no request. */
export async function compareApplication(comparison: Comparison, ports: ComparePorts): Promise<Comparison> {
  if (comparison.candidates.length === 0) return comparison;
  try {
    return await compareCandidates(comparison, ports);
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    if (error.code === 'ApiServerUnreachable') throw error;
    const knownDrift = comparison.target.previous?.objects ?? [];
    return { ...comparison, candidates: [], found: [], knownDrift, unreadable: [error.message] };
  }
}

async function compareCandidates(
  comparison: Comparison,
  { cluster, blobs, deployer }: ComparePorts,
): Promise<Comparison> {
  const { candidates, target, unreadable } = comparison;
  const { renderedKey } = target.lastSync;
  const manifests = await new JsonBlobs<readonly Manifest[]>(blobs).find(renderedKey);
  if (manifests === undefined) {
    const reason = `the deployed rendering is no longer stored (${renderedKey}); sync the application once`;
    return { ...comparison, candidates: [], unreadable: [...unreadable, reason] };
  }
  const deployed = await deployedObjects(manifests, comparison, { cluster, deployer });
  const compared = await mapBounded(candidates, OBJECTS_AT_ONCE, async (candidate) => ({
    candidate,
    drift: await compareCandidate(candidate, { deployed, target, cluster }),
  }));
  const versions = { ...comparison.versions };
  for (const { candidate, drift } of compared) addVersion(candidate, drift, versions);
  const found = compared.flatMap(({ drift }) => (drift.status === 'drifted' ? [drift.found] : []));
  const unknown = compared.flatMap(({ drift }) => (drift.status === 'unknown' ? [drift.reason] : []));
  return {
    ...comparison,
    candidates: [],
    found: [...found, ...comparison.found],
    unreadable: [...unreadable, ...unknown],
    versions,
  };
}

/** A version is recorded where the next scan would come to the same result. */
function addVersion({ entry, live }: Candidate, drift: ObjectDrift, versions: Record<string, string>): void {
  const version = live === undefined ? ABSENT : versionOf(live.metadata);
  if (drift.status === 'inSync') versions[idKey(entry)] = version;
  if (drift.status === 'drifted' && live !== undefined) versions[idKey(entry)] = DRIFTED + version;
}

/** The name under which the last deployment was applied; its labels and hashes have it until the next one. */
function nameWhenDeployed({ app, formerly = [] }: ApplicationRecord, { seq }: Pick<LastSync, 'seq'>): string {
  return formerly.find(({ upToSeq }) => seq <= upToSeq)?.name ?? app.name;
}

/** The candidates as they were deployed, and the objects that autoscalers beside them scale. */
async function deployedObjects(
  manifests: readonly Manifest[],
  { candidates, target }: Comparison,
  { cluster, deployer }: Omit<ComparePorts, 'blobs'>,
): Promise<DeployedObjects> {
  const { app } = target.record;
  const deployedAs = nameWhenDeployed(target.record, target.lastSync);
  const names = new Set(candidates.map(({ entry }) => `${entry.kind}/${entry.name}`));
  const wanted = manifests.filter(({ object }) => names.has(`${object.kind}/${object.metadata.name}`));
  const entries = new Map(candidates.map(({ entry }) => [typeKey(entry), entry]));
  const served = new Map<string, ServedKind>();
  for (const [key, { apiVersion, kind }] of entries) {
    const known = await cluster.kind(apiVersion, kind);
    if (known !== undefined) served.set(key, known);
  }
  const { namespace } = app.destination;
  const { desired } = prepareDesired(wanted, { app: deployedAs, namespace, deployer }, (apiVersion, kind) => {
    const key = typeKey({ apiVersion, kind });
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
    ignoring: { rules: app.drift.ignore ?? [], scaled: scaledBy(placed) },
    unserved: new Set([...entries.keys()].filter((key) => !served.has(key))),
  };
}

/** A kind whose definition is gone, as far as an inventory tells. */
function goneKind(entry: InventoryEntry | undefined): ServedKind | undefined {
  if (entry === undefined) return undefined;
  const { group, kind, apiVersion, namespace } = entry;
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return { group, version, kind, plural: '', namespaced: namespace !== undefined };
}
