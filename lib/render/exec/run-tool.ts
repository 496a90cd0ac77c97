// In: a program, its arguments and a folder. Out: what it printed. No shell syntax, an environment that is given whole, confined (confinement.ts), and
// limits: time, memory, printed bytes. What may go wrong: RenderLimit, PrerequisiteMissing; a failed run is a value.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { DriftlessError } from '../../errors.ts';
import { confined, residentBytes } from './confinement.ts';

export type ToolRun = {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether the tool may open connections. */
  readonly network: boolean;
  /** For messages: `deploy/prod: kubectl kustomize`. */
  readonly subject: string;
};

export type ToolLimits = { readonly seconds: number; readonly outputBytes: number; readonly memoryBytes: number };

export type ToolEnd =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly errorOutput: string };

const MAX_ERROR_BYTES = 64 * 1024;
const MEMORY_CHECK_MS = 25;

/** Exit codes of a shell that cannot run a program. */
const NOT_RUN = 126;
const NOT_FOUND = 127;

/** What the runtimes of Go print when the kernel gives them no more memory. */
const OUT_OF_MEMORY =
  /^(?:fatal error: )?runtime: (?:cannot allocate memory|out of memory)|^fatal error: out of memory/m;

/** Runs a program to its end, or kills it with all its children when it exceeds a limit. */
export async function runTool(run: ToolRun, limits: ToolLimits): Promise<ToolEnd> {
  const command = confined(run.program, run.args, { memoryBytes: limits.memoryBytes, network: run.network });
  const child = spawn(command.program, command.args, {
    cwd: run.folder,
    env: run.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => undefined);
  let exceeded: string | undefined;
  const end = (reason: string): void => {
    exceeded ??= reason;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => end(`takes longer than ${limits.seconds} seconds`), limits.seconds * 1000);
  const memory = setInterval(() => {
    if (child.pid !== undefined && residentBytes(child.pid) > limits.memoryBytes) end(tooMuchMemory(limits));
  }, MEMORY_CHECK_MS);
  const output = collect(child.stdout, limits.outputBytes, () => end(`prints more than ${limits.outputBytes} bytes`));
  const errorOutput = collect(child.stderr, MAX_ERROR_BYTES, () => {});
  try {
    const { code, signal } = await closed(child);
    if (code !== 0 && OUT_OF_MEMORY.test(errorOutput())) exceeded ??= tooMuchMemory(limits);
    if (exceeded !== undefined) throw new DriftlessError('RenderLimit', `${run.subject} ${exceeded}`);
    if (code === NOT_RUN || code === NOT_FOUND)
      throw new DriftlessError('PrerequisiteMissing', `${run.program}: cannot be run; install it again`);
    if (code === 0) return { ok: true, output: output() };
    return { ok: false, errorOutput: signal === null ? errorOutput() : `ended by ${signal}\n${errorOutput()}` };
  } finally {
    clearTimeout(timer);
    clearInterval(memory);
  }
}

function tooMuchMemory({ memoryBytes }: ToolLimits): string {
  return `needs more than ${Math.round(memoryBytes / 2 ** 20)} MiB of memory`;
}

type Tool = ChildProcessByStdio<Writable, Readable, Readable>;
type Closed = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** The end of the program and of its output; whatever it has started ends with it. */
function closed(child: Tool): Promise<Closed> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(
        new DriftlessError('PrerequisiteMissing', '/bin/sh: cannot be run, but every rendering tool needs it', {
          cause,
        }),
      ),
    );
    child.once('exit', () => child.stdin.end());
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

/** Collects what a stream prints, up to a limit; the rest is read and dropped. */
function collect(stream: NodeJS.ReadableStream, limit: number, onExceeded: () => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
    else onExceeded();
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** The child leads its own process group, to which its children belong too. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}
