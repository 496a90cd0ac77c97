// In: the state table and the Git servers. Out: operations for what no webhook told of, and for what a crash left behind. Run on a schedule;
// safe to run at any time, also twice at once. One repository or application that fails does not keep the others from being looked at.
import { asDriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { type Operation, operationName } from '../model/operation.ts';
import type { Clock, Git, Log, Operations, StateStore } from '../ports.ts';
import { mapBounded } from './bounded.ts';
import { isUntouchedBy } from './untouched.ts';

export type SweepPorts = {
  readonly git: Git;
  readonly state: StateStore;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly log: Log;
};

/** An operation whose lease is gone for this long has no worker any more: a start was lost, or its execution ended without a word. */
const STALE_MS = 5 * 60_000;

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

async function sweepOne(
  record: ApplicationRecord,
  headOf: (source: ApplicationRecord['app']['source']) => Promise<string>,
  ports: SweepPorts,
): Promise<void> {
  const { name } = record.app;
  try {
    const newest = record.desiredSeq === 0 ? undefined : await ports.state.operation(name, record.desiredSeq);
    if (newest !== undefined && newest.phase !== 'done') return await wake(record, newest, ports);
    if (record.app.sync.mode !== 'auto') return;
    if (isUnasked(record)) return await ask(name, { trigger: { kind: 'config', by: 'sweep' } }, ports);
    const head = await headOf(record.app.source);
    const isNew = asksForOperation(head, newest, record) && !(await isUntouched(record, head, ports.git));
    if (isNew || isWorthRetrying(newest, ports))
      await ask(name, { revision: head, trigger: { kind: 'sweep', by: 'sweep' } }, ports);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not sweep application', { app: name, code, reason: message });
  }
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
  if (now - since > STALE_MS) await ask(app.name, { trigger: { kind: 'manual', by: 'sweep' } }, ports);
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

type Wanted = Parameters<StateStore['request']>[1];

async function ask(app: string, wanted: Wanted, { state, operations, log }: SweepPorts): Promise<void> {
  const { seq, start, alreadyAsked } = await state.request(app, wanted);
  if (!alreadyAsked) log.info('asked for an operation that nobody else did', { app, ...wanted });
  if (start) await operations.start(app, seq);
}
