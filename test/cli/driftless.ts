// The command line as its users meet it: a process with arguments, a folder, input, output and an exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const PROJECT = dirname(dirname(MAIN));

export type Ended = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };

type Call = { readonly cwd?: string; readonly input?: string; readonly env?: Readonly<Record<string, string>> };

/** Runs a verb to its end. */
export async function driftless(
  args: readonly string[],
  { cwd = PROJECT, input = '', env = {} }: Call = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
  const ended = once(child, 'close');
  child.stdin.on('error', () => undefined).end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await ended;
  return { exitCode, stdout, stderr };
}

/** Does the work in a fresh folder with these files. */
export async function inFolder<T>(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-cli-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a verb in a fresh folder with these files. */
export async function driftlessIn(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
  call: Call = {},
): Promise<Ended> {
  return inFolder(files, (cwd) => driftless(args, { ...call, cwd }));
}
