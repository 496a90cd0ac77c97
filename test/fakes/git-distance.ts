import type { Distance } from '../../lib/model/head.ts';
import { A_COMMIT } from '../lib/render/fixture.ts';

/** The commits after another one, as a Git server counts them. */
export function distanceIn(
  commits: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): Distance {
  const ahead = commits.slice(commits.indexOf(from) + 1, commits.indexOf(to) + 1).toReversed();
  const isDiverged = commits.indexOf(from) > commits.indexOf(to) || !commits.includes(from);
  return {
    from,
    count: ahead.length,
    ...(isDiverged && { diverged: true as const }),
    commits: ahead.slice(0, 5).map((revision) => ({ revision, ...A_COMMIT })),
  };
}
