// In: executions that have not ended. Out: they are run, put to sleep, woken and ended. What may go wrong: an invocation that breaks is
// made again with back-off, as AWS does; one that answers FAILED has ended.
import { setMaxListeners } from 'node:events';
import {
  type DurableExecutionInvocationOutput,
  type DurableLambdaHandler,
  InvocationStatus,
} from '@aws/durable-execution-sdk-js';
import { asDriftlessError } from '../../lib/errors.ts';
import type { Clock, Log } from '../../lib/ports/runtime.ts';
import { type Ended, type Execution, inStep, passTime, wakesAt } from './execution.ts';
import { lambdaContext } from './lambda-context.ts';

type RunnerOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** How many executions run at once. */
  readonly concurrency: number;
  /** Records how an execution ended, and forgets it. */
  readonly end: (ended: Ended) => void;
};

const MAX_FAULT_SECONDS = 60;
/** Timers cannot be much longer. */
const MAX_SLEEP_MS = 24 * 3_600_000;

type Final = Exclude<DurableExecutionInvocationOutput, { readonly Status: InvocationStatus.PENDING }>;

/** Runs executions. */
export class Runner {
  readonly #options: RunnerOptions;
  readonly #ready: Execution[] = [];
  readonly #stopping = new AbortController();
  #handler: DurableLambdaHandler | undefined;
  #invocations = 0;
  readonly #running = new Set<Execution>();
  /** Of the active ones, those held between two steps since the runner stops. */
  #held = 0;
  #closed = false;
  #waiting: (() => void)[] = [];

  constructor(options: RunnerOptions) {
    this.#options = options;
    setMaxListeners(0, this.#stopping.signal);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** From now on executions are run. */
  begin(handler: DurableLambdaHandler): void {
    this.#handler = handler;
    this.#pump();
  }

  /** Runs an execution as soon as there is room and nothing that it waits for. */
  schedule(execution: Execution): void {
    const delay = wakesAt(execution.operations) - this.#options.clock.now();
    if (delay > 0) void this.#wake(execution, delay);
    else this.#enqueue(execution);
  }

  /** Waits, when the runner stops, between two steps until the process ends. */
  async betweenSteps(execution: Execution): Promise<void> {
    if (!this.#stopping.signal.aborted || inStep(execution.operations)) return;
    this.#held += 1;
    this.#settle();
    await new Promise(() => undefined);
  }

  /** Names of the executions that are in a step, which `stop` waits for. */
  inStep(): readonly string[] {
    return [...this.#running].filter(({ operations }) => inStep(operations)).map(({ name }) => name);
  }

  /** Resolves when no execution runs or could run now; those that sleep do not count. */
  async idle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (!this.#isIdle()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets steps that run come to their end, but no longer than the grace. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const drained = new AbortController();
    await Promise.race([this.idle().then(() => drained.abort()), this.#options.clock.sleep(graceMs, drained.signal)]);
    this.#closed = true;
  }

  async #wake(execution: Execution, delayMs: number): Promise<void> {
    const { signal } = this.#stopping;
    await this.#options.clock.sleep(Math.min(delayMs, MAX_SLEEP_MS), signal);
    if (!signal.aborted) this.schedule(execution);
  }

  #enqueue(execution: Execution): void {
    this.#ready.push(execution);
    this.#pump();
  }

  #canStart(): boolean {
    return this.#ready.length > 0 && this.#running.size < this.#options.concurrency && !this.#stopping.signal.aborted;
  }

  #pump(): void {
    while (this.#handler !== undefined && this.#canStart()) {
      const execution = this.#ready.shift();
      if (execution !== undefined) void this.#turn(this.#handler, execution);
    }
    this.#settle();
  }

  async #turn(handler: DurableLambdaHandler, execution: Execution): Promise<void> {
    this.#running.add(execution);
    try {
      const output = await this.#invoke(handler, execution);
      if (!this.#closed) this.#answered(execution, output);
    } catch (thrown) {
      if (!this.#closed) this.#broke(execution, thrown);
    }
    this.#running.delete(execution);
    this.#pump();
  }

  async #invoke(handler: DurableLambdaHandler, execution: Execution): Promise<DurableExecutionInvocationOutput> {
    const { name, payload, startedAt, operations } = execution;
    passTime(execution, this.#options.clock.now());
    this.#invocations += 1;
    execution.token = `${this.#invocations}`;
    const start = { Id: name, Type: 'EXECUTION', Status: 'STARTED', StartTimestamp: new Date(startedAt) } as const;
    return await handler(
      {
        DurableExecutionArn: name,
        CheckpointToken: execution.token,
        InitialExecutionState: {
          Operations: [{ ...start, ExecutionDetails: { InputPayload: payload } }, ...operations.values()],
        },
      },
      lambdaContext(name, this.#invocations),
    );
  }

  #answered(execution: Execution, output: DurableExecutionInvocationOutput): void {
    execution.faults = 0;
    if (output.Status === InvocationStatus.PENDING) this.schedule(execution);
    else this.#options.end(this.#ended(execution, output));
  }

  #ended({ name, payload, startedAt }: Execution, output: Final): Ended {
    const ended = { name, payload, startedAt, endedAt: this.#options.clock.now() };
    if (output.Status === InvocationStatus.SUCCEEDED) return { ...ended, status: 'SUCCEEDED', result: output.Result };
    const { ErrorMessage: message, ErrorData: code = output.Error.ErrorType } = output.Error;
    this.#options.log.error('durable operation failed', { execution: name, code, error: message });
    return { ...ended, status: 'FAILED', error: output.Error };
  }

  #broke(execution: Execution, thrown: unknown): void {
    const seconds = Math.min(MAX_FAULT_SECONDS, 2 ** execution.faults);
    execution.faults += 1;
    const { message } = asDriftlessError(thrown);
    this.#options.log.warn('durable operation broke and is taken up again', {
      execution: execution.name,
      seconds,
      error: message,
    });
    void this.#wake(execution, 1000 * seconds);
  }

  #isIdle(): boolean {
    return this.#running.size === this.#held && !(this.#handler !== undefined && this.#canStart());
  }

  #settle(): void {
    if (!this.#isIdle()) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
