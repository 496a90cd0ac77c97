// What the commands of people share. In: an application and a trigger. Out: the requested operation. May go wrong: what blocks or prevents it is an error
// that says why, and nothing was requested.
import { DriftlessError } from '../errors.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Trigger } from '../model/operation.ts';
import { type OperationInput, type RequestPorts, requestOperation } from '../operations/request-operation.ts';
import type { Log } from '../ports/runtime.ts';
import type { QueryPorts } from '../queries/application.ts';

export type CommandPorts = RequestPorts &
  QueryPorts & {
    readonly log: Log;
    /** The deployer's own identity. */
    readonly deployer: string;
  };

/** The answer to a command that requests an operation; `queued` waits for the operation that runs. */
export type OperationAnswer = {
  readonly app: string;
  readonly seq: number;
  readonly operation: string;
  readonly status: 'started' | 'queued';
};

/** Requests an operation for a person. */
export async function requestForPerson(
  record: ApplicationRecord,
  trigger: Trigger,
  { gatesOf, ...ports }: CommandPorts & Pick<OperationInput, 'gatesOf'>,
): Promise<OperationAnswer> {
  const app = record.app.name;
  const result = await requestOperation(record, { trigger, ...(gatesOf && { gatesOf }) }, ports);
  if (result.status === 'blocked') throw new DriftlessError(result.gate.code, result.gate.message);
  const { seq, operation, status } = result;
  ports.log.info('requested an operation', { app, operation, trigger });
  return { app, seq, operation, status: status === 'started' ? 'started' : 'queued' };
}
