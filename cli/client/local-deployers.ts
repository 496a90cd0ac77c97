// Deployers on this machine, as files in the user's state folder: written by `dev` and `demo`, read by the verbs that query a deployer.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { DriftlessError } from '../../lib/errors.ts';
import { DEFAULT_URL } from './deployer-address.ts';

const LocalDeployer = z.object({ url: z.url(), pid: z.int().positive() });

type Environment = Readonly<Record<string, string | undefined>>;

/** Writes where a deployer of this process answers, for its owner only; gives what removes that again. */
export async function announceDeployer(url: string, env: Environment = process.env): Promise<() => Promise<void>> {
  const folder = stateFolder(env);
  const file = join(folder, `${new URL(url).port}.json`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify({ url, pid: process.pid })}\n`, { mode: 0o600 });
  return () => rm(file, { force: true });
}

/** The address of the deployer on this machine; the default one where none has announced itself. Throws UsageInvalid where there are several. */
export function localDeployer(env: Environment = process.env): string {
  const urls = announced(stateFolder(env));
  const [first = DEFAULT_URL, ...others] = urls;
  if (others.length === 0 || urls.includes(DEFAULT_URL)) return urls.includes(DEFAULT_URL) ? DEFAULT_URL : first;
  throw new DriftlessError(
    'UsageInvalid',
    `several deployers run on this machine (${urls.join(', ')}); select one with --url`,
  );
}

/** By the rules of the XDG base directories. */
function stateFolder(env: Environment): string {
  const configured = env['XDG_STATE_HOME'] ?? '';
  const home = env['HOME'] ?? homedir();
  return join(isAbsolute(configured) ? configured : join(home, '.local', 'state'), 'driftless');
}

function announced(folder: string): readonly string[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const { data } = LocalDeployer.safeParse(contentOf(join(folder, name)));
      // A deployer that was killed has left its file.
      return data !== undefined && isRunning(data.pid) ? [data.url] : [];
    });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
