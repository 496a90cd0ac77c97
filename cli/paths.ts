import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

/** A path as the user means it. */
export function userPath(path: string): string {
  return resolve(userFolder(), path);
}

/** A path for messages: relative to the user's folder where it is below it. */
export function shownPath(path: string): string {
  const shown = relative(userFolder(), path);
  if (shown === '') return '.';
  return shown === '..' || shown.startsWith('../') ? path : shown;
}

/** npm runs scripts in the project's folder, and tells where it was called from. */
function userFolder(): string {
  const cwd = process.cwd();
  return resolve(cwd) === resolve(PROJECT) ? (process.env['INIT_CWD'] ?? cwd) : cwd;
}
