// In: a requested operation. Out: its outcome, with `--wait`; the exit code reports it too.
import { setTimeout } from 'node:timers/promises';
import type { OperationAnswer } from '../../lib/commands/person-request.ts';
import { type Operation, operationName } from '../../lib/model/operation.ts';
import { exitCodeOf, outcomeSeen } from '../exit-code.ts';
import { withOutcome } from '../text/outcome-text.ts';
import { EXIT, type Format, print } from '../text/output.ts';
import { type Progress, withProgress } from '../text/progress.ts';
import { type Api, pathOf } from './api-client.ts';
import { FIRST_PAUSE_MS, nextPause } from './pauses.ts';

type Follow = { readonly api: Api; readonly output: Format; readonly wait: boolean };

/** Prints the requested operation or, after waiting, its outcome. */
export async function followOperation(asked: OperationAnswer, { api, output, wait }: Follow): Promise<number> {
  const { app, seq, operation } = asked;
  if (!wait) {
    print(output, asked, () => formatAsked(asked));
    return EXIT.ok;
  }
  const ended = await withProgress(operation, (progress) => endOf({ app, seq }, api, progress));
  const { outcome } = ended;
  print(output, ended, () => formatEnded(ended));
  return exitCodeOf([outcomeSeen(outcome?.status)]);
}

/** What was requested, on a line. */
export function formatAsked({ operation, status }: OperationAnswer): string {
  return `${operation}: ${status}${status === 'queued' ? ', waits for the running operation' : ''}`;
}

/** How an operation has ended; below it, what was refused. */
export function formatEnded(ended: Operation): string {
  const { outcome } = ended;
  return withOutcome(`${operationName(ended)}: ${outcome?.status}: ${outcome?.message}`, outcome).join('\n');
}

/** Polls until the operation has ended, which the application's timeout ensures. */
export async function endOf(
  { app, seq }: Pick<Operation, 'app' | 'seq'>,
  api: Api,
  progress: Progress,
): Promise<Operation> {
  const path = pathOf('applications', app, 'operations', String(seq));
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = nextPause(pauseMs)) {
    const operation = await api.get<Operation>(path);
    if (operation.phase === 'done') return operation;
    progress(operation.phase);
    await setTimeout(pauseMs);
  }
}
