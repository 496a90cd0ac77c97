// Git servers. Every method may throw a DriftlessError with blame `git`.
import type { FileTree } from '../model/source-tree.ts';

/** One commit, opened: its folders are known, its files are fetched when they are checked out. */
export interface GitSnapshot {
  readonly revision: string;
  /** Git object id of a file or folder, its content key; undefined where the path does not exist. '' is the root. */
  oid(path: string): string | undefined;
  /** All files at or below the paths, keyed from the repository's root; links followed; blobs are fetched in one request. */
  checkout(paths: readonly string[]): Promise<FileTree>;
}

export interface Git {
  /** The commit that a ref names on the server now. */
  resolve(repo: string, ref: string): Promise<string>;
  open(repo: string, revision: string): Promise<GitSnapshot>;
}
