// In: an application, and a number of operations or one operation's number. Out: recorded operations. May go wrong: ApplicationUnknown, OperationUnknown.
import { DriftlessError } from '../errors.ts';
import { primarySource } from '../model/application.ts';
import type { ApplicationRecord } from '../model/application-record.ts';
import type { Operation } from '../model/operation.ts';
import { configuredApplication, type QueryPorts } from './application.ts';
import { linked } from './sync-view.ts';

/** An operation, with the page of its commit at the forge. */
export type ShownOperation = Operation & { readonly link?: string };

/** Returns an application's newest operations, the newest first. */
export async function listOperations(
  name: string,
  limit: number,
  ports: QueryPorts,
): Promise<readonly ShownOperation[]> {
  const record = await configuredApplication(name, ports);
  return (await ports.state.operations(name, limit)).map((operation) => shown(operation, record));
}

/** Returns one operation of an application. */
export async function getOperation(name: string, seq: number, ports: QueryPorts): Promise<ShownOperation> {
  const record = await configuredApplication(name, ports);
  const operation = await ports.state.operation(name, seq);
  if (operation !== undefined) return shown(operation, record);
  throw new DriftlessError('OperationUnknown', `Application/${name}: operation ${seq} does not exist`);
}

/** The operation as it is answered: with the page of its commit; what its trigger lets pass is between the command and the gates. */
function shown(operation: Operation, { app }: ApplicationRecord): ShownOperation {
  const { keepsHeld: _, ...trigger } = operation.trigger;
  return { ...operation, trigger, ...linked(primarySource(app).repo, operation.revision) };
}
