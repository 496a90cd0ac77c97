// In: an application, and a number of operations or one operation's number. Out: recorded operations. May go wrong: ApplicationUnknown, OperationUnknown.
import { DriftlessError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import { configuredApplication, type QueryPorts } from './application.ts';

/** Returns an application's newest operations, the newest first. */
export async function listOperations(name: string, limit: number, ports: QueryPorts): Promise<readonly Operation[]> {
  await configuredApplication(name, ports);
  return (await ports.state.operations(name, limit)).map(shown);
}

/** Returns one operation of an application. */
export async function getOperation(name: string, seq: number, ports: QueryPorts): Promise<Operation> {
  await configuredApplication(name, ports);
  const operation = await ports.state.operation(name, seq);
  if (operation !== undefined) return shown(operation);
  throw new DriftlessError('OperationUnknown', `Application/${name}: operation ${seq} does not exist`);
}

/** The operation as it is answered: what its trigger lets pass is between the command and the gates. */
function shown(operation: Operation): Operation {
  const { keepsHeld: _, ...trigger } = operation.trigger;
  return { ...operation, trigger };
}
