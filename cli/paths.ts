import { resolve } from 'node:path';

/** A path as the user means it: npm runs scripts in the project's folder, and tells where it was called from. */
export function userPath(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? process.cwd(), path);
}
