import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The token of the local API, in the state folder and for its owner only; made once, so that it outlives a restart. */
export async function apiToken(stateDir: string): Promise<string> {
  const file = join(stateDir, 'token');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[0-9a-f]{64}$/.test(known)) return known;
  const token = randomBytes(32).toString('hex');
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  return token;
}
