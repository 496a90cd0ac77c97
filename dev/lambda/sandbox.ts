// In: a bundle and its environment. Out: a function that is invoked as Lambda does it: in processes of its own, one event at a time in each, kept warm. May
// go wrong: a handler that throws (LambdaFault with its words), a process that ends or takes too long, which Lambda reports as an error too.
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type RuntimeApi, serveRuntimeApi } from './runtime-api.ts';

export type SandboxOptions = {
  /** Path of `index.mjs`. */
  readonly bundle: string;
  readonly name: string;
  /** The whole environment; nothing of this process's own is added but PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Hears what the function prints, line by line. */
  readonly onLine?: (line: string) => void;
};

export type Sandbox = {
  /** Where the function's processes find the Runtime API, and what it was asked; the stand-in for the runtime asks nothing. */
  readonly runtimeApi: Pick<RuntimeApi, 'address' | 'requests'>;
  /** The event is handed over as JSON; so is the answer. */
  invoke(event: unknown): Promise<unknown>;
  /** Ends all processes at once, also those that work. */
  kill(): Promise<void>;
};

/** A process with a bundle, ready for its first event. Times are in milliseconds since 1970. */
export type Warm = {
  /** When the process had started, and when the bundle was loaded. */
  readonly beganMs: number;
  readonly importedMs: number;
  /** One event at a time. */
  call(event: unknown): Promise<unknown>;
  readonly ended: Promise<void>;
  kill(): void;
};

type Answer = {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
};

const RUNTIME = fileURLToPath(new URL('runtime.mjs', import.meta.url));

/** The longest that Lambda lets a function run. */
const TIMEOUT_MS = 15 * 60_000;
const KEPT_OUTPUT = 4_000;

/** What a function that failed is reported as. */
class LambdaFault extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** A function whose processes are started as they are needed. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  let newest: unknown;
  const runtimeApi = await serveRuntimeApi(() => newest);
  const environment = { AWS_LAMBDA_RUNTIME_API: runtimeApi.address, ...options.environment };
  const idle: Warm[] = [];
  const all = new Set<Warm>();

  async function start(): Promise<Warm> {
    const warm = await startFunction({ ...options, environment });
    all.add(warm);
    void warm.ended.then(() => {
      all.delete(warm);
      const place = idle.indexOf(warm);
      if (place >= 0) idle.splice(place, 1);
    });
    return warm;
  }

  return {
    runtimeApi,
    async invoke(event) {
      newest = event;
      const warm = idle.pop() ?? (await start());
      try {
        return await warm.call(event);
      } finally {
        if (all.has(warm)) idle.push(warm);
      }
    },
    async kill() {
      runtimeApi.stop();
      for (const warm of all) warm.kill();
      await Promise.all([...all].map(({ ended }) => ended));
    },
  };
}

/** Starts one process and loads the bundle in it. */
export async function startFunction({ bundle, name, environment, onLine }: SandboxOptions): Promise<Warm> {
  const env = { PATH: process.env['PATH'], ...environment };
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
  const child = fork(RUNTIME, [bundle], { env, execArgv: [], stdio: [...stdio], serialization: 'json' });
  const printed = listen(child, onLine);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const times = await new Promise<{ beganMs: number; importedMs: number }>((resolve, reject) => {
    child.once('message', (ready) => resolve(ready as { beganMs: number; importedMs: number }));
    child.once('exit', () => reject(new LambdaFault('Runtime.ExitError', `it ended as it began: ${printed()}`)));
  });
  let calls = 0;
  return {
    ...times,
    ended,
    kill: () => void child.kill('SIGKILL'),
    call: (event) => {
      calls += 1;
      return call(child, { id: calls, event, functionName: name });
    },
  };
}

function listen(child: ChildProcess, onLine: SandboxOptions['onLine']): () => string {
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-KEPT_OUTPUT);
      if (onLine !== undefined) for (const line of text.split('\n').filter(Boolean)) onLine(line);
    });
  return () => printed;
}

type Invocation = { readonly id: number; readonly event: unknown; readonly functionName: string };

function call(child: ChildProcess, invocation: Invocation): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      clearTimeout(timer);
      child.off('message', answered);
      child.off('exit', ended);
    };
    const answered = ({ id, error, result }: Answer): void => {
      if (id !== invocation.id) return;
      done();
      if (error === undefined) resolve(result);
      else reject(new LambdaFault(error.name, error.message));
    };
    const ended = (): void => {
      done();
      reject(new LambdaFault('Runtime.ExitError', 'the process ended before it answered'));
    };
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    child.on('message', answered);
    child.once('exit', ended);
    child.send({ ...invocation, deadlineMs: Date.now() + TIMEOUT_MS });
  });
}
