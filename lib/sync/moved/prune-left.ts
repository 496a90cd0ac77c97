// In: what is left in a cluster that was the destination before. Out: what of it still is, and why; the record says so too. Each object is judged by the rules of
// every deletion, with the old destination's limits. A cluster that cannot be reached, or is not declared any more, fails nothing. Writes to that cluster.
import { mapBounded } from '../../async/map-bounded.ts';
import { asDriftlessError } from '../../errors.ts';
import { deleteObject } from '../../live/delete-object.ts';
import type { LeftInventory } from '../../model/application-record.ts';
import type { ServedKind } from '../../model/cluster-api.ts';
import type { InventoryEntry } from '../../model/inventory.ts';
import { formatRef, idKey, type KubeObject } from '../../model/kube-object.ts';
import { rankOf } from '../../order/kinds.ts';
import { type Holder, leftToHolder } from '../../ownership/claims.ts';
import { heldBy } from '../../ownership/held-by.ts';
import { APP_LABEL } from '../../ownership/labels.ts';
import { type DeletionReason, mayDelete } from '../../ownership/may-delete.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { withinProject } from '../../projects/limits.ts';
import { holdersOf } from '../handover/holders-of.ts';
import { ownFormerNames } from '../handover/owners-named.ts';
import { entriesOf } from '../operation/operation-inventory.ts';
import type { Run } from '../operation/run.ts';
import { CONCURRENT_REQUESTS } from '../plan/plan-context.ts';
import type { ResolvedSource } from '../resolve/resolved-source.ts';
import { deadlineFor, deadlineOf } from '../wait/wait-deleted.ts';

/** An object that is left, and why. */
export type Rest = {
  readonly ref: string;
  readonly reason: string;
  /** Whether it is looked at again without a change of configuration or of the object. */
  readonly isDue?: true;
  /** The application that it is left to. */
  readonly leftTo?: string;
  /** Its deletion is waited for until then. */
  readonly until?: number;
};

/** What a look at one former cluster has found. */
export type LeftRest = { readonly cluster: string; readonly rest: readonly Rest[]; readonly remark?: Remark };

/** What is said of a former cluster in which nothing was pruned. */
export type Remark = { readonly cluster: string; readonly text: string; readonly isDue?: true };

type Judged = { readonly entry: InventoryEntry; readonly rest?: Rest | undefined };

/** Prunes what may be pruned. */
export async function pruneLeft(run: Run, source: ResolvedSource, left: LeftInventory): Promise<LeftRest> {
  const { cluster } = left;
  const { name } = (await run.application()).app;
  const entries = await entriesOf(run.ports.state, name, left);
  if (entries === undefined)
    return {
      cluster,
      rest: [],
      remark: { cluster, text: `what is left in cluster "${cluster}" cannot be read from the state table` },
    };
  try {
    const server = await run.ports.clusters.open(cluster, await run.project());
    const remark = await otherCluster(run, { left, entries, server });
    if (remark !== undefined) return { cluster, rest: [], remark };
    const judged = await judgeAll(run, source, { left, entries, server });
    const remaining = judged.filter(({ rest }) => rest !== undefined);
    if (remaining.length < entries.length)
      await run.ports.state.putLeft(
        await run.lease.need(),
        left,
        remaining.map(({ entry }) => entry),
      );
    return { cluster, rest: remaining.flatMap(({ rest }) => rest ?? []) };
  } catch (thrown) {
    return { cluster, rest: entries.map((entry) => ({ ref: formatRef(entry), ...failureOf(thrown) })) };
  }
}

type Pruning = { readonly left: LeftInventory; readonly entries: readonly InventoryEntry[]; readonly server: Cluster };

/** What is said where the cluster under the name is not the former one, or is the one of the destination. */
async function otherCluster(run: Run, { left, entries, server }: Pruning): Promise<Remark | undefined> {
  const { cluster } = left;
  const [uid, own] = [await server.uid(), await (await run.cluster()).uid()];
  if (uid === undefined) return undefined;
  if (uid === own) {
    const isPlanned = left.uid === uid;
    await run.mergeLeft(left, isPlanned ? [] : entries);
    const text = `cluster "${cluster}" is the same one under another name, so nothing is pruned there`;
    return { cluster, text, ...(!isPlanned && { isDue: true }) };
  }
  if (left.uid === undefined || left.uid === uid) return undefined;
  await run.ports.state.putLeft(await run.lease.need(), left, []);
  return {
    cluster,
    text: `cluster "${cluster}" was made again: what was left in the former one is forgotten, and nothing is deleted`,
  };
}

type Judging = Pruning & {
  readonly holders: ReadonlyMap<string, Holder>;
  /** The uids of what the application has now: the same object is never deleted. */
  readonly uids: ReadonlySet<string | undefined>;
  /** Former names of the application that no other one has. */
  readonly formerly: ReadonlySet<string>;
  /** Why no further object is looked at. */
  stop?: Pick<Rest, 'reason' | 'isDue'>;
};

async function judgeAll(run: Run, source: ResolvedSource, pruning: Pruning): Promise<readonly Judged[]> {
  const { left, entries } = pruning;
  const { inside, outside } = withinProject(entries, { destination: left }, await run.project());
  const kept = outside.map(([entry, problem]) => ({ entry, rest: { ref: formatRef(entry), reason: problem } }));
  const { formerly = [] } = await run.application();
  const judging: Judging = {
    ...pruning,
    holders: await holdersOf(run, { ...source, former: left.cluster }, inside),
    uids: new Set((await run.inventory()).map(({ uid }) => uid)),
    formerly: await ownFormerNames(
      formerly.map(({ name }) => name),
      (names) => run.ports.state.owners(names),
    ),
  };
  const tiers = Map.groupBy(inside, ({ kind }) => rankOf(kind).tier);
  const judged: Judged[] = [...kept];
  for (const tier of [...tiers.keys()].sort((a, b) => b - a))
    judged.push(
      ...(await mapBounded(tiers.get(tier) ?? [], CONCURRENT_REQUESTS, (entry) => judge(run, entry, judging))),
    );
  return judged;
}

/** Once the cluster cannot be reached, no further object is looked at. */
async function judge(run: Run, entry: InventoryEntry, judging: Judging): Promise<Judged> {
  const ref = formatRef(entry);
  if (judging.stop !== undefined) return { entry, rest: { ref, ...judging.stop } };
  try {
    const rest = await deleteOne(run, entry, judging);
    return { entry, rest: rest && { ref, ...rest } };
  } catch (thrown) {
    const failure = failureOf(thrown);
    if (asDriftlessError(thrown).code === 'ApiServerUnreachable') judging.stop = failure;
    return { entry, rest: { ref, ...failure } };
  }
}

/** The lease is no matter of the cluster. */
function failureOf(thrown: unknown): Pick<Rest, 'reason' | 'isDue'> {
  const { code, message } = asDriftlessError(thrown);
  if (code === 'LeaseLost' || code === 'LeaseExpired') throw thrown;
  return { reason: message, isDue: true };
}

type Undeleted = Omit<Rest, 'ref'>;

/** Returns why the object is left, if it is. */
async function deleteOne(run: Run, entry: InventoryEntry, judging: Judging): Promise<Undeleted | undefined> {
  const { server, uids } = judging;
  const kind = await server.kind(entry.apiVersion, entry.kind);
  const live = kind && (await server.get(kind, entry));
  if (kind === undefined || live === undefined || uids.has(live.metadata.uid)) return undefined;
  if (live.metadata.deletionTimestamp !== undefined && live.metadata.uid === entry.uid) return deleting(run, live);
  const reason = await reasonFor(run, { entry, live }, judging);
  if (mayDelete({ ...live, kind: entry.kind }, reason).may === 'forget') return undefined;
  const holder = judging.holders.get(idKey(entry));
  if (holder !== undefined) return { reason: leftToHolder(holder), isDue: true, leftTo: holder.app };
  await run.lease.need();
  if (!(await isLeft(run, judging.left))) {
    judging.stop = { reason: 'is wanted again' };
    return judging.stop;
  }
  return sendDelete(run, { kind, entry, reason }, judging);
}

type Recorded = { readonly entry: InventoryEntry; readonly live: KubeObject };

async function reasonFor(run: Run, { entry, live }: Recorded, { formerly }: Judging): Promise<DeletionReason> {
  const { app } = await run.application();
  const { prune, pruneProtected } = app.sync;
  const label = live.metadata.labels?.[APP_LABEL];
  const as = label !== undefined && formerly.has(label) ? label : app.name;
  return { why: 'prune', app: as, deployer: run.ports.deployer, uid: entry.uid, prune, pruneProtected };
}

type Target = { readonly kind: ServedKind; readonly entry: InventoryEntry; readonly reason: DeletionReason };

async function sendDelete(
  run: Run,
  { kind, entry, reason }: Target,
  { server }: Judging,
): Promise<Undeleted | undefined> {
  const result = await deleteObject({ kind, id: entry }, reason, { cluster: server, guard: run.lease.guard });
  if (result.status === 'gone') return undefined;
  if (result.status === 'kept') return { reason: result.reason };
  if (result.status === 'refused') return { reason: result.message, isDue: true };
  if (result.status === 'contended') return { reason: 'it changes too often to be deleted', isDue: true };
  const after = await server.get(kind, entry);
  return after?.metadata.uid === result.uid ? deleting(run, after) : undefined;
}

async function deleting(run: Run, live: KubeObject): Promise<Undeleted> {
  const holders = heldBy(live);
  const reason = `is being deleted${holders === '' ? '' : `, held by ${holders}`}`;
  return { reason, isDue: true, until: deadlineFor(live, await deadlineOf(run)) };
}

/** Whether the record still says so: the destination may have changed back since. */
async function isLeft(run: Run, { generation }: LeftInventory): Promise<boolean> {
  const record = await run.ports.state.application(run.request.app);
  return record?.moved?.some((one) => one.generation === generation) === true;
}
