// A verb that goes on, as a process: what it says is waited for, and who is left of it is looked for.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { MAIN } from '../cli/driftless.ts';

export type CliProcess = {
  /** The first line on either stream that matches and was not given before; fails when the process ends without it. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Everything that was said so far. */
  readonly said: readonly string[];
  /** Command lines of all processes that it has started and that still run, its own included. */
  family(): readonly string[];
  /** Resolves when none of them runs; one that is killed is survived by its children for a moment. */
  gone(): Promise<void>;
  end(signal: NodeJS.Signals): Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly ended: Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }>;
};

/** How long a line is waited for, on a machine that has other work. */
const PATIENCE_MS = 50_000;
const POLL_MS = 20;

/** Starts a verb; its children are known by a mark in the environment that they inherit. */
export function startCli(
  args: readonly string[],
  {
    cwd,
    env = {},
    program = MAIN,
  }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>>; readonly program?: string },
): CliProcess {
  const mark = `DRIFTLESS_TEST_MARK=${randomUUID()}`;
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env, DRIFTLESS_TEST_MARK: mark.split('=')[1] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  const news = (deadline: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, deadline - performance.now() + 1);
      waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  let over = false;
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      said.push(line);
      wake();
    });
  }
  const ended = once(child, 'close').then(([exitCode, signal]) => {
    over = true;
    wake();
    return { exitCode, signal };
  });
  const taken = new Set<number>();
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    for (const [index, line] of said.entries()) {
      const found = taken.has(index) ? null : pattern.exec(line);
      if (found === null) continue;
      taken.add(index);
      return found;
    }
    return undefined;
  };
  return {
    said,
    ended,
    family: () => processesWith(mark),
    async gone() {
      const deadline = performance.now() + PATIENCE_MS;
      while (processesWith(mark).length > 0) {
        if (performance.now() > deadline) throw new Error(`still runs: ${processesWith(mark).join('; ')}`);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
    async line(pattern) {
      const deadline = performance.now() + PATIENCE_MS;
      let found = take(pattern);
      while (found === undefined) {
        if (over || performance.now() > deadline)
          throw new Error(`${over ? 'ended' : 'went on'} without saying ${pattern}; it said:\n${said.join('\n')}`);
        await news(deadline);
        found = take(pattern);
      }
      return found;
    },
  };
}

function processesWith(mark: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && fileOf(name, 'environ').includes(mark))
    .map((name) => fileOf(name, 'cmdline').join(' ').trim())
    .filter((command) => command !== '');
}

/** A process may end while it is looked at; one that has ended and was not waited for yet has no environment. */
function fileOf(pid: string, name: 'environ' | 'cmdline'): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
