// In: one stage of a plan. Out: the applied objects, and refusals that the plan could not foresee. Writes to the cluster, tier by tier; may throw
// LeaseLost or what the API server's state is, and then the rest is not written.
import { mapBounded } from '../../async/map-bounded.ts';
import { recreation } from '../../compare/compare-object.ts';
import { hookReason } from '../../compare/hook-reason.ts';
import { withLiveFields } from '../../compare/kept-fields.ts';
import { refusalsOf, refuse } from '../../compare/refusals.ts';
import { unmanagedFields } from '../../compare/unmanaged-fields.ts';
import type { HookDeletePolicy } from '../../dialects/annotations.ts';
import { DriftlessError } from '../../errors.ts';
import { withoutFields } from '../../ignore/remove-fields.ts';
import { dryRunOnly } from '../../live/dry-run.ts';
import { managedFieldsTakenOver } from '../../managed-fields/takeover.ts';
import { ownedAlso } from '../../managed-fields/unowned-defaults.ts';
import type { IgnoreRule } from '../../model/application.ts';
import type { Refusal } from '../../model/change-set.ts';
import { definedKinds } from '../../model/definition.ts';
import { formatRef, type KubeObject } from '../../model/kube-object.ts';
import type { Stage } from '../../order/stages.ts';
import { identityOf } from '../../ownership/labels.ts';
import { foreignToHook, isProtected, OPERATION } from '../../ownership/may-delete.ts';
import { ownerOf } from '../../ownership/owner.ts';
import { isWritten } from '../../plan/inventory.ts';
import type { PlannedObject } from '../../plan/planned.ts';
import { CONCURRENT_REQUESTS } from '../plan/plan-context.ts';
import { deleteAndWait } from './delete-and-wait.ts';
import { waitEstablished } from './wait-established.ts';
import type { WritePorts } from './wait-within-step.ts';

/** Between the read and the write another client may write, such as a controller the status. */
const TAKE_OVER_TRIES = 5;

export type StagedObject = PlannedObject & { readonly deletePolicies?: readonly HookDeletePolicy[] };

export type Applied = { readonly object: PlannedObject; readonly live: KubeObject };

export type AppliedStage = { readonly applied: readonly Applied[]; readonly refusals: readonly Refusal[] };

export type ApplyPorts = WritePorts & {
  /** Name of the operation, for hooks. */
  readonly operation: string;
  /** Fields that are ignored, and not sent where another manager owns them. */
  readonly rules: readonly IgnoreRule[];
  /** Protected kinds that the settings give free. */
  readonly pruneProtected: readonly string[];
  /** How long the application waits: for CRDs to be served too. */
  readonly timeoutSeconds: number;
  /** Called for each object that the server has taken, also where the stage fails afterwards. */
  readonly wrote?: (object: PlannedObject) => void;
};

/** Applies a stage; after a tier with refusals the following tiers are not written. */
export async function applyStage(stage: Stage<StagedObject>, ports: ApplyPorts): Promise<AppliedStage> {
  const applied: Applied[] = [];
  const firstDeferred = stage.tiers.findIndex((tier) => tier.some(isUntried));
  for (const [place, tier] of stage.tiers.entries()) {
    const refused = place === firstDeferred ? await tryDeferred(stage.tiers.flat(), ports) : [];
    if (refused.length > 0) return { applied, refusals: refused };
    const results = await mapBounded(tier.filter(isWritten), CONCURRENT_REQUESTS, (object) =>
      applyObject(object, ports),
    );
    const written = results.flatMap((result) => ('live' in result ? [result] : []));
    applied.push(...written);
    const refusals = results.flatMap((result) => ('refusals' in result ? result.refusals : []));
    if (refusals.length > 0) return { applied, refusals };
    const definitions = written.map(({ object }) => object).filter(({ object }) => definedKinds(object).length > 0);
    await waitEstablished(definitions, ports);
  }
  return { applied, refusals: [] };
}

type ObjectResult = Applied | { readonly refusals: readonly Refusal[] };

function isUntried(object: StagedObject): boolean {
  return object.deferred !== undefined && isWritten(object);
}

/**
 * Dry-runs the objects that could not be planned because their Namespace or CRD did not exist. All of the stage are tried before any of them is
 * written; Namespaces and CRDs are in the first tiers.
 */
async function tryDeferred(objects: readonly StagedObject[], ports: ApplyPorts): Promise<readonly Refusal[]> {
  const tried = await mapBounded(objects.filter(isUntried), CONCURRENT_REQUESTS, (object) =>
    send(object, object.object, { ...ports, apply: dryRunOnly }),
  );
  return tried.flatMap((result) => ('refusals' in result ? result.refusals : []));
}

async function applyObject(object: StagedObject, ports: ApplyPorts): Promise<ObjectResult> {
  const result = await applyOne(object, ports);
  if ('live' in result) ports.wrote?.(object);
  return result;
}

async function applyOne(object: StagedObject, ports: ApplyPorts): Promise<ObjectResult> {
  await ports.lease.need();
  if (object.deletePolicies !== undefined) return applyHook(object, object.deletePolicies, ports);
  const objection = await deleteFirst(object, ports);
  if (objection !== undefined) return { refusals: [refuse(object, objection)] };
  if (object.takeOver === true || object.ownFirst !== undefined) await takeOverFields(object, ports);
  return send(object, withoutFields(await asLive(object, ports), object.left ?? []), { ...ports, apply: write });
}

/** Deletes an object that is recreated. */
async function deleteFirst(object: StagedObject, ports: ApplyPorts): Promise<string | undefined> {
  const uid = object.live?.uid;
  if (object.action !== 'recreated' || uid === undefined) return undefined;
  return deleteAndWait(object, recreation(object, undefined, { ...ports, uid }), ports);
}

/** The object with its ignored fields as they are live now. */
async function asLive({ kind, id, object, kept = [] }: StagedObject, { cluster }: ApplyPorts): Promise<KubeObject> {
  const live = kept.length === 0 ? undefined : await cluster.get(kind, id);
  return live === undefined ? object : withLiveFields(object, live, kept);
}

/** Moves the ownership of a former deployer's fields and of defaults that stand in the way; tried again if the object changes in between. */
async function takeOverFields(
  { kind, id, ownFirst, takeOver = false }: StagedObject,
  { cluster, lease }: ApplyPorts,
): Promise<void> {
  for (let tries = 0; tries < TAKE_OVER_TRIES; tries += 1) {
    const live = await cluster.get(kind, id);
    if (live === undefined) return;
    const taken = takeOver ? managedFieldsTakenOver(live) : undefined;
    const managedFields =
      ownFirst === undefined ? taken : ownedAlso(taken ?? live.metadata.managedFields ?? [], ownFirst, live.apiVersion);
    if (managedFields === undefined) return;
    const owned = { ...live, metadata: { ...live.metadata, managedFields } };
    if (await cluster.setManagedFields(kind, owned, { guard: lease.guard })) return;
  }
  throw new DriftlessError(
    'ApiServerRejected',
    `${formatRef(id)} changes too often for its fields to be taken over; sync again when it no longer changes`,
  );
}

/** Deletes the object of an earlier run first, unless this operation created it. What no run made stays as it is, also where it came since the plan. */
async function applyHook(
  hook: StagedObject,
  policies: readonly HookDeletePolicy[],
  ports: ApplyPorts,
): Promise<ObjectResult> {
  const { metadata } = hook.object;
  const marked = {
    ...hook.object,
    metadata: { ...metadata, annotations: { ...metadata.annotations, [OPERATION]: ports.operation } },
  };
  const old = hook.deferred === undefined ? await ports.cluster.get(hook.kind, hook.id) : undefined;
  const isOwn = old !== undefined && ownerOf(old, identityOf(hook.object)).kind === 'ours';
  if (isOwn && old.metadata.annotations?.[OPERATION] === ports.operation) return { object: hook, live: old };
  const reason = hookReason(hook, hook.replaces);
  const isReplaced = policies.includes('BeforeHookCreation') && !isProtected(hook.id.kind);
  const objection =
    (old && foreignToHook(old, reason)) ?? (old && isReplaced ? await deleteAndWait(hook, reason, ports) : undefined);
  if (objection !== undefined) return { refusals: [refuse(hook, objection)] };
  return send(hook, marked, { ...ports, apply: write });
}

type Sending = Pick<ApplyPorts, 'cluster' | 'lease' | 'rules'> & { readonly apply: typeof dryRunOnly };

/** Sends an object, as a dry-run or a write; again without its unmanaged fields where an autoscaler has begun to own the replicas since the plan was made. */
async function send(
  planned: PlannedObject,
  object: KubeObject,
  { cluster, lease, rules, apply }: Sending,
): Promise<ObjectResult> {
  const kind = (planned.served ? undefined : await cluster.kind(object.apiVersion, object.kind)) ?? planned.kind;
  const { id } = planned;
  const ports = { cluster, guard: lease.guard };
  const first = await apply({ id, kind, object }, planned, ports);
  const live = first.status === 'conflict' ? await cluster.get(kind, id) : undefined;
  const unmanaged = live && unmanagedFields({ id, object }, live, { rules, scaled: new Set() });
  const result = unmanaged?.length
    ? await apply({ id, kind, object: withoutFields(object, unmanaged) }, planned, ports)
    : first;
  if (result.status !== 'applied') return { refusals: refusalsOf(planned, result) };
  return { object: planned, live: result.object };
}

const write: typeof dryRunOnly = ({ kind, object }, { force }, { cluster, guard }) =>
  cluster.apply(kind, object, { force, ...(guard && { guard }) });
