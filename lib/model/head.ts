import type { Commit } from './commit.ts';
import type { EventDraft } from './event.ts';
import type { OutcomeStatus } from './operation.ts';

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
  readonly problem?: SourceProblem;
};

/** Why Git gives no answer, and since when. */
export type SourceProblem = {
  readonly code: string;
  readonly message: string;
  readonly since: string;
  /** Whether it is not only for a moment, so that nothing is known of the head. */
  readonly isLost?: true;
};

/** What is known of the newest commit, and what was known before. */
export type HeadChange = {
  readonly head: KnownHead;
  readonly over: KnownHead | undefined;
  readonly events?: readonly EventDraft[];
};

/** The head as an operation has found it. */
export type SeenHead = { readonly revision: string; readonly at: string };

type Ended = {
  /** The deployed commit before and after the operation. */
  readonly before: string | undefined;
  readonly deployed: string | undefined;
  /** Absent for an operation that does not follow the ref. */
  readonly seen?: SeenHead | undefined;
};

/** What is known of the head after an operation has ended, which may have been asked for a newer one meanwhile; the sweep looks closer. */
export function headAfterEnd(known: KnownHead | undefined, { before, deployed, seen }: Ended): KnownHead | undefined {
  const found = seen === undefined || (known !== undefined && isNewer(known, seen)) ? known : asSeen(known, seen);
  if (found === undefined) return undefined;
  const { ahead, isChanged: wasChanged, ...rest } = found;
  const isSame = found.revision === known?.revision && deployed === before;
  const isChanged = found.revision !== deployed && (isSame ? wasChanged : true);
  return { ...rest, isChanged, ...(isChanged && ahead?.from === deployed && { ahead }) };
}

function isNewer({ revision, since }: KnownHead, seen: SeenHead): boolean {
  return revision !== undefined && since > seen.at;
}

/** Git has answered, so the source is there. */
function asSeen(known: KnownHead | undefined, { revision, at }: SeenHead): KnownHead {
  if (known?.revision !== revision) return { revision, since: at, isChanged: true };
  const { problem: _, ...same } = known;
  return same;
}

/** Whether Git has something that is not deployed, or no longer says what it has. */
export type Standing = 'ahead' | 'lost';

type Refusal = { readonly revision?: string; readonly hasWrittenNothing?: true };

type Standings = {
  readonly head?: KnownHead | undefined;
  readonly failure?: Refusal | undefined;
  readonly lastSync?: { readonly specHash: string } | undefined;
  readonly specHash?: string | undefined;
};

/** How an application stands to the head; undefined where it has it, as far as is known. Before anything is recorded of the head, the end of the newest operation says it. */
export function standingOf(
  { head, failure, lastSync, specHash }: Standings,
  ended: OutcomeStatus | undefined,
): Standing | undefined {
  if (head?.problem?.isLost) return 'lost';
  const isTold = head === undefined && (ended === 'rolledBack' || ended === 'refused');
  const isFailing = failure !== undefined && !(head !== undefined && isOver(failure, head));
  const isReconfigured = lastSync !== undefined && lastSync.specHash !== specHash;
  return head?.isChanged || isFailing || isReconfigured || isTold ? 'ahead' : undefined;
}

/** Whether Git has taken back what was refused, so that the cluster has what Git has. */
function isOver({ revision, hasWrittenNothing }: Refusal, head: KnownHead): boolean {
  return hasWrittenNothing === true && !head.isChanged && revision !== undefined && revision !== head.revision;
}
