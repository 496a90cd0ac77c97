// In: an application, the user, and an operation of the history. Out: an operation that deploys an earlier rendering. May go wrong: RollbackImpossible,
// OperationUnknown.
import { DriftlessError } from '../errors.ts';
import type { Operation } from '../model/operation.ts';
import { rollbackTarget, underWayOf, wasDeployed } from '../policy/rollback.ts';
import { configuredApplication } from '../queries/application.ts';
import { getOperation } from '../queries/history.ts';
import { type CommandPorts, type OperationAnswer, requestForPerson } from './person-request.ts';

/** The user, and the operation to go back to; by default the last good deployment of another commit. */
export type RollbackInput = { readonly by?: string | undefined; readonly toSeq?: number | undefined };

/** Goes back to an earlier deployment, by its stored rendering. */
export async function rollBackApplication(
  name: string,
  { by, toSeq }: RollbackInput,
  ports: CommandPorts,
): Promise<OperationAnswer> {
  const record = await configuredApplication(name, ports);
  const trigger = { kind: 'rollback', ...(by !== undefined && { by }) } as const;
  if (toSeq !== undefined) {
    requireRendering(await getOperation(name, toSeq, ports));
    return requestForPerson(record, { ...trigger, toSeq }, ports);
  }
  const underWay = underWayOf(record);
  const found = rollbackTarget(record, underWay === undefined ? {} : { underWay });
  if (found.target === undefined)
    throw new DriftlessError('RollbackImpossible', `Application/${name}: ${found.reason}`);
  return requestForPerson(record, trigger, ports);
}

/** One that runs still has deployed nothing as a whole. */
function requireRendering({ app, seq, outcome, phase, renderedKey }: Operation): void {
  if (renderedKey !== undefined && outcome !== undefined && wasDeployed(outcome)) return;
  const what = `Application/${app}: operation ${seq} (${outcome?.status ?? phase}) deployed nothing`;
  const why = outcome === undefined ? 'it has not ended' : outcome.message;
  throw new DriftlessError('RollbackImpossible', `${what}: ${why}`);
}
