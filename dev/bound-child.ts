import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A running program that ends with this process, however this process ends. */
export type BoundChild = {
  /** Resolves when the program has ended, with the last that it printed. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
};

type Shell = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A shell that runs a program until the program ends, or until the shell's standard input does: the kernel closes that pipe with the
 * process that holds its other end, also when it is killed. Who terminates the shell terminates the program, which can write first what it has in memory.
 * The watcher is killed rather than terminated: one that has just been forked still has the shell's trap, and would lose the signal.
 */
const UNTIL_INPUT_ENDS = `exec 3<&0; "$@" 3<&- </dev/null & program=$!; trap 'kill $program' TERM
{ read -r _ <&3; kill -9 $program; } >/dev/null 2>&1 & watcher=$!; exec 3<&-
wait $program; wait $program; kill -9 $watcher 2>/dev/null; wait $watcher 2>/dev/null`;

/** A program that does not end by itself so long after it was asked to is killed. */
const PATIENCE_MS = 5_000;

const KEPT_OUTPUT = 4_000;

/** Starts a program without input, in a session of its own, so that Ctrl-C does not end it before its parent is done with it. */
export function spawnBound(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): BoundChild {
  const shell = spawn('/bin/sh', ['-c', UNTIL_INPUT_ENDS, 'sh', command, ...args], {
    ...options,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const ended = endOf(shell);
  return {
    ended,
    stop: async () => {
      shell.kill('SIGTERM');
      const patience = setTimeout(() => shell.stdin.end(), PATIENCE_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}

function endOf(shell: Shell): Promise<string> {
  let output = '';
  const keep = (text: string) => {
    output = (output + text).slice(-KEPT_OUTPUT);
  };
  shell.stdout.setEncoding('utf8').on('data', keep);
  shell.stderr.setEncoding('utf8').on('data', keep);
  shell.stdin.on('error', () => undefined);
  return new Promise((resolve) => {
    shell.on('error', ({ message }) => resolve(message));
    shell.on('close', () => resolve(output.trim()));
  });
}
