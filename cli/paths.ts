import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of Driftless: a checkout, or the installed package. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** A path as the user means it. */
export function userPath(path: string): string {
  return resolve(userFolder(), path);
}

/** npm runs scripts in the project's folder, and tells where it was called from. */
function userFolder(): string {
  const cwd = process.cwd();
  return resolve(cwd) === resolve(PROJECT) ? (process.env['INIT_CWD'] ?? cwd) : cwd;
}
