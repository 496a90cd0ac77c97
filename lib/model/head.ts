import type { Commit } from './commit.ts';

/** A commit that Git has and that is not deployed. */
type AheadCommit = Commit & { readonly revision: string };

/** How far the head of a ref is ahead of what is deployed. */
export type Distance = {
  /** The deployed commit that it is counted from. */
  readonly from: string;
  readonly count: number;
  /** Whether there are more than `count`. */
  readonly isMore?: true;
  /** Whether the deployed commit is no ancestor of the head, as after a forced push. */
  readonly diverged?: true;
  /** The newest of them, newest first, at most five. */
  readonly commits: readonly AheadCommit[];
};

/** What is known of the newest commit of an application's ref; written only when something of it changes. Times are ISO 8601. */
export type KnownHead = {
  /** Absent where it was never known. */
  readonly revision?: string;
  /** Since when it is known. */
  readonly since: string;
  /** Whether the application's inputs differ there from those that are deployed. */
  readonly isChanged: boolean;
  readonly ahead?: Distance;
  /** Why Git does not say which commit it is now: a branch, a repository or a credential that is gone. */
  readonly problem?: { readonly code: string; readonly message: string; readonly since: string };
};
