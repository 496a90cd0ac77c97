// The durable service of Lambda, as the functions meet it: executions by name, which invoke a function again and again until it has ended, and the two calls
// with which that function keeps its state. The project's own journal keeps it.
import { type DurableExecutionClientError, DurableExecutionClientErrorScope } from '@aws/durable-execution-sdk-js';
import { createJournal, type Journal } from '../../dev/journal.ts';
import type { Log } from '../../lib/ports/runtime.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';
import type { AwsOperation } from '../fakes/aws/aws-server.ts';
import { AwsError } from '../fakes/aws/wire.ts';

type DurableOptions = { readonly dir: string; readonly log: Log };

export type DurableService = {
  readonly journal: Journal;
  /** For the fake account. */
  readonly operations: Readonly<Record<string, AwsOperation>>;
  /** Runs from now on what is started, by invoking this function. */
  run(invoke: (event: unknown) => Promise<unknown>): void;
};

/** Opens it in a folder. */
export async function openDurableService({ dir, log }: DurableOptions): Promise<DurableService> {
  const journal = await createJournal({ dir, clock: systemClock, log });
  const answer = async (work: Promise<object>) => ({ fields: wireTimes(await work.catch(refuse)) as object as Fields });
  return {
    journal,
    operations: {
      'lambda.CheckpointDurableExecution': ({ input }) =>
        answer(journal.client.checkpoint(input as object as Checkpoint)),
      'lambda.GetDurableExecutionState': ({ input }) =>
        answer(journal.client.getExecutionState(input as object as State)),
    },
    run: (invoke) => journal.resume(async (event) => (await invoke(event)) as Output),
  };
}

type Fields = Readonly<Record<string, unknown>>;
type Checkpoint = Parameters<Journal['client']['checkpoint']>[0];
type State = Parameters<Journal['client']['getExecutionState']>[0];
type Output = Awaited<ReturnType<Parameters<Journal['resume']>[0]>>;

/** What Lambda answers where the journal refuses a call. */
function refuse(thrown: DurableExecutionClientError): never {
  if (thrown.scope === DurableExecutionClientErrorScope.INVOCATION)
    throw new AwsError('InvalidParameterValueException', 400, `Invalid Checkpoint Token: ${thrown.message}`);
  throw new AwsError('ValidationException', 400, thrown.message);
}

/** In answers of the API times are seconds since 1970. */
function wireTimes(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(wireTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, wireTimes(field)]));
}
