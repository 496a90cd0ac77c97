// In: an application. Out: it is no longer suspended, and an operation deploys what was pushed in between. May go wrong: ApplicationUnknown.
import { DriftlessError } from '../errors.ts';
import type { DriftRecord } from '../model/drift.ts';
import { requestOperation } from '../operations/request-operation.ts';
import { isHeld } from '../policy/rollback.ts';
import { configuredApplication } from '../queries/application.ts';
import type { CommandPorts } from './person-request.ts';
import { gitHead, type SyncCommandPorts } from './sync.ts';

/** How often a drift record that a scan has changed in between is read again. */
const ATTEMPTS = 5;

/** The operation that resuming requested; absent where the application does not sync automatically. */
export type Resumed = {
  readonly app: string;
  readonly operation?: string;
  /** The newest commit where it is held, so that the operation does not deploy it. */
  readonly held?: string;
};

/** Ends a suspension and deploys the newest commit; corrections that were given up start again. */
export async function resumeApplication(
  name: string,
  { by }: { readonly by?: string | undefined },
  ports: SyncCommandPorts,
): Promise<Resumed> {
  const { suspended: _, ...resumed } = await configuredApplication(name, ports);
  await ports.state.suspend(name, undefined);
  await resetCorrections(name, ports);
  ports.log.info('resumed application', { app: name, by });
  // Not `manual`: a commit that is held stays held.
  const trigger = { kind: 'config', ...(by !== undefined && { by }) } as const;
  // What was pushed while it was suspended is known to Git alone.
  const head = resumed.held === undefined ? undefined : await gitHead(resumed, ports);
  const held = head !== undefined && isHeld(resumed.held, head) ? head : undefined;
  const result = await requestOperation(resumed, { trigger }, ports);
  const answer = { app: name, ...(held !== undefined && { held }) };
  return result.status === 'blocked' ? answer : { ...answer, operation: result.operation };
}

async function resetCorrections(name: string, { state }: CommandPorts): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const record = await state.drift(name);
    if (record?.correction === undefined || (await state.putDrift(withoutCorrection(record)))) return;
  }
  throw new DriftlessError('StateUnavailable', `Application/${name}: other workers keep writing its drift record`);
}

function withoutCorrection({ correction: _, ...record }: DriftRecord): DriftRecord {
  return { ...record, version: record.version + 1 };
}
