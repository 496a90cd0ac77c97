// In: manifests, the inventory. Out: the plan; reads and server-side dry-runs only, nothing is written. May throw what the API server's
// state is; whatever the server says about an object is a refusal in the plan, and all of them are collected.

import { mapBounded } from '../../async/map-bounded.ts';
import { createdAgain, type Dependencies, dependenciesOf } from '../../compare/dependencies.ts';
import { scaledBy } from '../../ignore/autoscaled.ts';
import { distinctKinds, listKinds, namespacesOf } from '../../live/list-kinds.ts';
import { type Application, primarySource } from '../../model/application.ts';
import type { Manifest, Refusal } from '../../model/change-set.ts';
import type { ServedKind } from '../../model/cluster-api.ts';
import type { Project } from '../../model/configuration.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { idKey, kindKey } from '../../model/kube-object.ts';
import { turnOf } from '../../order/hooks.ts';
import { applyOrder } from '../../order/stages.ts';
import { APP_LABEL, identityOf } from '../../ownership/labels.ts';
import { ownerOf } from '../../ownership/owner.ts';
import { type Desired, named, prepareDesired, withName } from '../../plan/desired.ts';
import {
  observedVersion,
  type Plan,
  type PlannedObject,
  type PlannedRemoval,
  writesNothing,
} from '../../plan/planned.ts';
import { emptyGuard, pruneGuards } from '../../plan/prune.ts';
import { hasFinished, isUntouched } from '../../plan/untouched.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { objectRefusals, withinProject } from '../../projects/limits.ts';
import { type HandOver, settleForeign } from '../handover/settle-foreign.ts';
import { destinationNamespace } from './destination-namespace.ts';
import { CONCURRENT_REQUESTS, type Planning } from './plan-context.ts';
import { planHook } from './plan-hook.ts';
import { planObject } from './plan-object.ts';
import { planRemovals } from './plan-removals.ts';
import { keptKinds, withoutUnkept } from './unkept-kinds.ts';

export type PlanRequest = {
  readonly app: Application;
  /** Its limits; undefined where it has none. */
  readonly project?: Project | undefined;
  /** The identity of the deployer, which every written object carries; absent for a plan without a deployer. */
  readonly deployer?: string;
  readonly manifests: readonly Manifest[];
  readonly inventory: readonly InventoryEntry[];
  /** Identities of the objects that are put right, by their keys; absent: all. Nothing is removed then, and no hook runs. */
  readonly only?: ReadonlySet<string>;
  /** Name of the operation, which names the objects that leave their name to us; absent where nothing is going to be applied. */
  readonly operation?: string;
  /** How objects of other applications are come by; absent for a plan that only tells what would happen. */
  readonly handOver?: HandOver;
  /** Names that the application had before. */
  readonly formerly?: readonly string[];
};

/** Plans an application's deployment on the server. */
export async function planChanges(request: PlanRequest, cluster: Cluster): Promise<Plan> {
  const { app, deployer, project, only } = request;
  const placed = recordedNames(await placeObjects(request, cluster), request.inventory);
  const { desired: permitted, refusals } = limited(placed, only);
  const forbidden = objectRefusals(permitted, app, project);
  // What the project does not permit is not read either, so that nothing of it gets into a diff.
  if (forbidden.length > 0) return { objects: [], removals: [], refusals: [...refusals, ...forbidden] };
  const { inside: inventory, outside } = withinProject(request.inventory, app, project);
  const recorded = only === undefined ? inventory : inventory.filter((entry) => only.has(idKey(entry)));
  const kinds = distinctKinds([
    ...permitted.filter(({ served }) => served).map(({ kind }) => kind),
    ...(await kindsOf(recorded, cluster)),
  ]);
  const namespaces = namespacesOf([...permitted.map(({ id }) => id), ...recorded]);
  const query = { kinds, namespaces, labelSelector: `${APP_LABEL}=${app.name}`, content: 'metadata' } as const;
  const { objects: live, unlistable } = await listKinds(cluster, query);
  const { kept: desired, unkept } = withoutUnkept(permitted, unlistable);
  const entries = new Map(inventory.map((entry) => [idKey(entry), entry]));
  const ignoring = { rules: app.drift.ignore ?? [], scaled: scaledBy(placed.desired.map(({ object }) => object)) };
  const operation = request.operation ?? '';
  const adopts = request.handOver?.adoption?.from;
  const planning = { app, deployer, cluster, live, entries, ignoring, operation, adopts, askAll: only !== undefined };

  const namespace = await destinationNamespace(planning, desired);
  const created = [...namespace, ...desired];
  const planned = await judgeAll(created, { ...planning, dependencies: dependenciesOf(created, live) });
  const ordinary = desired.filter((item) => !isHook(item) && !live.has(idKey(item.id)));
  const missing = [...ordinary, ...planned.objects.filter((item) => isHook(item) && item.from)].map(({ id }) => id);
  const judged = await settleForeign(planned, { app: app.name, wanted: missing, entries }, request.handOver);
  // A hook that runs again may have another name than before, so what is removed is told by what is planned.
  const wanted = [...desired.filter(({ generateName }) => generateName === undefined), ...judged.objects];
  const kept = { ...planning, kinds: keptKinds(kinds, unlistable), ...request };
  const removals = only === undefined ? await planRemovals(wanted, kept) : [];
  const guards = pruneGuards(removals, { desired: desired.length, inventory: inventory.length }, app.sync);
  const { path } = primarySource(app);
  const manifests = placed.desired.length + placed.refusals.length;
  const empty = emptyGuard({ app: app.name, path }, { manifests }, app.sync);
  const refused = [...refusals, ...unkept, ...judged.refusals];
  const guarded = guards.length > 0 ? guards : empty;
  return {
    objects: applyOrder(judged.objects),
    removals: [...removals, ...(only === undefined ? outside.map(keptOutside) : [])],
    refusals: [...refused, ...guarded],
    ...(refused.length === 0 && guarded.length > 0 && { isGuarded: true }),
    ...(judged.waits.length > 0 && { waits: judged.waits }),
  };
}

/** What a project no longer permits stays where it is, and in the inventory. */
function keptOutside([entry, problem]: readonly [InventoryEntry, string]): PlannedRemoval {
  return { entry, action: 'skipped', note: `stays: ${problem}, or delete it manually` };
}

type Placed = ReturnType<typeof prepareDesired>;

/** An object that leaves its name to us has the name of the operation that ran it last, where it is still the same. */
function recordedNames({ desired, refusals }: Placed, inventory: readonly InventoryEntry[]): Placed {
  const renamed = desired.map((item) => {
    if (item.generateName === undefined) return item;
    const before = inventory.find((entry) => entry.hash === item.hash && kindKey(entry) === kindKey(item.id));
    return before === undefined ? item : withName(item, before.name);
  });
  return { desired: renamed, refusals };
}

function limited({ desired, refusals }: Placed, only: ReadonlySet<string> | undefined): Placed {
  if (only === undefined) return { desired, refusals };
  return {
    desired: desired.filter(({ id, object }) => only.has(idKey(id)) && turnOf(object).deletePolicies === undefined),
    refusals: refusals.filter(({ id }) => only.has(idKey(id))),
  };
}

async function placeObjects({ app, manifests, deployer }: PlanRequest, cluster: Cluster): Promise<Placed> {
  const applied = manifests.filter(({ object }) => turnOf(object).phase !== 'Skip');
  const names = new Map(
    applied.map(({ object: { apiVersion, kind } }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]),
  );
  const served = new Map<string, ServedKind | undefined>();
  for (const [key, { apiVersion, kind }] of names) served.set(key, await cluster.kind(apiVersion, kind));
  const target = { app: app.name, namespace: app.destination.namespace, ...(deployer !== undefined && { deployer }) };
  return prepareDesired(applied, target, (apiVersion, kind) => served.get(`${apiVersion}/${kind}`));
}

/** The kinds of inventory entries; one that is not served any more has no objects either. */
async function kindsOf(inventory: readonly InventoryEntry[], cluster: Cluster): Promise<readonly ServedKind[]> {
  const names = new Map(inventory.map(({ apiVersion, kind }) => [`${apiVersion}/${kind}`, { apiVersion, kind }]));
  const kinds: ServedKind[] = [];
  for (const { apiVersion, kind } of names.values()) {
    const known = await cluster.kind(apiVersion, kind);
    if (known !== undefined) kinds.push(known);
  }
  return kinds;
}

type Judged = { readonly objects: readonly PlannedObject[]; readonly refusals: readonly Refusal[] };

/** Hooks are judged last: they run when anything else changes, or when one that is to run in any case is new itself. */
async function judgeAll(
  desired: readonly Desired[],
  planning: Planning & { dependencies: Dependencies },
): Promise<Judged> {
  const [ordinary, hooks] = [desired.filter((item) => !isHook(item)), desired.filter(isHook)];
  const judged = sortOut(await mapBounded(ordinary, CONCURRENT_REQUESTS, (item) => judge(item, planning)));
  const changed = hooks.some(({ id, hash, object }) => {
    return turnOf(object).phase !== 'SyncFail' && planning.entries.get(idKey(id))?.hash !== hash;
  });
  const runs = changed || judged.refusals.length > 0 || !writesNothing({ objects: judged.objects, removals: [] });
  const judgedHooks = sortOut(
    await mapBounded(hooks, CONCURRENT_REQUESTS, (item) =>
      runs ? planHook(named(item, planning.operation), planning) : Promise.resolve([untouched(item)]),
    ),
  );
  return {
    objects: [...judged.objects, ...judgedHooks.objects],
    refusals: [...judged.refusals, ...judgedHooks.refusals],
  };
}

async function judge(
  desired: Desired,
  planning: Planning & { dependencies: Dependencies },
): Promise<readonly (PlannedObject | Refusal)[]> {
  const key = idKey(desired.id);
  const live = planning.live.get(key);
  const entry = planning.entries.get(key);
  const again = createdAgain(desired, planning.live, planning.dependencies);
  if (again !== undefined) return [again];
  const isOthers = live !== undefined && ownerOf(live, identityOf(desired.object)).kind === 'deployer';
  if (!planning.askAll && live === undefined && hasFinished(desired, entry))
    return [{ ...untouched(desired), live: observedVersion(entry), note: 'has finished' }];
  if (!planning.askAll && !isOthers && live !== undefined && isUntouched(desired, entry, live))
    return [{ ...untouched(desired), live: observedVersion(live.metadata) }];
  return [await planObject(desired, planning)].flat();
}

function isHook({ object }: Desired): boolean {
  return turnOf(object).deletePolicies !== undefined;
}

/** Nobody writes it, so the plan need not carry the whole of it. */
function untouched(desired: Desired): PlannedObject {
  const { apiVersion, kind, metadata } = desired.object;
  return { ...desired, object: { apiVersion, kind, metadata }, action: 'unchanged', fields: [], force: false };
}

function sortOut(results: readonly (readonly (PlannedObject | Refusal)[])[]): Judged {
  const all = results.flat();
  return {
    objects: all.flatMap((item) => ('action' in item ? [item] : [])),
    refusals: all.flatMap((item) => ('action' in item ? [] : [item])),
  };
}
