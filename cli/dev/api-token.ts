import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The token of the local API, in the state folder and for its owner only; made once, so that it outlives a restart. */
export async function apiToken(stateDir: string): Promise<string> {
  const file = join(stateDir, 'token');
  const known = await privateText(file);
  if (/^[0-9a-f]{64}$/.test(known)) return known;
  const token = randomBytes(32).toString('hex');
  await rm(file, { force: true });
  await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}

/** What only its owner can read. A file that came with a repository, or that others can read, is no secret. */
async function privateText(file: string): Promise<string> {
  try {
    const { mode } = await stat(file);
    return (mode & 0o077) === 0 ? (await readFile(file, 'utf8')).trim() : '';
  } catch {
    return '';
  }
}
