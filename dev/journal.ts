// In: durable operations to start. Out: they run to their end, over crashes and restarts of this process: what AWS Lambda durable functions
// do, in a folder of a laptop. What may go wrong: another process owns the folder; a name is started again with another payload.
import type { DurableExecutionClient, DurableLambdaHandler } from '@aws/durable-execution-sdk-js';
import { DriftlessError } from '../lib/errors.ts';
import { operationName } from '../lib/model/operation.ts';
import type { Clock, Log } from '../lib/ports/runtime.ts';
import type { Operations } from '../lib/ports/workflow.ts';
import { journalClient } from './journal/client.ts';
import type { Ended } from './journal/execution.ts';
import { JournalFiles } from './journal/files.ts';
import { lockFolder } from './journal/lock.ts';
import { Runner } from './journal/runner.ts';

type JournalOptions = {
  readonly dir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a checkpoint must survive the loss of power, not only the end of the process. */
  readonly fsync?: boolean;
  /** How many operations run at once; 64 where it is not given. */
  readonly concurrency?: number;
};

/** Stands in for the durable service of AWS. */
export type Journal = {
  /** The same whenever this folder is opened, and no other folder's. */
  readonly id: string;
  /** What the durable SDK talks to: `durableHandler(operation, { client, log })`. */
  readonly client: DurableExecutionClient;
  readonly operations: Operations;
  /** Records an execution, and runs it; the same name and payload again change nothing. The payload is JSON. */
  start(name: string, payload: string): void;
  /** Takes up all that has not ended, and runs from now on what is started. */
  resume(handler: DurableLambdaHandler): void;
  /** How an execution ended, for 14 days; undefined before. */
  ended(name: string): Ended | undefined;
  /** When the oldest execution that has not ended was started; undefined where all have ended. */
  openSince(): number | undefined;
  /** Names of the executions that are in a step, which `stop` waits for. */
  inStep(): readonly string[];
  /** Resolves when nothing runs; operations that sleep do not count. */
  idle(): Promise<void>;
  /** Lets steps that run end, for ten seconds where nothing else is said, and gives the folder back. */
  stop(graceMs?: number): Promise<void>;
};

/** AWS has the same rule for the names of executions. */
const NAME = /^[\w-]{1,64}$/;
const DAY_MS = 24 * 3_600_000;

/** Opens the journal in a folder, which belongs to this process until `stop`. */
export async function createJournal({
  dir,
  clock,
  log,
  fsync = false,
  concurrency = 64,
}: JournalOptions): Promise<Journal> {
  const unlock = await lockFolder(dir);
  const files = new JournalFiles(dir, fsync);
  const executions = new Map(files.load().map((execution) => [execution.name, execution]));
  let swept = Number.NEGATIVE_INFINITY;

  function sweepDaily(): void {
    if (clock.now() - swept < DAY_MS) return;
    swept = clock.now();
    files.sweep(swept);
  }

  const runner = new Runner({
    clock,
    log,
    concurrency,
    end(ended) {
      files.end(ended);
      executions.delete(ended.name);
      sweepDaily();
    },
  });

  function start(name: string, payload: string): void {
    if (runner.closed)
      throw new DriftlessError('StateUnavailable', `operation ${name}: the deployer is stopping; start it again`);
    if (!NAME.test(name))
      throw new DriftlessError('Internal', `operation ${name}: give it 1 to 64 letters, digits, - and _`);
    const known = executions.get(name) ?? files.ended(name);
    if (known === undefined) {
      const execution = files.create({ name, payload, startedAt: clock.now() });
      executions.set(name, execution);
      runner.schedule(execution);
    } else if (known.payload !== payload)
      throw new DriftlessError(
        'Internal',
        `operation ${name}: it was started before, with another payload; use another name`,
      );
  }

  sweepDaily();
  for (const execution of executions.values()) runner.schedule(execution);
  return {
    id: files.id(),
    client: journalClient(executions, { files, runner, clock }),
    operations: {
      start: async (app, seq) => start(operationName({ app, seq }), JSON.stringify({ app, seq })),
    },
    start,
    resume: (handler) => runner.begin(handler),
    ended: (name) => files.ended(name),
    openSince() {
      const starts = [...executions.values()].map(({ startedAt }) => startedAt);
      return starts.length === 0 ? undefined : Math.min(...starts);
    },
    inStep: () => runner.inStep(),
    idle: () => runner.idle(),
    async stop(graceMs = 10_000) {
      await runner.stop(graceMs);
      await unlock();
    },
  };
}
