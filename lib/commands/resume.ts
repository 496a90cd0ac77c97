// In: an application. Out: it is no longer suspended, an operation deploys what was pushed in between, and the answer says what happens. May go wrong:
// ApplicationUnknown.
import { DriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { DriftRecord } from '../model/drift.ts';
import { requestOperation } from '../operations/request-operation.ts';
import { blockedBy } from '../policy/gates.ts';
import { isGood } from '../policy/rollback.ts';
import { configuredApplication } from '../queries/application.ts';
import type { CommandPorts } from './person-request.ts';
import { gitHead, type SyncCommandPorts } from './sync.ts';

/** How often a drift record that a scan has changed in between is read again. */
const ATTEMPTS = 5;

/**
 * What resuming has led to: an operation that `deploys` the newest commit; nothing, since that is `deployed` already, `held`, or left to a person by the mode
 * `manual`. The commit is absent where Git gives no answer and none is known.
 */
export type Resumed = {
  readonly app: string;
  readonly next: 'deploys' | 'deployed' | 'held' | 'manual';
  /** The newest commit of the ref. */
  readonly head?: string;
  readonly operation?: string;
  /** The newest commit where it is held, so that the operation does not deploy it. */
  readonly held?: string;
  /** Why it is held. */
  readonly reason?: string;
};

/** Ends a suspension and deploys the newest commit; corrections that were given up start again. */
export async function resumeApplication(
  name: string,
  { by }: { readonly by?: string | undefined },
  ports: SyncCommandPorts,
): Promise<Resumed> {
  const { suspended: _, ...resumed } = await configuredApplication(name, ports);
  await ports.state.suspend(name, undefined);
  const drift = await resetCorrections(name, ports);
  ports.log.info('resumed application', { app: name, by });
  // What was pushed while it was suspended is known to Git alone; without an answer, the sweep may have seen it.
  const head = (await gitHead(resumed, ports)) ?? resumed.head?.revision;
  const answer = { app: name, ...(head !== undefined && { head }) };
  const next = nextOf(resumed, { head, drift, now: ports.clock.now() });
  if (next.next !== 'deploys') return { ...answer, ...next };
  // Not `manual`: a commit that is held stays held.
  const trigger = { kind: 'resume', ...(by !== undefined && { by }) } as const;
  const result = await requestOperation(resumed, { trigger, ...(head !== undefined && { revision: head }) }, ports);
  return result.status === 'blocked'
    ? { ...answer, next: 'manual' }
    : { ...answer, ...next, operation: result.operation };
}

/** What happens to the newest commit now. */
function nextOf(
  record: ApplicationRecord,
  {
    head,
    drift,
    now,
  }: { readonly head: string | undefined; readonly drift: DriftRecord | undefined; readonly now: number },
): Pick<Resumed, 'next' | 'held' | 'reason'> {
  const revision = head === undefined ? {} : { revision: head };
  const gate = blockedBy(record, { trigger: 'resume', ...revision, now });
  if (gate?.name === 'held' && head !== undefined) {
    const reason = record.held?.find((one) => one.revision === head)?.reason;
    return { next: 'held', held: head, ...(reason !== undefined && { reason }) };
  }
  if (gate !== undefined) return { next: 'manual' };
  const isThere = drift === undefined || drift.status === 'InSync';
  return { next: isThere && isDeployed(record, head) ? 'deployed' : 'deploys' };
}

/** Whether nothing is left to do: the newest operation has deployed the newest commit well, under the same configuration. */
function isDeployed(
  { lastSync, specHash, desiredSeq, failure, waiting = [] }: ApplicationRecord,
  head: string | undefined,
): boolean {
  if (lastSync === undefined || lastSync.revision !== head || lastSync.specHash !== specHash) return false;
  return isGood(lastSync) && lastSync.seq === desiredSeq && failure === undefined && waiting.length === 0;
}

/** Returns what the scans know of its drift. */
async function resetCorrections(name: string, { state }: CommandPorts): Promise<DriftRecord | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const record = await state.drift(name);
    if (record?.correction === undefined || (await state.putDrift(withoutCorrection(record)))) return record;
  }
  throw new DriftlessError('StateUnavailable', `Application/${name}: other workers keep writing its drift record`);
}

function withoutCorrection({ correction: _, ...record }: DriftRecord): DriftRecord {
  return { ...record, version: record.version + 1 };
}
