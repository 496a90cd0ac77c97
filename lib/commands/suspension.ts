// In: a name, a reason. Out: nothing is deployed or corrected by itself until it is resumed; then whatever came in between is deployed.
import { DriftlessError } from '../errors.ts';
import type { Suspension } from '../model/application-record.ts';
import type { DriftRecord } from '../model/drift.ts';
import { operationName } from '../model/operation.ts';
import { configured } from '../queries/applications.ts';
import type { ControlPorts } from './sync-and-rollback.ts';

/** Why, by whom and until when; `until` is ISO 8601. */
export type SuspendWish = {
  readonly reason: string;
  readonly by?: string | undefined;
  readonly until?: string | undefined;
};

/** How often a record is read again that a scan has changed in between. */
const ATTEMPTS = 5;

/** Suspends an application; one that is suspended gets the new reason and time. An operation that runs goes on to its end. */
export async function suspend(
  name: string,
  { reason, by, until }: SuspendWish,
  ports: ControlPorts,
): Promise<Suspension> {
  await configured(name, ports);
  const now = ports.clock.now();
  if (until !== undefined && Date.parse(until) <= now)
    throw new DriftlessError('RequestInvalid', `until: ${until} is over; name a time that is to come`);
  const at = new Date(now).toISOString();
  const suspension = { reason, at, ...(by !== undefined && { by }), ...(until !== undefined && { until }) };
  await ports.state.suspend(name, suspension);
  ports.log.info('suspended application', { app: name, reason, by, until });
  return suspension;
}

/** What resuming has set off. */
export type Resumed = { readonly app: string; readonly operation?: string };

/** Ends a suspension, and lets corrections that were given up begin anew; the newest commit is deployed at once. */
export async function resume(
  name: string,
  { by }: { readonly by?: string | undefined },
  ports: ControlPorts,
): Promise<Resumed> {
  const { app } = await configured(name, ports);
  await ports.state.suspend(name, undefined);
  await forgetCorrections(name, ports);
  ports.log.info('resumed application', { app: name, by });
  if (app.sync.mode === 'manual') return { app: name };
  // Not `manual`: a commit that is held stays held.
  const trigger = { kind: 'config', ...(by !== undefined && { by }) } as const;
  const { seq, start } = await ports.state.request(name, { trigger });
  if (start) await ports.operations.start(name, seq);
  return { app: name, operation: operationName({ app: name, seq }) };
}

async function forgetCorrections(name: string, { state }: ControlPorts): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const record = await state.drift(name);
    if (record?.correction === undefined || (await state.putDrift(withoutCorrection(record)))) return;
  }
  throw new DriftlessError('StateUnavailable', `Application/${name}: its drift is written by others all the time`);
}

function withoutCorrection({ correction: _, ...record }: DriftRecord): DriftRecord {
  return { ...record, version: record.version + 1 };
}
