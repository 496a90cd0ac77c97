// In: an operation that was asked for. Out: what became of it, where somebody waits for that; the exit code says it too.
import { setTimeout } from 'node:timers/promises';
import type { OperationAnswer } from '../../lib/commands/person-request.ts';
import type { Operation, OutcomeStatus } from '../../lib/model/operation.ts';
import { EXIT, type Format, print } from '../text/output.ts';
import { type Api, pathOf } from './api-client.ts';

/** How long it is waited between two questions: at first and, growing, at most. What is on AWS is not asked often by everybody. */
const PAUSE_MS = { first: 250, most: 2_000 };

const EXITS: Readonly<Record<OutcomeStatus, number>> = {
  synced: EXIT.ok,
  unchanged: EXIT.ok,
  rolledBack: EXIT.ok,
  degraded: EXIT.differs,
  superseded: EXIT.differs,
  waiting: EXIT.differs,
  refused: EXIT.error,
  failed: EXIT.error,
};

type Follow = { readonly api: Api; readonly output: Format; readonly wait: boolean };

/** Prints what was asked for or, after waiting, how it ended. */
export async function followOperation(asked: OperationAnswer, { api, output, wait }: Follow): Promise<number> {
  const { app, seq, operation, status } = asked;
  if (!wait) {
    const then = status === 'queued' ? ', waits for the one that runs' : '';
    print(output, asked, () => `${operation}: ${status}${then}`);
    return EXIT.ok;
  }
  const ended = await end(pathOf('applications', app, 'operations', String(seq)), api);
  const { outcome } = ended;
  print(output, ended, () => `${operation}: ${outcome?.status}: ${outcome?.message}`);
  return outcome === undefined ? EXIT.error : EXITS[outcome.status];
}

/** An operation ends by itself; the application's own time-out sees to that. */
async function end(path: string, api: Api): Promise<Operation> {
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(pauseMs * 1.25, PAUSE_MS.most)) {
    const operation = await api.get<Operation>(path);
    if (operation.phase === 'done') return operation;
    await setTimeout(pauseMs);
  }
}
