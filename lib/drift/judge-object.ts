// In: one object that may have drifted, as it was deployed. Out: whether it has, in which fields, by whom. A server-side dry-run and a read at most; nothing is
// written. What the server makes of both has passed the same admission, so what a webhook sets each time is the same on both sides.

import { leftFields } from '../compare/unmanaged-fields.ts';
import { diffObjects } from '../diff/diff.ts';
import { withoutFields } from '../ignore/remove-fields.ts';
import { type Ignored, ignoredOf, namesManager } from '../ignore/rules.ts';
import { isEmpty, ownedBesides, ownsField, presentIn, sharesFields } from '../managed-fields/owners.ts';
import { managedFieldsTakenOver, ownEntry } from '../managed-fields/takeover.ts';
import type { FieldChange } from '../model/change-set.ts';
import type { ApplyResult } from '../model/cluster-api.ts';
import { formatRef, type KubeObject } from '../model/kube-object.ts';
import { mayRecreate } from '../plan/decide.ts';
import { APP_LABEL, type Desired } from '../plan/desired.ts';
import { droppedFields } from '../sync/plan/dry-run-object.ts';
import { authorsOf, namedAuthors, othersOf } from './authors.ts';
import type { Found, Judging, Verdict } from './verdict.ts';

/** Asks the server what applying an object anew would change. */
export async function judgeObject(desired: Desired, judging: Judging): Promise<Verdict> {
  const { cluster, isListed } = judging;
  const dryRun = (): Promise<ApplyResult> => cluster.apply(desired.kind, desired.object, { dryRun: true, force: true });
  const read = cluster.get(desired.kind, desired.id);
  const [early, live] = await Promise.all([isListed ? dryRun() : undefined, read]);
  if (live === undefined) return drifted(desired, { drift: 'missing' });
  if (live.metadata.deletionTimestamp !== undefined)
    return drifted(desired, { drift: 'missing', note: 'is being deleted', live });
  const result = early ?? (await dryRun());
  if (result.status === 'applied') return compare({ desired, live, dry: result.object }, judging);
  if (result.status === 'refused' && result.reason === 'immutable')
    return immutable(desired, result, { live, judging });
  const words = result.status === 'refused' ? result.message : 'others own its fields';
  return { status: 'unknown', reason: `${formatRef(desired.id)}: cannot be compared: ${words}` };
}

type Compared = { readonly desired: Desired; readonly live: KubeObject; readonly dry: KubeObject };

async function compare({ desired, live, dry }: Compared, { cluster, context }: Judging): Promise<Verdict> {
  const ignored = ignoredOf(desired.id, live, context);
  const [before, after] = [withoutFields(live, ignored.fields), withoutFields(dry, ignored.fields)];
  const own = ownEntry(dry);
  const counted = diffObjects(before, after).filter(
    ({ path }) => own === undefined || ownsField(own, path, [dry, live]),
  );
  const all = [...counted, ...(await droppedFields(before, desired, cluster))];
  const fields = withoutManagers(all, { before, after }, ignored);
  if (fields.length > 0) return drifted(desired, { drift: 'modified', fields, live, ...foreign(desired, live) });
  if (all.length > 0) return { status: 'inSync' };
  const sent = withoutFields(after, leftFields(desired, live, context));
  return compareOwners({ desired, live: before, dry: sent }, ignored);
}

/** Fields that certain managers own do not count, where a rule says so. */
function withoutManagers(
  fields: readonly FieldChange[],
  { before, after }: { readonly before: KubeObject; readonly after: KubeObject },
  { managers }: Ignored,
): readonly FieldChange[] {
  return managers.reduce((left, { names, fields: paths }) => {
    const theirs = othersOf(before).filter(({ manager = '' }) => namesManager(names, manager));
    const remaining =
      paths && new Set(diffObjects(withoutFields(before, paths), withoutFields(after, paths)).map(({ path }) => path));
    return left.filter(
      ({ path }) => remaining?.has(path) || !theirs.some((entry) => ownsField(entry, path, [before, after])),
    );
  }, fields);
}

/** The values are right; whether they are still ours. */
function compareOwners({ desired, live, dry }: Compared, { managers }: Ignored): Verdict {
  const lost = presentIn(ownedBesides(ownEntry(dry), ownEntry(live)), dry);
  const isTaken = managedFieldsTakenOver(live) !== undefined;
  if (isEmpty(lost) && !isTaken) return { status: 'inSync' };
  const takers = othersOf(live).filter(({ fieldsV1 }) => isTaken || sharesFields(lost, fieldsV1));
  const isExcused = ({ manager = '' }: { readonly manager?: string }): boolean =>
    managers.some(({ names, fields }) => fields === undefined && namesManager(names, manager));
  if (takers.length > 0 && takers.every(isExcused)) return { status: 'inSync' };
  return drifted(desired, {
    drift: 'takenOver',
    by: namedAuthors(takers),
    note: 'its values are right, but others own them',
  });
}

function immutable(
  desired: Desired,
  { causes, message }: Extract<ApplyResult, { status: 'refused' }>,
  { live, judging }: { readonly live: KubeObject; readonly judging: Judging },
): Verdict {
  const fields = causes.flatMap(({ field }) => (field === undefined ? [] : [{ path: field }]));
  const isPossible = mayRecreate(desired, judging.recreate);
  const handling = isPossible ? {} : ({ handling: 'report' } as const);
  return drifted(desired, { drift: 'modified', fields, live, note: `cannot be changed back: ${message}`, ...handling });
}

/** What carries another application's label is that one's; nobody takes it back by himself. */
function foreign(desired: Desired, live: KubeObject): Partial<Found> {
  const owner = live.metadata.labels?.[APP_LABEL];
  if (owner === undefined || owner === desired.object.metadata.labels?.[APP_LABEL]) return {};
  return { handling: 'report', note: `carries the label of application ${owner}` };
}

type Drift = Pick<Found, 'drift'> & Partial<Found> & { readonly live?: KubeObject };

function drifted({ id, object }: Desired, { live, ...drift }: Drift): Verdict {
  const { fields = [] } = drift;
  const by = drift.by ?? (live === undefined ? [] : authorsOf(fields, live));
  const { apiVersion } = object;
  return { status: 'drifted', found: { id, apiVersion, fields, by, ...drift } };
}
