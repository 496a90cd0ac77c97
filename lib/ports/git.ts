// Git servers. Every method may throw a DriftlessError with blame `git`.
import type { Commit } from '../model/commit.ts';
import type { Distance } from '../model/head.ts';
import type { FileTree } from '../model/source-tree.ts';

/** One commit, opened: its folders are known, its files are fetched when they are checked out. */
export interface GitSnapshot {
  readonly revision: string;
  /** What the commit says of itself; absent for files that are no commit. */
  readonly commit?: Commit;
  /** Git object id of a file or folder, its content key; undefined where the path does not exist. '' is the root. */
  oid(path: string): string | undefined;
  /** All files at or below the paths, keyed from the repository's root; links followed; blobs are fetched in one request. */
  checkout(paths: readonly string[]): Promise<FileTree>;
}

/** Judges every address before it is connected to: that of a repository, and those that its server redirects to. */
export type Permit = {
  /** Equal keys judge alike. */
  readonly key: string;
  /** Why the address of a repository is not permitted; undefined where it is. */
  problem(repo: string): string | undefined;
};

/** Without a permit every address is permitted. Nothing that one permit has led to is given to a caller with another. */
export interface Git {
  /** The commit that a ref names on the server now. */
  resolve(repo: string, ref: string, permit?: Permit): Promise<string>;
  open(repo: string, revision: string, permit?: Permit): Promise<GitSnapshot>;
}

/** The history of a repository. */
export interface GitLog {
  /** The commits that `to` has and `from` has not; undefined where the server cannot tell without sending everything. */
  distance(repo: string, between: Between, permit?: Permit): Promise<Distance | undefined>;
}

/** Two commits of one repository. */
type Between = { readonly from: string; readonly to: string };
