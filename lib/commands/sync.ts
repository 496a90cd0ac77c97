// In: an application, and the user. Out: an operation that deploys the newest commit. May go wrong: RevisionHeld where that commit was rolled back.
import { DriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import { configuredApplication } from '../queries/application.ts';
import { type CommandPorts, type OperationAnswer, requestForPerson } from './person-request.ts';

/** The user, and whether a commit that was rolled back may be deployed. */
export type SyncInput = { readonly by?: string | undefined; readonly release?: boolean | undefined };

/** Deploys the newest commit, also of an application that does not sync automatically; corrections that were given up start again. */
export async function syncApplication(
  name: string,
  { by, release = false }: SyncInput,
  ports: CommandPorts,
): Promise<OperationAnswer> {
  const record = await configuredApplication(name, ports);
  if (!release) await refuseHeld(record, ports);
  return requestForPerson(record, { kind: 'manual', ...(by !== undefined && { by }) }, ports);
}

/** Throws where the newest commit was rolled back. */
export async function refuseHeld(record: ApplicationRecord, ports: CommandPorts): Promise<void> {
  const held = await heldHead(record, ports);
  if (held === undefined) return;
  const message = `Application/${record.app.name}: its newest commit ${held.slice(0, 7)} was rolled back and is held`;
  throw new DriftlessError('RevisionHeld', message);
}

/** The commit that was rolled back, where no newer one was pushed since. */
async function heldHead(
  { app, held = [], desiredRevision, desiredSeq }: ApplicationRecord,
  { state }: CommandPorts,
): Promise<string | undefined> {
  const pushed = held.find(({ revision }) => revision === desiredRevision);
  if (pushed !== undefined) return pushed.revision;
  const newest = desiredSeq === 0 ? undefined : await state.operation(app.name, desiredSeq);
  return newest?.outcome?.status === 'rolledBack' ? held.at(-1)?.revision : undefined;
}
