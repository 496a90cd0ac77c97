// In: one object that may have drifted, and what was deployed of its application. Out: whether it has. A server-side dry-run and a read at most, and a second
// dry-run where a former deployer owns fields; nothing is written.
import {
  type DriftCriteria,
  decideDrift,
  type FoundDrift,
  missingObject,
  type ObjectDrift,
} from '../compare/decide-drift.ts';
import { ANNOTATIONS, meaningIn } from '../dialects/annotations.ts';
import { asDriftlessError } from '../errors.ts';
import { type IgnoreContext, isIgnored } from '../ignore/rules.ts';
import { dryRunAsNew, dryRunDeployed } from '../live/dry-run.ts';
import { hasFormerDeployer } from '../managed-fields/takeover.ts';
import { idKey } from '../model/kube-object.ts';
import { turnOf } from '../order/hooks.ts';
import type { Desired } from '../plan/desired.ts';
import { isUntouched } from '../plan/untouched.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Candidate } from './classify.ts';
import type { ScanTarget } from './targets.ts';

/** Objects of one application as they were deployed. */
export type DeployedObjects = {
  readonly desired: ReadonlyMap<string, Desired>;
  readonly ignoring: IgnoreContext;
  /** Kinds, `example.com/v1 Widget`, whose definition is gone. */
  readonly unserved: ReadonlySet<string>;
};

type Surroundings = { readonly deployed: DeployedObjects; readonly target: ScanTarget; readonly cluster: Cluster };

/** Compares one object with what was deployed. */
export async function compareCandidate(candidate: Candidate, surroundings: Surroundings): Promise<ObjectDrift> {
  const { deployed, target, cluster } = surroundings;
  const { entry, live } = candidate;
  const desired = deployed.desired.get(idKey(entry));
  if (desired === undefined || !counts(desired, candidate, surroundings)) return { status: 'inSync' };
  if (deployed.unserved.has(typeKey(entry))) return { status: 'drifted', found: unservedObject(desired) };
  const { recreate, pruneProtected } = target.record.app.sync;
  const options = {
    ignoring: deployed.ignoring,
    recreate,
    pruneProtected,
    uid: entry.uid,
    isListed: live !== undefined,
  };
  try {
    const drift = await compareDeployed(desired, options, cluster);
    return drift.status === 'drifted' ? { ...drift, found: handled(drift.found, desired) } : drift;
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    if (error.code === 'ApiServerUnreachable') throw error;
    return { status: 'unknown', reason: error.message };
  }
}

/** A kind in one version, as a map key: `apps/v1 Deployment`. */
export function typeKey({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
  return `${apiVersion} ${kind}`;
}

/** Whether an object can have drifted at all. */
function counts(desired: Desired, { entry, live }: Candidate, { deployed, target }: Surroundings): boolean {
  if (!isStateful(desired) || isIgnored(desired.id, deployed.ignoring.rules)) return false;
  const { record, lastSync, isFull } = target;
  // A later operation applied something else, and did not succeed.
  if (entry.hash !== desired.hash && lastSync.seq !== record.desiredSeq) return false;
  return isFull || !isUntouched(desired, entry, live);
}

/** Hooks run and go; and an annotation in Git may exempt an object. */
function isStateful({ object }: Desired): boolean {
  return turnOf(object).deletePolicies === undefined && meaningIn(object, ANNOTATIONS.drift) !== 'off';
}

type DeployedOptions = DriftCriteria & { readonly isListed: boolean };

async function compareDeployed(
  desired: Desired,
  { isListed, ...options }: DeployedOptions,
  cluster: Cluster,
): Promise<ObjectDrift> {
  const dryRun = await dryRunDeployed(desired, { force: true, isListed }, { cluster });
  if (!('result' in dryRun)) return missingObject(desired, dryRun.live);
  const isTakeover = dryRun.result.status === 'applied' && hasFormerDeployer(dryRun.live);
  const asNew = isTakeover ? await dryRunAsNew(desired, { cluster }) : undefined;
  return decideDrift(desired, options, { ...dryRun, asNew });
}

/** An object's own annotation precedes the setting of its application; what cannot be corrected is reported in any case. */
function handled(found: FoundDrift, { object }: Desired): FoundDrift {
  const handling = meaningIn(object, ANNOTATIONS.drift);
  return handling === undefined || handling === 'off' || found.handling !== undefined ? found : { ...found, handling };
}

/** Applying it would be refused, so it is only reported. */
function unservedObject({ id, object: { apiVersion } }: Desired): FoundDrift {
  const note = `its kind is no longer served in ${apiVersion}`;
  return { id, apiVersion, drift: 'missing', fields: [], by: [], handling: 'report', note };
}
