// In: the state table and the Git servers. Out: operations for what no webhook told of, and for what a crash left behind. Run on a schedule;
// safe to run at any time, also twice at once. One repository or application that fails does not keep the others from being looked at.

import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { type Operation, operationName, type Trigger } from '../model/operation.ts';
import { barrierTo } from '../policy/gates.ts';
import type { Git } from '../ports/git.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { StateStore } from '../ports/store.ts';
import type { Operations } from '../ports/workflow.ts';
import { isUntouchedBy } from '../sync/resolve/unaffected.ts';

export type SweepPorts = {
  readonly git: Git;
  readonly state: StateStore;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly log: Log;
};

/** An operation whose lease is gone for this long has no worker any more: a start was lost, or its execution ended without a word. */
const STALE_MS = 5 * 60_000;

/** Corrections in a row, at most, that the sweep looks past. */
const LOOK_BACK = 30;

const SWEEP: Trigger = { kind: 'sweep', by: 'sweep' };
const CONFIG: Trigger = { kind: 'config', by: 'sweep' };

/** Applications that are looked at together. */
const AT_ONCE = 16;

/** Looks at every application once. */
export async function sweep(ports: SweepPorts): Promise<void> {
  const records = await ports.state.applications();
  const heads = new Map<string, Promise<string>>();
  const headOf = ({ repo, ref }: { readonly repo: string; readonly ref: string }): Promise<string> => {
    const key = `${repo} ${ref}`;
    const known = heads.get(key) ?? ports.git.resolve(repo, ref);
    heads.set(key, known);
    return known;
  };
  await mapBounded(records, AT_ONCE, (record) => sweepOne(record, headOf, ports));
}

type HeadOf = (source: ApplicationRecord['app']['source']) => Promise<string>;

async function sweepOne(record: ApplicationRecord, headOf: HeadOf, ports: SweepPorts): Promise<void> {
  const { name } = record.app;
  try {
    const newest = record.desiredSeq === 0 ? undefined : await ports.state.operation(name, record.desiredSeq);
    if (newest !== undefined && newest.phase !== 'done') return await wake(record, newest, ports);
    const last = newest?.trigger.kind === 'drift' ? await beforeCorrections(name, ports) : newest;
    const wanted = wantedAgain(record, last, ports) ?? (await wantedOfHead({ record, last, headOf }, ports));
    if (wanted !== undefined) await ask(name, wanted, ports);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not sweep application', { app: name, code, reason: message });
  }
}

/** What is asked for without a look at the Git server, which may be away: a rollback that failed, a configuration that nobody asked for. */
function wantedAgain(record: ApplicationRecord, last: Operation | undefined, ports: SweepPorts): Wanted | undefined {
  const now = ports.clock.now();
  const isRollback = last?.trigger.kind === 'rollback' && isWorthRetrying(last, ports);
  // A rollback is tried again in the mode `manual`, too, but a suspended application is left alone, like with drift.
  if (isRollback && barrierTo(record, { trigger: 'drift', now }) === undefined) return { trigger: last.trigger };
  return isUnasked(record) && barrierTo(record, { trigger: 'config', now }) === undefined
    ? { trigger: CONFIG }
    : undefined;
}

type Looked = { readonly record: ApplicationRecord; readonly last: Operation | undefined; readonly headOf: HeadOf };

async function wantedOfHead({ record, last, headOf }: Looked, ports: SweepPorts): Promise<Wanted | undefined> {
  const wish = { trigger: 'sweep', now: ports.clock.now() } as const;
  if (barrierTo(record, wish) !== undefined) return undefined;
  const head = await headOf(record.app.source);
  if (barrierTo(record, { ...wish, revision: head }) !== undefined) return undefined;
  const sweeping: Wanted = { revision: head, trigger: SWEEP };
  if (wasBarred(last) || isWorthRetrying(last, ports))
    return last?.trigger.kind === 'config' ? { trigger: CONFIG } : sweeping;
  const isNew = asksForOperation(head, last, record) && !(await isUntouched(record, head, ports.git));
  return isNew ? sweeping : undefined;
}

/** The newest operation that is no correction of drift: those deploy nothing new, and hide what came of the head. */
async function beforeCorrections(app: string, { state }: SweepPorts): Promise<Operation | undefined> {
  const history = await state.operations(app, LOOK_BACK);
  return history.find(({ trigger }) => trigger.kind !== 'drift');
}

async function isUntouched(record: ApplicationRecord, head: string, git: Git): Promise<boolean> {
  return isUntouchedBy(await git.open(record.app.source.repo, head), record);
}

/** Starts an operation whose worker is gone; starting one that runs does nothing. */
async function wake({ app, lease }: ApplicationRecord, newest: Operation, ports: SweepPorts): Promise<void> {
  const now = ports.clock.now();
  if (lease !== undefined && Date.parse(lease.expiresAt) > now) return;
  ports.log.info('started operation again', { app: app.name, operation: operationName(newest) });
  await ports.operations.start(app.name, newest.seq);
  const since = Date.parse(lease?.expiresAt ?? newest.startedAt ?? newest.requestedAt);
  if (now - since > STALE_MS) await ask(app.name, { trigger: inPlaceOf(newest.trigger) }, ports);
}

/**
 * What replaces an operation that cannot be started again. A rollback that names its commit again would be told that it is asked for already; without,
 * it takes back the same one, since that is what is deployed.
 */
function inPlaceOf({ kind, toSeq, by }: Trigger): Trigger {
  if (kind === 'manual') return { kind, by: 'sweep' };
  if (kind !== 'rollback') return CONFIG;
  return { kind, ...(by !== undefined && { by }), ...(toSeq !== undefined && { toSeq }) };
}

/** A crash came between the configuration and the operation for it. */
function isUnasked({ specSeq, desiredSeq }: ApplicationRecord): boolean {
  return specSeq !== undefined && desiredSeq <= specSeq;
}

/** An operation that failed before it knew its commit was for the one that was asked for; that is retried later, not at once. */
function asksForOperation(head: string, newest: Operation | undefined, record: ApplicationRecord): boolean {
  return head !== (newest?.revision ?? record.desiredRevision ?? record.lastSync?.revision);
}

/** A failure that may be over by now, such as a Git server that was away, is tried again every few minutes. */
function isWorthRetrying(newest: Operation | undefined, { clock }: SweepPorts): boolean {
  if (newest?.outcome?.status !== 'failed' || newest.endedAt === undefined) return false;
  return clock.now() - Date.parse(newest.endedAt) > STALE_MS;
}

/** Something stood in the way of the operation that does so no more. */
function wasBarred(newest: Operation | undefined): boolean {
  const code = newest?.outcome?.error?.code;
  return code === 'ApplicationSuspended' || code === 'SyncModeManual';
}

type Wanted = Parameters<StateStore['request']>[1];

async function ask(app: string, wanted: Wanted, { state, operations, log }: SweepPorts): Promise<void> {
  const { seq, start, alreadyAsked } = await state.request(app, wanted);
  if (!alreadyAsked) log.info('asked for an operation that nobody else did', { app, ...wanted });
  if (start) await operations.start(app, seq);
}
