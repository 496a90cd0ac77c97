// In: a folder on disk. Out: its current content as if it were a commit, read by the rules of a commit, so that `render` and `plan` use what a
// deployment would use. May go wrong: errors of selecting files.
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DriftlessError } from '../../errors.ts';
import type { FileTree } from '../../model/source-tree.ts';
import type { GitSnapshot } from '../../ports/git.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { tooLarge } from '../too-large.ts';
import { nameProblem } from './entry-name.ts';
import { selectFiles } from './select-files.ts';
import type { Tree, TreeEntry } from './tree.ts';

/** Never committed; `.git` at the root is the repository itself. */
const OMITTED = new Set(['.git', 'node_modules']);

/** Opens a folder as the root of a repository; ids of objects are their paths on disk. */
export function openWorkingTree(root: string): GitSnapshot {
  const source = {
    folders: { root: { kind: 'tree', oid: root } as const, tree: readFolder },
    // A file's bytes are not read before it is selected.
    blob: (oid: string) => (lstatSync(oid).isSymbolicLink() ? Buffer.from(readlinkSync(oid)) : Buffer.alloc(0)),
  };
  return {
    revision: 'the working tree',
    oid: (path) => (existsSync(join(root, path)) ? createHash('sha1').update(path).digest('hex') : undefined),
    checkout: async (paths) =>
      readable(() => readFiles(root, selectFiles(source, paths, { subject: root, limits: DEFAULT_LIMITS }).files)),
  };
}

function readFiles(root: string, files: ReadonlyMap<string, string>): FileTree {
  const tree = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const [path, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    bytes += statSync(file).size;
    const limit = DEFAULT_LIMITS.checkoutBytes;
    if (bytes > limit) throw tooLarge(root, 'checkoutBytes', { actual: bytes, limit });
    tree.set(path, readFileSync(file));
  }
  return tree;
}

/** A file that the user may not read cannot be part of a commit. */
function readable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EACCES' && 'path' in error)) throw error;
    throw new DriftlessError('SourceRefused', `${error.path}: you may not read it; change its mode or remove it`);
  }
}

function readFolder(folder: string): Tree {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !OMITTED.has(name));
  return new Map(
    entries.flatMap((entry): [string, TreeEntry][] => {
      const oid = join(folder, entry.name);
      const kind = kindOf(entry, oid);
      const problem = nameProblem(entry.name);
      return kind === undefined ? [] : [[entry.name, { kind, oid, ...(problem !== undefined && { problem }) }]];
    }),
  );
}

/** A folder with a repository of its own would be committed as a submodule; sockets and the like are not committed. */
function kindOf(
  entry: { isDirectory(): boolean; isFile(): boolean; isSymbolicLink(): boolean },
  path: string,
): TreeEntry['kind'] | undefined {
  if (entry.isDirectory()) return existsSync(join(path, '.git')) ? 'submodule' : 'tree';
  if (entry.isSymbolicLink()) return 'link';
  return entry.isFile() ? 'file' : undefined;
}
