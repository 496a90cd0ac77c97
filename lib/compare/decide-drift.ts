// In: the comparison of an object that was deployed. Out: whether it has drifted, in which fields, by whom. Both sides have passed the same admission, so a field
// that a webhook sets each time is the same on both. Pure.
import { diffObjects } from '../diff/diff.ts';
import { withoutFields } from '../ignore/remove-fields.ts';
import { type IgnoreContext, type Ignored, ignoredOf, namesManager } from '../ignore/rules.ts';
import { intersects, isEmpty, presentIn, toFieldSet } from '../managed-fields/field-set.ts';
import { othersOf, ownEntry, ownedBesides, ownsField } from '../managed-fields/owners.ts';
import type { FieldChange } from '../model/change-set.ts';
import type { DriftedObject } from '../model/drift.ts';
import { formatRef, type KubeObject } from '../model/kube-object.ts';
import { identityOf } from '../ownership/labels.ts';
import { ownerOf } from '../ownership/owner.ts';
import type { Desired } from '../plan/desired.ts';
import { authorsOf, namedAuthors } from './authors.ts';
import {
  compareObject,
  type DryRunObject,
  type LiveComparison,
  type RecreateOptions,
  recreateObjection,
} from './compare-object.ts';
import type { NotApplied } from './refusals.ts';
import { unmanagedFields } from './unmanaged-fields.ts';

/** A drifted object as a scan found it; the application decides how it is handled unless that is set here. */
export type FoundDrift = Omit<DriftedObject, 'since' | 'firstSeen' | 'handling'> &
  Partial<Pick<DriftedObject, 'since' | 'handling'>>;

export type ObjectDrift =
  | { readonly status: 'inSync' }
  | { readonly status: 'drifted'; readonly found: FoundDrift }
  /** It could not be compared; the reason is a sentence that names the object. */
  | { readonly status: 'unknown'; readonly reason: string };

export type DriftCriteria = RecreateOptions & { readonly ignoring: IgnoreContext };

type DryRunLive = DryRunObject & { readonly live: KubeObject };

/** Whether an object that is live has drifted. */
export function decideDrift(desired: Desired, criteria: DriftCriteria, dryRun: DryRunLive): ObjectDrift {
  const { ignoring } = criteria;
  const { live } = dryRun;
  const ignored = ignoredOf(desired.id, live, ignoring);
  const comparison = compareObject(desired, dryRun, ignored.fields);
  if (comparison.status === 'refused') return uncomparable(desired, comparison.result, { ...criteria, live });
  if (comparison.status !== 'compared') return missingObject(desired, live);
  const own = ownEntry(comparison.applied);
  const counted = comparison.changed.filter(
    ({ path }) => own === undefined || ownsField(own, path, [comparison.applied, comparison.live]),
  );
  const all = [...counted, ...comparison.dropped];
  const fields = withoutManagers(all, comparison, ignored);
  if (fields.length > 0) return drifted(desired, { drift: 'modified', fields, live, ...foreign(desired, live) });
  if (all.length > 0 || comparison.owners === 'same') return { status: 'inSync' };
  const unmanaged = unmanagedFields(desired, live, ignoring);
  return compareOwners(desired, { ...comparison, applied: withoutFields(comparison.applied, unmanaged) }, ignored);
}

/** An object that is not there, or is being deleted. */
export function missingObject(desired: Desired, live: KubeObject | undefined): ObjectDrift {
  return drifted(desired, { drift: 'missing', ...(live !== undefined && { note: 'is being deleted', live }) });
}

/** Fields that certain managers own do not count, where a rule says so. */
function withoutManagers(
  fields: readonly FieldChange[],
  { live, applied }: LiveComparison,
  { managers }: Ignored,
): readonly FieldChange[] {
  return managers.reduce((counted, { names, fields: paths }) => {
    const theirs = othersOf(live).filter(({ manager = '' }) => namesManager(names, manager));
    const remaining =
      paths && new Set(diffObjects(withoutFields(live, paths), withoutFields(applied, paths)).map(({ path }) => path));
    return counted.filter(
      ({ path }) => remaining?.has(path) || !theirs.some((entry) => ownsField(entry, path, [live, applied])),
    );
  }, fields);
}

/** The values are correct; the object has drifted where other managers own them. */
function compareOwners(
  desired: Desired,
  { live, applied, owners }: LiveComparison,
  { managers }: Ignored,
): ObjectDrift {
  const lost = presentIn(ownedBesides(ownEntry(applied), ownEntry(live)), applied);
  const isTaken = owners === 'formerDeployer';
  if (isEmpty(lost) && !isTaken) return { status: 'inSync' };
  const takers = othersOf(live).filter(({ fieldsV1 }) => isTaken || intersects(lost, toFieldSet(fieldsV1)));
  const isExcused = ({ manager = '' }: { readonly manager?: string }): boolean =>
    managers.some(({ names, fields }) => fields === undefined && namesManager(names, manager));
  if (takers.length > 0 && takers.every(isExcused)) return { status: 'inSync' };
  return drifted(desired, {
    drift: 'takenOver',
    by: namedAuthors(takers),
    note: 'its values are correct, but other managers own them',
  });
}

/** An immutable field differs, or the server refuses even what was deployed. */
function uncomparable(
  desired: Desired,
  result: NotApplied,
  { live, ...options }: RecreateOptions & { readonly live: KubeObject },
): ObjectDrift {
  if (result.status !== 'refused' || result.reason !== 'immutable') {
    const message = result.status === 'refused' ? result.message : 'other managers own its fields';
    return { status: 'unknown', reason: `${formatRef(desired.id)}: cannot be compared: ${message}` };
  }
  const fields = result.causes.flatMap(({ field }) => (field === undefined ? [] : [{ path: field }]));
  const objection = recreateObjection(desired, live, options);
  const handling = objection === undefined ? {} : ({ handling: 'report' } as const);
  const note = `cannot be changed back: ${result.message}`;
  return drifted(desired, { drift: 'modified', fields, live, note, ...handling });
}

/** An object that carries the label of another application, or of another deployer, is theirs, and is not corrected. */
function foreign(desired: Desired, live: KubeObject): Partial<FoundDrift> {
  const owner = ownerOf(live, identityOf(desired.object));
  if (owner.kind === 'ours' || owner.kind === 'unlabelled') return {};
  const whose = owner.kind === 'deployer' ? `deployer ${owner.deployer}` : `application ${owner.app}`;
  return { handling: 'report', note: `carries the label of ${whose}` };
}

type Drift = Pick<FoundDrift, 'drift'> & Partial<FoundDrift> & { readonly live?: KubeObject };

function drifted({ id, object }: Desired, { live, ...drift }: Drift): ObjectDrift {
  const { fields = [] } = drift;
  const by = drift.by ?? (live === undefined ? [] : authorsOf(fields, live));
  const { apiVersion } = object;
  return { status: 'drifted', found: { id, apiVersion, fields, by, ...drift } };
}
