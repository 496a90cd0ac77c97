// In: the state table and the Git servers. Out: operations for commits without a webhook, and for what a crash has interrupted. Runs on a schedule; safe to
// run at any time, also twice at once. A repository or application that fails does not stop the others.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { type Operation, operationName, type Trigger } from '../model/operation.ts';
import { type OperationInput, requestOperation, startOperation } from '../operations/request-operation.ts';
import { blockedBy } from '../policy/gates.ts';
import { isDeletionDue } from '../policy/pending-deletion.ts';
import { isByConfiguration, isBySource, isRetryDue, RETRIES_COUNTED } from '../policy/retry.ts';
import type { Git, GitLog } from '../ports/git.ts';
import type { DeclaredProjects, Projects } from '../ports/projects.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import type { Operations } from '../ports/workflow.ts';
import { inputsUnchanged } from '../sync/render/fetch-source.ts';
import { isUnchangedBy } from './affected-apps.ts';
import { type AskHead, type Head, headsOf, noteHead } from './heads.ts';

export type SweepPorts = {
  readonly git: Git & GitLog;
  readonly state: StateStore;
  readonly projects: Projects;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly log: Log;
};

/** An operation whose lease expired this long ago has no worker: its start was lost, or its execution ended without an outcome. */
const STALE_MS = 5 * 60_000;

const SWEEP: Trigger = { kind: 'sweep', by: 'sweep' };
const CONFIG: Trigger = { kind: 'config', by: 'sweep' };
const HANDOVER: Trigger = { kind: 'handover', by: 'sweep' };

/** Applications that are swept in parallel. */
const AT_ONCE = 16;

/** Sweeps every application once, or only these. */
export async function sweep(ports: SweepPorts, only?: readonly string[]): Promise<void> {
  const [records, limits] = await Promise.all([ports.state.applications(only), ports.projects.declared()]);
  const askHead = headsOf(ports.git, limits);
  await mapBounded(records, AT_ONCE, (record) => sweepOne(record, { askHead, limits }, ports));
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

type Looking = { readonly askHead: AskHead; readonly limits: DeclaredProjects };

/** Git is asked whatever runs, and whether or not the application deploys by itself: people are told how far it is behind. */
async function sweepOne(record: ApplicationRecord, { askHead, limits }: Looking, ports: SweepPorts): Promise<void> {
  const { name } = record.app;
  try {
    const head = await askHead(record);
    const isRequested = await requestDue({ record, head, limits }, ports);
    // What is deployed now is recorded at the end of its operation.
    if (head !== undefined && (!isRequested || record.head?.problem !== undefined)) await noteHead(record, head, ports);
    if (head?.revision === undefined && head !== undefined) throw head.error;
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not sweep application', { app: name, code, reason: message });
  }
}

type Swept = {
  readonly record: ApplicationRecord;
  readonly head: Head | undefined;
  readonly limits: DeclaredProjects;
};

/** Requests the operation that is due, if any; returns whether it was. */
async function requestDue(swept: Swept, ports: SweepPorts): Promise<boolean> {
  const { record, head } = swept;
  const { name } = record.app;
  const newest = record.desiredSeq === 0 ? undefined : await ports.state.operation(name, record.desiredSeq);
  if (newest !== undefined && newest.phase !== 'done') {
    await restart(record, newest, ports);
    const overtakes = await isOvertaken(record, { newest, head }, ports);
    return overtakes && request(record, { trigger: SWEEP, ...(head?.revision && { revision: head.revision }) }, ports);
  }
  const past = await pastOf(record, newest, ports);
  const due = dueAgain(record, past, ports) ?? (await dueForHead(swept, past, ports));
  return due !== undefined && request(record, due, ports);
}

/** The newest operation that is no correction of drift, and whether it has failed by what may be over. */
type Past = { readonly last: Operation | undefined; readonly isRetryDue: boolean };

/** Corrections deploy nothing new, and hide the operation that deployed the head. */
async function pastOf({ app }: ApplicationRecord, newest: Operation | undefined, ports: SweepPorts): Promise<Past> {
  const isTold = newest?.trigger.kind !== 'drift' && newest?.outcome?.status !== 'failed';
  if (isTold) return { last: newest, isRetryDue: false };
  const history = await ports.state.operations(app.name, RETRIES_COUNTED);
  const others = history.filter(({ trigger }) => trigger.kind !== 'drift');
  return { last: others[0], isRetryDue: isRetryDue(others, ports.clock.now()) };
}

/** What needs no answer of the Git server, which may be unreachable: a rollback that failed, a deletion under way, a configuration without an operation. */
function dueAgain(
  record: ApplicationRecord,
  { last, isRetryDue }: Past,
  ports: SweepPorts,
): OperationInput | undefined {
  // An order of a person is tried again in the mode `manual`, too. A suspension blocks it, as it blocks a correction of drift.
  if ((last?.trigger.kind === 'rollback' || last?.trigger.kind === 'adopt') && isRetryDue)
    return { trigger: last.trigger, gatesOf: 'drift' };
  if (last?.endedAt !== undefined && isDeletionDue(record, last.endedAt, ports.clock.now())) return { trigger: SWEEP };
  if (isUnrequested(record)) return { trigger: CONFIG };
  return isWorthAnotherLook(record, last, ports) ? { trigger: HANDOVER } : undefined;
}

/** Whether the gates are open is asked of the head. */
async function dueForHead(
  { record, head, limits }: Swept,
  past: Past,
  { clock }: SweepPorts,
): Promise<OperationInput | undefined> {
  if (head?.revision === undefined) return undefined;
  const { revision } = head;
  if (blockedBy(record, { trigger: 'sweep', revision, now: clock.now() }) !== undefined) return undefined;
  const forHead: OperationInput = { revision, trigger: SWEEP };
  const { last } = past;
  if (wasBlocked(last) || mayBePermitted(last, limits) || past.isRetryDue || isFoundAgain(record, last))
    return last?.trigger.kind === 'config' ? { trigger: CONFIG } : forHead;
  if (!isOtherCommit(revision, last, record)) return undefined;
  return isUnchangedBy(await head.open(), record) ? undefined : forHead;
}

/** Whether the head is a newer commit than the one that an operation deploys or waits for, and one that is deployed by itself. */
async function isOvertaken(
  record: ApplicationRecord,
  { newest, head }: { readonly newest: Operation; readonly head: Head | undefined },
  { clock }: SweepPorts,
): Promise<boolean> {
  const { revision, trigger } = newest;
  if (head?.revision === undefined || revision === undefined || revision === head.revision) return false;
  if (trigger.kind === 'rollback' || trigger.kind === 'adopt') return false;
  if (blockedBy(record, { trigger: 'sweep', revision: head.revision, now: clock.now() }) !== undefined) return false;
  const { rendered, lastSync } = record;
  const known = [rendered, lastSync].find((one) => one?.revision === revision && one.specHash === record.specHash);
  return known === undefined || !inputsUnchanged(known.inputs, await head.open());
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

/** Git did not answer, and does now: the branch, the repository or the credential is there again. */
function isFoundAgain({ head }: ApplicationRecord, last: Operation | undefined): boolean {
  return head?.problem !== undefined && last?.outcome?.status === 'failed' && isBySource(last.outcome.error?.code);
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

/** The configuration did not permit the operation, and has changed since. */
function mayBePermitted(newest: Operation | undefined, { changedAt }: DeclaredProjects): boolean {
  if (newest?.endedAt === undefined || !isByConfiguration(newest.outcome?.error?.code)) return false;
  return changedAt > Date.parse(newest.endedAt);
}

/** Returns whether there is an operation now. */
async function request(record: ApplicationRecord, input: OperationInput, ports: SweepPorts): Promise<boolean> {
  const { trigger, revision } = input;
  const result = await requestOperation(record, input, ports);
  if (result.status === 'started' || result.status === 'queued') {
    const { operation } = result;
    ports.log.info('requested an operation', { app: record.app.name, operation, trigger, revision });
  }
  return result.status !== 'blocked';
}
