// In: an application, and the user. Out: its running operation ends at its next boundary, in favour of one that deploys nothing and says who has ended it. May go
// wrong: ApplicationUnknown, NothingRuns.
import { DriftlessError } from '../errors.ts';
import { configuredApplication, newestOperation } from '../queries/application.ts';
import { type CommandPorts, type OperationAnswer, requestForPerson } from './person-request.ts';

/** The operation that records it, and the one that ends. */
export type TerminateAnswer = OperationAnswer & { readonly terminated: number };

/** Ends the running operation, and one that waits behind it. What it has applied stays; nothing is deployed until it is asked for or Git moves. */
export async function terminateApplication(
  name: string,
  { by }: { readonly by?: string | undefined },
  ports: CommandPorts,
): Promise<TerminateAnswer> {
  const record = await configuredApplication(name, ports);
  const newest = await newestOperation(record, ports);
  if (newest === undefined || newest.phase === 'done' || newest.trigger.kind === 'terminate')
    throw new DriftlessError('NothingRuns', `Application/${name}: no operation runs; nothing was ended`);
  const trigger = { kind: 'terminate', toSeq: newest.seq, ...(by !== undefined && { by }) } as const;
  return { ...(await requestForPerson(record, trigger, ports)), terminated: newest.seq };
}
