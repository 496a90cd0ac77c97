// In: what the durable SDK sends during an invocation. Out: it is in the journal's files before it is acknowledged. What may go wrong: an
// invocation whose turn is over, and a file that cannot be written, end that invocation; what AWS would refuse ends the execution.
import { type DurableExecutionClient, DurableExecutionClientError } from '@aws/durable-execution-sdk-js';
import type { Clock } from '../../lib/ports/runtime.ts';
import { applyUpdates, type Execution, merge, passTime } from './execution.ts';
import type { JournalFiles } from './files.ts';
import type { Runner } from './runner.ts';

type Request = { readonly DurableExecutionArn: string | undefined; readonly CheckpointToken: string | undefined };

/** The journal's side of the SDK. */
export function journalClient(
  executions: ReadonlyMap<string, Execution>,
  journal: { readonly files: JournalFiles; readonly runner: Runner; readonly clock: Clock },
): DurableExecutionClient {
  const { files, runner, clock } = journal;

  function current({ DurableExecutionArn: name = '', CheckpointToken: token }: Request): Execution {
    const execution = executions.get(name);
    if (runner.closed) throw new DurableExecutionClientError('the journal is closed', { scope: 'INVOCATION' });
    if (execution === undefined) throw new DurableExecutionClientError('it has ended', { scope: 'EXECUTION' });
    if (execution.token === token) return execution;
    throw new DurableExecutionClientError('the checkpoint token is stale', { scope: 'INVOCATION' });
  }

  return {
    async checkpoint(request) {
      const execution = current(request);
      const due = passTime(execution, clock.now());
      const { now: at } = execution;
      const updates = request.Updates ?? [];
      const changed = applyUpdates(execution.operations, updates, at);
      if (updates.length > 0) files.append(execution, { at, updates });
      merge(execution, changed);
      execution.token += '+';
      await runner.betweenSteps(execution);
      return { CheckpointToken: execution.token, NewExecutionState: { Operations: [...due, ...changed] } };
    },

    async getExecutionState(request) {
      return { Operations: [...current(request).operations.values()] };
    },
  };
}
