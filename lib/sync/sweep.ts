// In: the state table and the Git servers. Out: operations for what no webhook told of, and for what a crash left behind. Run on a schedule;
// safe to run at any time, also twice at once. One repository or application that fails does not keep the others from being looked at.
import { asDriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { type Operation, operationName } from '../model/operation.ts';
import type { Clock, Git, Log, Operations, StateStore } from '../ports.ts';

export type SweepPorts = {
  readonly git: Pick<Git, 'resolve'>;
  readonly state: StateStore;
  readonly operations: Operations;
  readonly clock: Clock;
  readonly log: Log;
};

/** An operation whose lease is gone for this long has no worker any more: a start was lost, or its execution ended without a word. */
const STALE_MS = 5 * 60_000;

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
  await Promise.all(records.map((record) => sweepOne(record, headOf, ports)));
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
    const head = await headOf(record.app.source);
    if (asksForOperation(head, newest, record) || isWorthRetrying(newest, ports)) await ask(name, head, ports);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.warn('could not sweep application', { app: name, code, message });
  }
}

/** Starts an operation whose worker is gone; starting one that runs does nothing. */
async function wake({ app, lease }: ApplicationRecord, newest: Operation, ports: SweepPorts): Promise<void> {
  const now = ports.clock.now();
  if (lease !== undefined && Date.parse(lease.expiresAt) > now) return;
  ports.log.info('started operation again', { app: app.name, operation: operationName(newest) });
  await ports.operations.start(app.name, newest.seq);
  const since = Date.parse(lease?.expiresAt ?? newest.startedAt ?? newest.requestedAt);
  if (now - since > STALE_MS) await ask(app.name, undefined, ports);
}

function asksForOperation(head: string, newest: Operation | undefined, { lastSync }: ApplicationRecord): boolean {
  return head !== (newest?.revision ?? lastSync?.revision);
}

/** A failure that may be over by now, such as a Git server that was away, is tried again every few minutes. */
function isWorthRetrying(newest: Operation | undefined, { clock }: SweepPorts): boolean {
  if (newest?.outcome?.status !== 'failed' || newest.endedAt === undefined) return false;
  return clock.now() - Date.parse(newest.endedAt) > STALE_MS;
}

async function ask(app: string, revision: string | undefined, { state, operations, log }: SweepPorts): Promise<void> {
  const kind = revision === undefined ? 'manual' : 'sweep';
  const wanted = { trigger: { kind, by: 'sweep' }, ...(revision !== undefined && { revision }) } as const;
  const { seq, start, alreadyAsked } = await state.request(app, wanted);
  if (!alreadyAsked) log.info('found a commit that no webhook told of', { app, revision });
  if (start) await operations.start(app, seq);
}
