// In: an operation that uses Flow. Out: a handler of AWS Lambda durable functions. What may go wrong: a step that keeps failing is thrown as
// its DriftlessError; anything else that an operation throws ends its execution as FAILED.
import {
  type DurableContext,
  type DurableExecutionClient,
  type DurableLambdaHandler,
  type DurableLogger,
  withDurableExecution,
} from '@aws/durable-execution-sdk-js';
import { DriftlessError } from '../errors.ts';
import type { Log } from '../ports/runtime.ts';
import type { Flow, Json, Polled } from '../ports/workflow.ts';
import { persisted, restored } from './persisted-error.ts';
import { backoffSeconds, MAX_ATTEMPTS, MAX_RUNS, wholeSeconds, widened } from './waiting.ts';

/** AWS fails an execution permanently above 256 kB a result; the difference is room for what AWS adds. */
const MAX_RESULT_BYTES = 200_000;

/** The state of a poll between two runs. */
type Progress<T> = {
  readonly state: T;
  readonly runs: number;
  /** Failures since the last run that succeeded. */
  readonly failures: number;
  readonly waitedSeconds: number;
  /** Absent after the last run. */
  readonly nextSeconds?: number;
};

/** Turns an operation into a handler that AWS Lambda, or the local journal, can stop and resume at any point. */
export function durableHandler<E, R>(
  operation: (event: E, flow: Flow) => Promise<R>,
  { client, log: handlerLog }: { readonly client: DurableExecutionClient; readonly log: Log },
): DurableLambdaHandler {
  const logger = sdkLogger(handlerLog);
  const durableExecutionClient: DurableExecutionClient = {
    checkpoint: (request) => client.checkpoint(request, logger),
    getExecutionState: (request) => client.getExecutionState(request, logger),
  };
  return withDurableExecution<E, R>(
    async (event, context) => {
      context.configureLogger({ customLogger: logger });
      const log = handlerLog.bind({ execution: context.executionContext.durableExecutionArn });
      try {
        return await operation(event, flowOf(context, log));
      } catch (thrown) {
        throw persisted(thrown, log);
      }
    },
    { durableExecutionClient },
  );
}

/** The Flow of one invocation; its steps run one after another, since a replay finds them by their order. */
export function flowOf(context: DurableContext, log: Log): Flow {
  let current: string | undefined;
  let runs = 0;

  async function alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (current !== undefined)
      throw new DriftlessError('Internal', `step ${name}: started while step ${current} runs; await that one first`);
    current = name;
    try {
      return await work();
    } catch (thrown) {
      throw restored(thrown);
    } finally {
      current = undefined;
    }
  }

  return {
    step: (name, work) =>
      alone(name, async () => {
        runs += 1;
        return await context.step(name, () => attempt(name, work, log), {
          retryStrategy: (thrown, attempts) => {
            const error = restored(thrown);
            if (!error.retry || attempts >= MAX_ATTEMPTS) return { shouldRetry: false };
            return { shouldRetry: true, delay: { seconds: retryDelay(name, { error, attempts }, log) } };
          },
        });
      }),

    sleep: (name, seconds) =>
      alone(name, async () => {
        runs += 1;
        await context.wait(name, { seconds: wholeSeconds(seconds) });
      }),

    poll: <T extends Json>(name: string, initial: T, work: (state: T) => Promise<Polled<T>>) =>
      alone(name, async () => {
        const before = runs;
        const run = (progress: Progress<T>) => pollOnce(name, { progress, before, work }, log);
        const end = await context.waitForCondition<Progress<T>>(name, run, {
          initialState: { state: initial, runs: 0, failures: 0, waitedSeconds: 0 },
          waitStrategy: ({ nextSeconds }) =>
            nextSeconds === undefined
              ? { shouldContinue: false }
              : { shouldContinue: true, delay: { seconds: nextSeconds } },
        });
        runs += end.runs;
        return end.state;
      }),
  };
}

async function pollOnce<T extends Json>(
  name: string,
  run: {
    readonly progress: Progress<T>;
    readonly before: number;
    readonly work: (state: T) => Promise<Polled<T>>;
  },
  log: Log,
): Promise<Progress<T>> {
  const { state, waitedSeconds } = run.progress;
  const runs = run.progress.runs + 1;
  const next = (seconds: number) => ({ runs, waitedSeconds: waitedSeconds + seconds, nextSeconds: seconds });
  try {
    const polled = await attempt(name, () => within(MAX_RUNS - run.before - runs, name, () => run.work(state)), log);
    if (polled.nextSeconds === undefined) return { state: polled.state, runs, failures: 0, waitedSeconds };
    return { state: polled.state, failures: 0, ...next(widened(polled.nextSeconds, waitedSeconds)) };
  } catch (thrown) {
    const error = restored(thrown);
    const failures = run.progress.failures + 1;
    if (!error.retry || failures >= MAX_ATTEMPTS) throw thrown;
    return { state, failures, ...next(retryDelay(name, { error, attempts: failures }, log)) };
  }
}

/** Steps are still allowed after this budget is used up, so that the operation can record its outcome. */
async function within<T>(remainingRuns: number, name: string, work: () => Promise<T>): Promise<T> {
  if (remainingRuns < 0)
    throw new DriftlessError(
      'Internal',
      `poll ${name}: the operation has used its ${MAX_RUNS} durable runs; poll less often`,
    );
  return await work();
}

/** One attempt of a step; its result and its error are in a form that can be persisted. */
async function attempt<T>(name: string, work: () => Promise<T>, log: Log): Promise<T> {
  try {
    const result = await work();
    const bytes = Buffer.byteLength(JSON.stringify(result) ?? '');
    if (bytes <= MAX_RESULT_BYTES) return result;
    const limit = `${bytes} bytes are more than the ${MAX_RESULT_BYTES} that a step may return`;
    throw new DriftlessError('Internal', `step ${name}: ${limit}; put the value into the blob store`);
  } catch (thrown) {
    throw persisted(thrown, log.bind({ step: name }));
  }
}

function retryDelay(step: string, failed: { error: DriftlessError; attempts: number }, log: Log): number {
  const { error, attempts } = failed;
  const seconds = backoffSeconds(attempts);
  log.warn('step failed and will be retried', { step, attempts, seconds, code: error.code, error: error.message });
  return seconds;
}

/** The SDK's logger would write to the console. */
function sdkLogger(log: Log): DurableLogger {
  const line = (level: 'info' | 'warn' | 'error') => (message?: unknown, fields?: unknown) =>
    log[level]('message of the durable execution SDK', { text: String(message), fields });
  return { info: line('info'), warn: line('warn'), error: line('error'), debug: () => undefined };
}
