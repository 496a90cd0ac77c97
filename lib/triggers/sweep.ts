// In: the state table and the Git servers. Out: operations for commits without a webhook, and for what a crash has interrupted. Runs on a schedule; safe to
// run at any time, also twice at once. A repository or application that fails does not stop the others.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import { primarySource, type Source } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { type Operation, operationName, type Trigger } from '../model/operation.ts';
import { type OperationInput, requestOperation, startOperation } from '../operations/request-operation.ts';
import { blockedBy } from '../policy/gates.ts';
import { isDeletionDue } from '../policy/pending-deletion.ts';
import type { Git, Permit } from '../ports/git.ts';
import type { DeclaredProjects, Projects } from '../ports/projects.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import type { Operations } from '../ports/workflow.ts';
import { applicationProblem, repositoryPermit } from '../projects/limits.ts';
import { isUnchangedBy } from './affected-apps.ts';

export type SweepPorts = {
  readonly git: Git;
  readonly state: StateStore;
  readonly projects: Projects;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly log: Log;
};

/** An operation whose lease expired this long ago has no worker: its start was lost, or its execution ended without an outcome. */
const STALE_MS = 5 * 60_000;

/** The most corrections in a row that the sweep skips. */
const LOOK_BACK = 30;

const SWEEP: Trigger = { kind: 'sweep', by: 'sweep' };
const CONFIG: Trigger = { kind: 'config', by: 'sweep' };
const HANDOVER: Trigger = { kind: 'handover', by: 'sweep' };

/** Applications that are swept in parallel. */
const AT_ONCE = 16;

/** Sweeps every application once. */
export async function sweep(ports: SweepPorts): Promise<void> {
  const [records, limits] = await Promise.all([ports.state.applications(), ports.projects.declared()]);
  const heads = new Map<string, Promise<string>>();
  const headOf: HeadOf = ({ repo, ref }, permit) => {
    const key = `${repo} ${ref} ${permit?.key ?? ''}`;
    const known = heads.get(key) ?? ports.git.resolve(repo, ref, permit);
    heads.set(key, known);
    return known;
  };
  await mapBounded(records, AT_ONCE, (record) => sweepOne(record, { headOf, limits }, ports));
  if (records.some(({ needsIndex }) => needsIndex)) await fillIndexes(ports);
}

/** An operation that another version of the deployer still runs writes no summary. */
async function fillIndexes({ state, log }: SweepPorts): Promise<void> {
  try {
    await state.fillIndexes();
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    log.warn('could not index all applications', { code, reason: message });
  }
}

type Looking = { readonly headOf: HeadOf; readonly limits: DeclaredProjects };

type HeadOf = (source: Source, permit: Permit | undefined) => Promise<string>;

async function sweepOne(record: ApplicationRecord, looking: Looking, ports: SweepPorts): Promise<void> {
  const { name } = record.app;
  try {
    const newest = record.desiredSeq === 0 ? undefined : await ports.state.operation(name, record.desiredSeq);
    if (newest !== undefined && newest.phase !== 'done') return await restart(record, newest, ports);
    const last = newest?.trigger.kind === 'drift' ? await beforeCorrections(name, ports) : newest;
    const due = dueAgain(record, last, ports) ?? (await dueForHead({ record, last, ...looking }, ports));
    if (due !== undefined) await request(record, due, ports);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not sweep application', { app: name, code, reason: message });
  }
}

/** What needs no answer of the Git server, which may be unreachable: a rollback that failed, a deletion under way, a configuration without an operation. */
function dueAgain(
  record: ApplicationRecord,
  last: Operation | undefined,
  ports: SweepPorts,
): OperationInput | undefined {
  // An order of a person is tried again in the mode `manual`, too. A suspension blocks it, as it blocks a correction of drift.
  if ((last?.trigger.kind === 'rollback' || last?.trigger.kind === 'adopt') && isWorthRetrying(last, ports))
    return { trigger: last.trigger, gatesOf: 'drift' };
  if (last?.endedAt !== undefined && isDeletionDue(record, last.endedAt, ports.clock.now())) return { trigger: SWEEP };
  if (isUnrequested(record)) return { trigger: CONFIG };
  return isWorthAnotherLook(record, last, ports) ? { trigger: HANDOVER } : undefined;
}

type Swept = Looking & { readonly record: ApplicationRecord; readonly last: Operation | undefined };

/** The gates are checked before the Git server is contacted, and again for the commit that it returns. */
async function dueForHead(
  { record, last, headOf, limits }: Swept,
  ports: SweepPorts,
): Promise<OperationInput | undefined> {
  const gates = { trigger: 'sweep', now: ports.clock.now() } as const;
  if (blockedBy(record, gates) !== undefined) return undefined;
  const project = limits.projects.find(({ name }) => name === record.app.project);
  if (applicationProblem(record.app, project) !== undefined) return undefined;
  const permit = repositoryPermit(project);
  const head = await headOf(primarySource(record.app), permit);
  if (blockedBy(record, { ...gates, revision: head }) !== undefined) return undefined;
  const forHead: OperationInput = { revision: head, trigger: SWEEP };
  if (wasBlocked(last) || mayBePermitted(last, limits) || isWorthRetrying(last, ports))
    return last?.trigger.kind === 'config' ? { trigger: CONFIG } : forHead;
  if (!isOtherCommit(head, last, record)) return undefined;
  const snapshot = await ports.git.open(primarySource(record.app).repo, head, permit);
  return isUnchangedBy(snapshot, record) ? undefined : forHead;
}

/** The newest operation that is no correction of drift: corrections deploy nothing new, and hide the operation that deployed the head. */
async function beforeCorrections(app: string, { state }: SweepPorts): Promise<Operation | undefined> {
  const history = await state.operations(app, LOOK_BACK);
  return history.find(({ trigger }) => trigger.kind !== 'drift');
}

/** Starts an operation that has no worker; where its start has no effect for some minutes, another operation replaces it. */
async function restart(record: ApplicationRecord, newest: Operation, ports: SweepPorts): Promise<void> {
  const now = ports.clock.now();
  const { app, lease } = record;
  if (lease !== undefined && Date.parse(lease.expiresAt) > now) return;
  ports.log.info('started operation again', { app: app.name, operation: operationName(newest) });
  await startOperation({ app: app.name, seq: newest.seq }, ports);
  const since = Date.parse(lease?.expiresAt ?? newest.startedAt ?? newest.requestedAt);
  // The operation passed the gates when it was requested, and its replacement checks them again when it runs.
  if (now - since > STALE_MS) await request(record, { trigger: replacing(newest.trigger), gatesOf: 'manual' }, ports);
}

/**
 * The trigger of the operation that replaces one that cannot be started. A rollback that named its commit again would count as already requested; without
 * the commit it undoes the same one, since that one is deployed.
 */
function replacing(trigger: Trigger): Trigger {
  const { kind, toSeq, by, keepsHeld } = trigger;
  if (kind === 'adopt') return trigger;
  if (kind === 'manual') return { kind, by: 'sweep', ...(keepsHeld !== undefined && { keepsHeld }) };
  if (kind !== 'rollback') return CONFIG;
  return { kind, ...(by !== undefined && { by }), ...(toSeq !== undefined && { toSeq }) };
}

/** A crash came between the new specification and the request of its operation. */
function isUnrequested({ specSeq, desiredSeq }: ApplicationRecord): boolean {
  return specSeq !== undefined && desiredSeq <= specSeq;
}

/** An operation that failed before it resolved its commit counts as one of the requested commit; it is tried again later, not at once. */
function isOtherCommit(head: string, newest: Operation | undefined, record: ApplicationRecord): boolean {
  return head !== (newest?.revision ?? record.desiredRevision ?? record.lastSync?.revision);
}

/** A failure that may be over, such as an unreachable Git server, is tried again every few minutes. */
function isWorthRetrying(newest: Operation | undefined, { clock }: SweepPorts): boolean {
  if (newest?.outcome?.status !== 'failed' || newest.endedAt === undefined) return false;
  return clock.now() - Date.parse(newest.endedAt) > STALE_MS;
}

/** What waits for another application is looked at again, each time after twice as long: the request of that application may have been lost. */
function isWorthAnotherLook(
  { waiting = [] }: ApplicationRecord,
  newest: Operation | undefined,
  { clock }: SweepPorts,
): boolean {
  const [first] = waiting;
  if (first === undefined || newest?.endedAt === undefined) return false;
  const [since, ended] = [Date.parse(first.since), Date.parse(newest.endedAt)];
  return clock.now() - ended > Math.max(STALE_MS, ended - since);
}

/** A gate blocked the operation when it ran; the gate is open now. */
function wasBlocked(newest: Operation | undefined): boolean {
  const code = newest?.outcome?.error?.code;
  return code === 'ApplicationSuspended' || code === 'SyncModeManual';
}

/** The project did not permit the operation, and the configuration has changed since. */
function mayBePermitted(newest: Operation | undefined, { changedAt }: DeclaredProjects): boolean {
  if (newest?.outcome?.error?.code !== 'ProjectForbids' || newest.endedAt === undefined) return false;
  return changedAt > Date.parse(newest.endedAt);
}

async function request(record: ApplicationRecord, input: OperationInput, ports: SweepPorts): Promise<void> {
  const { trigger, revision } = input;
  const result = await requestOperation(record, input, ports);
  if (result.status !== 'started' && result.status !== 'queued') return;
  const { operation } = result;
  ports.log.info('requested an operation', { app: record.app.name, operation, trigger, revision });
}
