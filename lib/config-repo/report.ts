// In: the result of reading the configuration's repository. Out: a report in the table and a log line, both only where the result has changed.

import { formatProblem } from '../config/problem.ts';
import { type ConfigReport, type ConfigSource, MAX_REPORTED_PROBLEMS } from '../model/configuration-record.ts';
import { stableHash } from '../model/stable-hash.ts';
import type { Clock, Log } from '../ports/runtime.ts';
import type { ConfigStore } from '../ports/store.ts';
import type { ReadResult } from './read.ts';

type ReportPorts = { readonly config: ConfigStore; readonly clock: Pick<Clock, 'now'>; readonly log: Log };
type Before = { readonly source: ConfigSource; readonly before: ConfigReport | undefined };

/** Reports the result of a reading. */
export async function reportConfig(
  reading: ReadResult,
  { source: { repo, ref, path }, before }: Before,
  { config, clock, log }: ReportPorts,
): Promise<void> {
  const found = { ...findingsOf(reading), source: { repo, ref, path } };
  if (before !== undefined && stableHash({ ...found, since: before.since }) === stableHash(before)) return;
  const isSame = before?.status === found.status;
  const since = isSame ? before.since : new Date(clock.now()).toISOString();
  await config.putReport({ ...found, since });
  const fields = { repo, ref, path, revision: reading.revision };
  if (reading.status === 'invalid') {
    const problems = found.problems.map(formatProblem).join('\n');
    log.error('configuration is invalid, so nothing was changed', { ...fields, count: found.count, problems });
  }
  if (reading.status === 'failed') {
    const { code, message } = reading.error;
    log.error('configuration cannot be followed, so nothing was changed', { ...fields, code, reason: message });
  }
}

function findingsOf(reading: ReadResult): Omit<ConfigReport, 'source' | 'since'> {
  const revision = reading.revision === undefined ? {} : { revision: reading.revision };
  if (reading.status === 'failed') {
    const { code, message, hint } = reading.error;
    return { status: 'failed', ...revision, problems: [], count: 0, error: { code, message, hint } };
  }
  if (reading.status !== 'invalid') return { status: 'followed', ...revision, problems: [], count: 0 };
  const { problems } = reading;
  return {
    status: 'invalid',
    ...revision,
    problems: problems.slice(0, MAX_REPORTED_PROBLEMS),
    count: problems.length,
  };
}
