// The text form of the configuration that a deployer follows.
import { formatProblem } from '../../../lib/config/problem.ts';
import type { ConfigReport } from '../../../lib/model/configuration-record.ts';
import { ago, shortRevision } from '../../text/table.ts';

const MOST_PROBLEMS = 10;

/** Why the newest configuration is not in effect, below an empty line; nothing where it is. */
export function formatConfiguration(report: ConfigReport | undefined, now: number): readonly string[] {
  if (report === undefined || report.status === 'followed') return [];
  const { revision, since, count, error } = report;
  const commit = revision === undefined ? '' : ` ${shortRevision(revision)}`;
  const what = error === undefined ? countOf(count) : `${error.code}: ${error.message}`;
  const problems = report.problems.slice(0, MOST_PROBLEMS).map((problem) => `  ${formatProblem(problem)}`);
  const more = count - problems.length;
  return [
    '',
    `configuration${commit} has been refused for ${ago(since, now)}, ${what}; the previous configuration stays in effect`,
    ...problems,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function countOf(count: number): string {
  return count === 1 ? '1 problem' : `${count} problems`;
}
