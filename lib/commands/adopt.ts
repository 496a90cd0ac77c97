// In: an application, or all of them, and another deployer's identity. Out: operations that take over what Git holds and the rules refuse otherwise. May go
// wrong: RequestInvalid, DeployerNotNoted, RevisionHeld.
import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError, DriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { configuredApplication } from '../queries/application.ts';
import { type OperationAnswer, requestForPerson } from './person-request.ts';
import { refuseHeld, type SyncCommandPorts } from './sync.ts';

const REQUESTS_AT_ONCE = 8;

/** The user, and the deployer whose objects are taken over; absent: objects of applications that are not configured, or did not deploy them. */
export type AdoptInput = { readonly by?: string | undefined; readonly from?: string | undefined };

/** What was requested, and the applications for which nothing was. */
export type AdoptAllAnswer = {
  /** The identity that the state table notes now. */
  readonly deployer: string;
  readonly from: string;
  readonly operations: readonly OperationAnswer[];
  readonly blocked: readonly { readonly app: string; readonly code: string; readonly reason: string }[];
};

/** Takes over objects that an application's Git holds, and deploys its newest commit. */
export async function adoptApplication(
  name: string,
  { by, from }: AdoptInput,
  ports: SyncCommandPorts,
): Promise<OperationAnswer> {
  requireOther(from, ports);
  const record = await configuredApplication(name, ports);
  await refuseHeld(record, ports);
  return requestForPerson(record, triggerOf({ by, from }), ports);
}

/**
 * Notes the deployer's present identity in place of another one, and takes over the objects of that one for every application. A suspended application is
 * left to an order of its own. Safe to repeat, also after a crash.
 */
export async function adoptAll(
  { by, from }: AdoptInput & { readonly from: string },
  ports: SyncCommandPorts,
): Promise<AdoptAllAnswer> {
  const { state, deployer, log } = ports;
  requireOther(from, ports);
  const noted = await state.noteDeployer(deployer, from);
  if (noted !== deployer)
    throw new DriftlessError(
      'DeployerNotNoted',
      `from: the state table belongs to deployer "${noted}", not to "${from}"; write: driftless adopt --all --from ${noted}`,
    );
  log.info('noted the deployer of the state table', { deployer, from, by });
  const results = await mapBounded(await state.applications(), REQUESTS_AT_ONCE, (record) =>
    requestOrTell(record, { by, from }, ports),
  );
  return {
    deployer,
    from,
    operations: results.flatMap((result) => ('operation' in result ? [result] : [])),
    blocked: results.flatMap((result) => ('reason' in result ? [result] : [])),
  };
}

/** One application that is blocked, or fails, does not keep the others from it. */
async function requestOrTell(
  record: ApplicationRecord,
  input: AdoptInput,
  ports: SyncCommandPorts,
): Promise<OperationAnswer | AdoptAllAnswer['blocked'][number]> {
  try {
    await refuseHeld(record, ports);
    return await requestForPerson(record, triggerOf(input), { ...ports, gatesOf: 'drift' });
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    return { app: record.app.name, code, reason: message };
  }
}

function requireOther(from: string | undefined, { deployer }: SyncCommandPorts): void {
  if (from !== deployer) return;
  throw new DriftlessError('RequestInvalid', `from: "${from}" is this deployer itself; name the other one`);
}

function triggerOf({ by, from }: AdoptInput) {
  return { kind: 'adopt', ...(by !== undefined && { by }), ...(from !== undefined && { from }) } as const;
}
