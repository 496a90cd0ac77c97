// In: a program, its arguments and a folder. Out: what it printed. No shell, an environment that is given whole, and three limits: time,
// printed bytes, and how many run at once. What may go wrong: RenderLimit, PrerequisiteMissing; a failed run is a value.
import { spawn } from 'node:child_process';
import { DriftlessError } from '../../errors.ts';

export type ToolRun = {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** For messages: `deploy/prod: kubectl kustomize`. */
  readonly subject: string;
};

export type ToolLimits = { readonly seconds: number; readonly outputBytes: number };

export type ToolEnd =
  | { readonly ok: true; readonly output: string }
  | { readonly ok: false; readonly complaint: string };

const MAX_COMPLAINT_BYTES = 64 * 1024;

/** Runs a program to its end, or ends it with all of its children when it exceeds a limit. */
export async function runTool(run: ToolRun, limits: ToolLimits): Promise<ToolEnd> {
  const child = spawn(run.program, run.args, {
    cwd: run.folder,
    env: run.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let exceeded: string | undefined;
  const end = (reason: string): void => {
    exceeded ??= reason;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => end(`takes longer than ${limits.seconds} seconds`), limits.seconds * 1000);
  const output = collect(child.stdout, limits.outputBytes, () => end(`prints more than ${limits.outputBytes} bytes`));
  const complaint = collect(child.stderr, MAX_COMPLAINT_BYTES, () => {});
  try {
    const code = await closed(child, run.program);
    if (exceeded !== undefined) throw new DriftlessError('RenderLimit', `${run.subject} ${exceeded}`);
    return code === 0 ? { ok: true, output: output() } : { ok: false, complaint: complaint() };
  } finally {
    clearTimeout(timer);
  }
}

function closed(child: ReturnType<typeof spawn>, program: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new DriftlessError('PrerequisiteMissing', `${program}: cannot be run; install it again`, { cause })),
    );
    child.once('close', resolve);
  });
}

/** Keeps what a stream says, up to a limit; what comes after it is read and dropped. */
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

/** The child leads a process group of its own, which what it starts belongs to as well. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}
