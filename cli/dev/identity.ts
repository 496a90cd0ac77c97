// In: a state folder. Out: the identity of the deployer that works on it, the same after each restart.
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The identity, and whether it was made now. */
export type KeptIdentity = { readonly identity: string; readonly isNew: boolean };

/** The identity that was named, or that the folder keeps; otherwise a new one. It is kept for the next start. */
export async function identityIn(stateDir: string, named: string | undefined): Promise<KeptIdentity> {
  const path = join(stateDir, 'deployer');
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  const identity = named ?? (kept || `dev-${randomBytes(6).toString('hex')}`);
  if (identity !== kept) await writeFile(path, `${identity}\n`, { mode: 0o600 });
  return { identity, isNew: named === undefined && kept === '' };
}

/** What a cluster that outlives the deployer may hold of an older one. */
export function newIdentityNotice(identity: string): string {
  return `deployer "${identity}" is new: what another deployer made in this cluster is refused until: driftless adopt APP --from OTHER`;
}
