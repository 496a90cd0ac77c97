// In: two commits of a repository, the deployed one and the head. Out: how many commits are between them, with the newest of them. One request, which brings
// commits alone. May go wrong: what a fetch does. Where the server cannot leave out folders and files, the answer is undefined: it would send all of them.
import type { Distance } from '../model/head.ts';
import type { GitLimits } from './limits.ts';
import { type CommitObject, readCommit } from './protocol/commit-object.ts';
import { fetchCommits, type Objects } from './protocol/fetch.ts';
import type { Remote } from './transport/remote.ts';

/** So many generations are looked at. */
const DEPTH = 100;

/** So many commits are named. */
const NAMED = 5;

/** Counts the commits that `to` has and `from` has not. */
export async function distanceBetween(
  remote: Remote,
  limits: GitLimits,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<Distance | undefined> {
  if (from === to) return { from, count: 0, commits: [] };
  const objects = await fetchCommits(remote, limits, { want: to, have: from, depth: DEPTH });
  return objects && distanceIn(objects, { from, to });
}

type Listed = CommitObject & { readonly revision: string };

function distanceIn(objects: Objects, { from, to }: { readonly from: string; readonly to: string }): Distance {
  const commits: Listed[] = [];
  for (const [revision, { type, bytes }] of objects) {
    if (type === 'commit' && revision !== from) commits.push({ revision, ...readCommit(bytes) });
  }
  // The server sends what `to` has and `from` has not, so each way from `to` to `from` ends in a commit whose parent is `from`.
  const isAncestor = commits.some(({ parents }) => parents.includes(from));
  const isMore = commits.length > DEPTH || (commits.length === DEPTH && !isAncestor);
  return {
    from,
    count: Math.min(commits.length, DEPTH),
    ...(isMore && { isMore: true as const }),
    ...(!isAncestor && !isMore && { diverged: true as const }),
    commits: commits
      .toSorted((a, b) => byTime(a, b, to))
      .slice(0, NAMED)
      .map(({ revision, commit }) => ({ revision, ...commit })),
  };
}

/** The head first, then the newest. */
function byTime(a: Listed, b: Listed, head: string): number {
  if (a.revision === head) return -1;
  if (b.revision === head) return 1;
  return Date.parse(b.commit.at) - Date.parse(a.commit.at);
}
