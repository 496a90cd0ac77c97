// In: an application, and the user. Out: an operation that deploys the newest commit. May go wrong: RevisionHeld where that commit was rolled back.
import { DriftlessError } from '../errors.ts';
import { primarySource } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Operation } from '../model/operation.ts';
import { isHeld } from '../policy/rollback.ts';
import type { Git } from '../ports/git.ts';
import { configuredApplication, newestOperation } from '../queries/application.ts';
import { type CommandPorts, type OperationAnswer, requestForPerson } from './person-request.ts';

/** The user, and whether a commit that was rolled back may be deployed. */
export type SyncInput = { readonly by?: string | undefined; readonly release?: boolean | undefined };

/** `git` is absent where the command cannot reach Git servers; only the operation asks for the head then. */
export type SyncCommandPorts = CommandPorts & { readonly git?: Pick<Git, 'resolve'> };

/** Deploys the newest commit, also of an application that does not sync automatically; corrections that were given up start again. */
export async function syncApplication(
  name: string,
  { by, release = false }: SyncInput,
  ports: SyncCommandPorts,
): Promise<OperationAnswer> {
  const record = await configuredApplication(name, ports);
  if (!release) await refuseHeld(record, ports);
  // What was pushed since is unknown here, so the operation asks again.
  const trigger = { kind: 'manual', ...(by !== undefined && { by }), ...(!release && { keepsHeld: true }) } as const;
  return requestForPerson(record, trigger, ports);
}

/** Throws where the newest commit was rolled back. */
export async function refuseHeld(record: ApplicationRecord, ports: SyncCommandPorts): Promise<void> {
  const head = await heldHead(record, ports);
  if (head === undefined) return;
  const message = `Application/${record.app.name}: its newest commit ${head.slice(0, 7)} was rolled back and is held`;
  throw new DriftlessError('RevisionHeld', message);
}

/** The newest commit where it was rolled back and is held. */
async function heldHead(record: ApplicationRecord, ports: SyncCommandPorts): Promise<string | undefined> {
  const head = record.held === undefined ? undefined : await newestCommit(record, ports);
  return head !== undefined && isHeld(record.held, head) ? head : undefined;
}

/** Git's head; without an answer, the newest commit that the state table knows. */
async function newestCommit(record: ApplicationRecord, ports: SyncCommandPorts): Promise<string | undefined> {
  return (await gitHead(record, ports)) ?? newestKnown(record, await newestOperation(record, ports));
}

/** Git's head; undefined without an answer. */
export async function gitHead({ app }: ApplicationRecord, { git }: SyncCommandPorts): Promise<string | undefined> {
  const { repo, ref } = primarySource(app);
  return git?.resolve(repo, ref).catch(() => undefined);
}

function newestKnown(
  { held = [], desiredRevision }: ApplicationRecord,
  newest: Operation | undefined,
): string | undefined {
  if (newest?.outcome?.status === 'rolledBack') return held.at(-1)?.revision;
  const isHead = newest !== undefined && newest.trigger.kind !== 'drift' && newest.trigger.kind !== 'rollback';
  return (isHead ? newest.revision : undefined) ?? desiredRevision;
}
