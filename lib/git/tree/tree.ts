import { DriftlessError } from '../../errors.ts';
import { nameProblem } from './entry-name.ts';

/** An entry of a folder of a commit. */
export type TreeEntry = {
  readonly kind: 'tree' | 'file' | 'link' | 'submodule';
  readonly oid: string;
  /** Why this name must not be written. */
  readonly problem?: string;
};

/** A folder by the names of its entries, in Git's order. */
export type Tree = ReadonlyMap<string, TreeEntry>;

const KINDS: ReadonlyMap<string, TreeEntry['kind']> = new Map([
  ['40000', 'tree'],
  ['100644', 'file'],
  ['100755', 'file'],
  ['100664', 'file'], // written by the first versions of Git
  ['120000', 'link'],
  ['160000', 'submodule'],
]);
const SPACE = 0x20;
const OID_BYTES = 20;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a tree object; a malformed tree is GitProtocol, an unsafe name is returned with its problem. */
export function parseTree(bytes: Buffer, subject: string): Tree {
  const tree = new Map<string, TreeEntry>();
  for (let offset = 0; offset < bytes.length; ) {
    const space = bytes.indexOf(SPACE, offset);
    const nul = bytes.indexOf(0, space);
    const end = nul + 1 + OID_BYTES;
    const mode = bytes.toString('latin1', offset, Math.max(space, offset));
    const kind = KINDS.get(mode.replace(/^0+/, '')); // some tools pad with zeros
    if (space < 0 || nul < 0 || end > bytes.length || kind === undefined) {
      throw new DriftlessError('GitProtocol', `${subject}: a folder of the commit is malformed (at byte ${offset})`);
    }
    const { name, problem } = readName(bytes.subarray(space + 1, nul));
    const oid = bytes.toString('hex', nul + 1, end);
    const twice = tree.has(name) ? 'exists twice' : undefined;
    const why = problem ?? twice;
    tree.set(name, why === undefined ? { kind, oid } : { kind, oid, problem: why });
    offset = end;
  }
  return tree;
}

function readName(bytes: Buffer): { readonly name: string; readonly problem: string | undefined } {
  try {
    const name = UTF8.decode(bytes);
    return { name, problem: nameProblem(name) };
  } catch {
    return { name: bytes.toString('latin1'), problem: 'is not UTF-8' };
  }
}

/** The id of the root folder of a commit object. */
export function rootOf(commit: Buffer, subject: string): string {
  const match = /^tree ([0-9a-f]{40})\n/.exec(commit.toString('latin1', 0, 46));
  if (match?.[1] === undefined) throw new DriftlessError('GitProtocol', `${subject}: the commit names no tree`);
  return match[1];
}
