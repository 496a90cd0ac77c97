// In: one desired object. Out: what the server would make of it, as a plan entry or refusals. One dry-run, and a read of what is live; one more dry-run without
// what is left to others where that matters, and one by force where a former tool's fields are taken over.

import { agreeIn, leftFields } from '../../compare/unmanaged-fields.ts';
import { diffObjects } from '../../diff/diff.ts';
import { maskObject } from '../../diff/mask.ts';
import { withoutFields } from '../../ignore/remove-fields.ts';
import {
  fieldsDroppedByTakeover,
  isTakenOver,
  managedFieldsTakenOver,
  ownFields,
} from '../../managed-fields/takeover.ts';
import type { FieldChange, Refusal } from '../../model/change-set.ts';
import type { ApplyResult } from '../../model/cluster-api.ts';
import { definedKinds } from '../../model/definition.ts';
import { formatRef, idKey, type KubeObject } from '../../model/kube-object.ts';
import { conflictRefusals, decideApplied, decideImmutable, mayRecreate, refusalsOf } from '../../plan/decide.ts';
import type { Desired } from '../../plan/desired.ts';
import type { PlannedObject } from '../../plan/planned.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Planning } from './plan-context.ts';

/** What the operation itself creates for others: namespaces by name, and kinds by `group/version/kind`, with who brings them. */
export type Dependencies = {
  readonly namespaces: ReadonlyMap<string, string>;
  readonly kinds: ReadonlyMap<string, string>;
  /** Of these, the ones that are being deleted with all that is in them, and have to be made anew. */
  readonly leaving: ReadonlySet<string>;
};

/** The Namespaces that are not live and the kinds that CRDs of the same plan define. */
export function dependenciesOf(desired: readonly Desired[], live: ReadonlyMap<string, KubeObject>): Dependencies {
  const isLeaving = ({ id }: Desired): boolean => live.get(idKey(id))?.metadata.deletionTimestamp !== undefined;
  const fresh = desired.filter(
    (item) => item.id.group === '' && item.id.kind === 'Namespace' && (!live.has(idKey(item.id)) || isLeaving(item)),
  );
  const definitions = desired.flatMap(({ id, object }) =>
    definedKinds(object).map(({ group, version, kind }) => [`${group}/${version}/${kind}`, formatRef(id)] as const),
  );
  return {
    namespaces: new Map(fresh.map(({ id }) => [id.name, formatRef(id)])),
    kinds: new Map(definitions),
    leaving: new Set(desired.filter(isLeaving).map(({ id }) => formatRef(id))),
  };
}

/** Somebody who writes all the time is not waited for. */
const MOST_ASKS = 3;

type Judging = Pick<Planning, 'app' | 'cluster' | 'live' | 'ignoring'> & { readonly dependencies: Dependencies };

/** Asks the server what applying an object would do. */
export async function dryRunObject(desired: Desired, judging: Judging): Promise<readonly (PlannedObject | Refusal)[]> {
  const { cluster, dependencies } = judging;
  if (!desired.served) return [defer(desired, definitionOf(desired, dependencies) ?? desired.kind.kind)];
  const anew = madeAnew(desired, judging);
  if (anew !== undefined) return [anew];

  const { whole, read } = await askBoth(desired, judging);
  const live = read ?? (isThere(whole) ? await cluster.get(desired.kind, desired.id) : undefined);
  const left = live === undefined ? [] : leftFields(desired, live, judging.ignoring);
  const { result, force } = await settle({ desired, whole, live, left }, judging);
  if (result.status === 'conflict') return conflictRefusals(desired, result);
  if (result.status === 'refused') return judgeRefusal(desired, result, judging);

  if (live?.metadata.deletionTimestamp !== undefined) return [replace(desired, live)];
  const fields =
    live === undefined ? [] : [...diffObjects(live, result.object), ...(await droppedFields(live, desired, cluster))];
  return [decideApplied(desired, { live, dryRun: result.object, fields, force, left })];
}

/**
 * What the server would make of an object, and what is live where the lists have it. Where somebody has written between the two it is asked again, since the
 * difference would show that as a change of ours.
 */
async function askBoth(
  desired: Desired,
  { app, cluster, live }: Judging,
): Promise<{ readonly whole: ApplyResult; readonly read: KubeObject | undefined }> {
  const listed = live.has(idKey(desired.id));
  for (let asks = 1; ; asks += 1) {
    const [whole, read] = await Promise.all([
      cluster.apply(desired.kind, desired.object, { dryRun: true, force: app.sync.force }),
      listed ? cluster.get(desired.kind, desired.id) : undefined,
    ]);
    if (asks === MOST_ASKS || read === undefined || isOf(read, whole)) return { whole, read };
  }
}

/** Whether a dry-run began with this version of the object, which it answers with. */
function isOf({ metadata }: KubeObject, result: ApplyResult): boolean {
  return result.status !== 'applied' || result.object.metadata.resourceVersion === metadata.resourceVersion;
}

/** What has to wait until the old object, or the Namespace or CRD that it is in, is gone; undefined for an object that stays. */
export function madeAnew(
  desired: Desired,
  { live, dependencies }: Pick<Judging, 'live' | 'dependencies'>,
): PlannedObject | undefined {
  const { namespace = '' } = desired.id;
  const providers = [dependencies.namespaces.get(namespace), definitionOf(desired, dependencies)];
  const provider = providers.find((ref) => ref !== undefined && dependencies.leaving.has(ref));
  if (provider !== undefined) return defer(desired, provider);
  const old = live.get(idKey(desired.id));
  return old?.metadata.deletionTimestamp === undefined ? undefined : replace(desired, old);
}

function definitionOf({ kind: { group, version, kind } }: Desired, { kinds }: Dependencies): string | undefined {
  return kinds.get(`${group}/${version}/${kind}`);
}

function replace(desired: Desired, { metadata: { uid } }: KubeObject): PlannedObject {
  const live = uid === undefined ? {} : { uid };
  return { ...desired, action: 'recreated', fields: [], force: false, live, note: 'is being deleted, and made anew' };
}

/** A name that nobody has, for asking what a new object would be like. */
const NOBODY = 'driftless-dry-run';

/** What goes with a former deployer's ownership; what the server would set by itself stays. Values are masked before fields are taken from them. */
export async function droppedFields(
  live: KubeObject,
  { kind, object }: Desired,
  cluster: Cluster,
): Promise<readonly FieldChange[]> {
  if (managedFieldsTakenOver(live) === undefined) return [];
  const stranger = { ...object, metadata: { ...object.metadata, name: NOBODY } };
  const anew = await cluster.apply(kind, stranger, { dryRun: true, force: true });
  return fieldsDroppedByTakeover(
    maskObject(live),
    object,
    anew.status === 'applied' ? maskObject(anew.object) : object,
  );
}

/** Whether what the server says of an object tells that there is one. */
function isThere(result: ApplyResult): boolean {
  if (result.status === 'applied') return (result.object.metadata.resourceVersion ?? '') !== '';
  return result.status === 'conflict';
}

type Tried = {
  readonly desired: Desired;
  /** What the server says of all of it. */
  readonly whole: ApplyResult;
  readonly live: KubeObject | undefined;
  readonly left: readonly (readonly string[])[];
};

/**
 * What the server says of what is sent: without what is left to others, and with the fields of tools that deployed the object before, which are taken over at
 * once; `force` tells that this was needed.
 */
async function settle(
  { desired, whole, live, left }: Tried,
  { app, cluster }: Judging,
): Promise<{ result: ApplyResult; force: boolean }> {
  const sent = withoutFields(desired.object, left);
  const ask = (force: boolean): Promise<ApplyResult> => cluster.apply(desired.kind, sent, { dryRun: true, force });
  const { force } = app.sync;
  const result = live === undefined || leavesAlone(left, live, whole) ? whole : await ask(force);
  if (result.status !== 'conflict' || !result.conflicts.every(({ manager }) => isTakenOver(manager)))
    return { result, force };
  return { result: await ask(true), force: true };
}

/** Whether applying all of it changes nothing of what is left to others anyway, not even who owns it. */
function leavesAlone(left: Tried['left'], live: KubeObject, whole: ApplyResult): boolean {
  if (left.length === 0) return true;
  if (whole.status !== 'applied' || ownFields(live) !== ownFields(whole.object)) return false;
  return agreeIn(left, [live, whole.object]);
}

async function judgeRefusal(
  desired: Desired,
  result: Extract<ApplyResult, { status: 'refused' }>,
  { app, cluster, dependencies }: Judging,
): Promise<readonly (PlannedObject | Refusal)[]> {
  const { namespace } = desired.id;
  if (result.reason === 'namespaceMissing' && namespace !== undefined) {
    const provider = dependencies.namespaces.get(namespace);
    if (provider !== undefined) return [defer(desired, provider)];
    const remedy = 'create it, add its Namespace to Git, or set sync.createNamespace: true';
    return [{ id: desired.id, source: desired.source, message: `namespace "${namespace}" does not exist; ${remedy}` }];
  }
  const definition = definitionOf(desired, dependencies);
  if (result.reason === 'kindMissing' && definition !== undefined) return [defer(desired, definition)];
  if (result.reason !== 'immutable') return refusalsOf(desired, result);
  const live = await cluster.get(desired.kind, desired.id);
  const judged = decideImmutable(desired, result, { live, recreate: mayRecreate(desired, app.sync.recreate) });
  return 'action' in judged ? [judged] : judged;
}

function defer(desired: Desired, deferred: string): PlannedObject {
  return { ...desired, action: 'created', fields: [], force: false, deferred };
}
