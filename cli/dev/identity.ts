// In: a state folder. Out: the identity of the deployer that works on it, the same after each restart.
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The identity that was named, or that the folder keeps; otherwise a new one. It is kept for the next start. */
export async function identityIn(stateDir: string, named: string | undefined): Promise<string> {
  const path = join(stateDir, 'deployer');
  const kept = await readFile(path, 'utf8').catch(() => '');
  const identity = named ?? (kept.trim() || `dev-${randomBytes(6).toString('hex')}`);
  if (identity !== kept.trim()) await writeFile(path, `${identity}\n`, { mode: 0o600 });
  return identity;
}
