// Deployers on this machine, as files in the user's state folder: written by `dev` and `demo`, read by the verbs that query a deployer.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { isRunning } from '../../lib/async/is-running.ts';
import { DriftlessError } from '../../lib/errors.ts';
import { DEFAULT_URL } from './deployer-address.ts';

const LocalDeployer = z.object({ url: z.url(), pid: z.int().positive(), token: z.string() });

type Announced = z.infer<typeof LocalDeployer>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Writes where a deployer of this process answers, and its token, for its owner only; gives what removes that again. */
export async function announceDeployer(
  { url, token }: Pick<Announced, 'url' | 'token'>,
  env: Environment = process.env,
): Promise<() => Promise<void>> {
  const folder = stateFolder(env);
  const file = join(folder, `${new URL(url).port}.json`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify({ url, pid: process.pid, token })}\n`, { mode: 0o600 });
  return () => rm(file, { force: true });
}

/** The address of the deployer on this machine; the default one where none has announced itself. Throws UsageInvalid where there are several. */
export function localDeployer(env: Environment = process.env): string {
  const urls = announced(stateFolder(env)).map(({ url }) => url);
  const [first = DEFAULT_URL, ...others] = urls;
  if (others.length === 0 || urls.includes(DEFAULT_URL)) return urls.includes(DEFAULT_URL) ? DEFAULT_URL : first;
  throw new DriftlessError(
    'UsageInvalid',
    `several deployers run on this machine (${urls.join(', ')}); select one with --url`,
  );
}

/** The token of the deployer at an address: that of the environment, or what it has announced; undefined where neither is known. */
export function tokenOf(url: string, env: Environment = process.env): string | undefined {
  const given = env['DRIFTLESS_TOKEN']?.trim();
  if (given) return given;
  const { hostname, port } = new URL(url);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost') return undefined;
  return announced(stateFolder(env)).find((one) => new URL(one.url).port === port)?.token;
}

/** By the rules of the XDG base directories. */
function stateFolder(env: Environment): string {
  const configured = env['XDG_STATE_HOME'] ?? '';
  const home = env['HOME'] ?? homedir();
  return join(isAbsolute(configured) ? configured : join(home, '.local', 'state'), 'driftless');
}

function announced(folder: string): readonly Announced[] {
  return namesIn(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const { data } = LocalDeployer.safeParse(contentOf(join(folder, name)));
      // A deployer that was killed has left its file.
      return data !== undefined && isRunning(data.pid) ? [data] : [];
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
