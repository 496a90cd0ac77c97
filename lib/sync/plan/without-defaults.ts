// In: an object that the server refuses as invalid. Out: its plan entry, where only defaults stand in the way that the server has completed and no manager owns. The
// manifest as that of a new object shows that the rest of it is valid; one more dry-run, of refused objects only.
import { type NotApplied, refusalsOf } from '../../compare/refusals.ts';
import { diffObjects } from '../../diff/diff.ts';
import { type DryRun, dryRunAsNew } from '../../live/dry-run.ts';
import { isEmpty } from '../../managed-fields/field-set.ts';
import { othersOf, ownEntry, ownsField } from '../../managed-fields/owners.ts';
import { unownedDefaults } from '../../managed-fields/unowned-defaults.ts';
import type { FieldChange, Refusal } from '../../model/change-set.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { identityOf } from '../../ownership/labels.ts';
import { ownerOf } from '../../ownership/owner.ts';
import type { Desired } from '../../plan/desired.ts';
import type { PlannedObject } from '../../plan/planned.ts';
import type { Planning } from './plan-context.ts';

/**
 * Plans an object whose old defaults are owned first, so that the apply removes them. Where fields of other managers are what it is refused for, as after an edit
 * that gave a variable another source, the refusals name these. Undefined where it is neither.
 */
export async function withoutDefaults(
  desired: Desired,
  { result, live }: DryRun,
  { app, cluster }: Pick<Planning, 'app' | 'cluster'>,
): Promise<PlannedObject | readonly Refusal[] | undefined> {
  if (result.status !== 'refused' || result.reason !== 'invalid' || live === undefined) return undefined;
  const owner = ownerOf(live, identityOf(desired.object)).kind;
  if (owner === 'application' || owner === 'deployer' || live.metadata.deletionTimestamp !== undefined)
    return undefined;
  const asNew = await dryRunAsNew(desired, { cluster });
  if (asNew === undefined) return undefined;
  const refused = result.causes.flatMap(({ field }) => field ?? []);
  const { fields: ownFirst, paths } = unownedDefaults(refused, { live, asNew });
  if (isEmpty(ownFirst)) return blockedByOthers(desired, result, live);
  const fields = changesOf(live, asNew).filter(({ path }) => isOwn(path, { live, asNew }) || isWithin(path, paths));
  const note = `removes ${paths.join(', ')}, a default that does not go with it`;
  return { ...desired, action: 'configured', fields, force: app.sync.force, ownFirst, note };
}

/** The refusals, where others have set fields beside those of the manifest, which the server accepts as a new object. */
function blockedByOthers(desired: Desired, result: NotApplied, live: KubeObject): readonly Refusal[] | undefined {
  const setters = othersOf(live).filter(
    ({ fieldsV1 = {}, subresource = '' }) => subresource === '' && 'f:spec' in fieldsV1,
  );
  const names = [...new Set(setters.map(({ manager }) => JSON.stringify(manager)))];
  if (names.length === 0) return undefined;
  const remedy = `; the server accepts it as a new object, so what field manager ${names.join(' or ')} set in the live object does not go with it: undo that change there, and sync again`;
  return refusalsOf(desired, result, remedy);
}

function changesOf(live: KubeObject, asNew: KubeObject): readonly FieldChange[] {
  const { labels, annotations } = asNew.metadata;
  const metadata = {
    ...live.metadata,
    labels: { ...live.metadata.labels, ...labels },
    annotations: { ...live.metadata.annotations, ...annotations },
  };
  return diffObjects(
    {
      ...live,
      metadata: { ...metadata, labels: live.metadata.labels ?? {}, annotations: live.metadata.annotations ?? {} },
    },
    { ...asNew, metadata },
  );
}

function isOwn(path: string, { live, asNew }: { readonly live: KubeObject; readonly asNew: KubeObject }): boolean {
  const own = ownEntry(asNew);
  return own !== undefined && ownsField(own, path, [asNew, live]);
}

function isWithin(path: string, paths: readonly string[]): boolean {
  return paths.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
}
