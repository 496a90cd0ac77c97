import { createHash } from 'node:crypto';

export type GitObjectType = 'commit' | 'tree' | 'blob' | 'tag';

/** An object as Git stores it, without its header. */
export type GitObject = { readonly type: GitObjectType; readonly bytes: Buffer };

/** Proves an object: its id is the SHA-1 of what it is and holds. */
export function oidOf({ type, bytes }: GitObject): string {
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

/** Tells whether a text is a full SHA-1 object id, in lower case. */
export function isOid(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}
