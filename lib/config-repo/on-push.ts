// In: a verified push. Out: the result for the configuration, where the push was to its branch; a failure is a value, so that applications of the same
// repository are served.
import { formatProblem } from '../config/problem.ts';
import { asDriftlessError, type DriftlessError } from '../errors.ts';
import type { ConfigSource } from '../model/configuration-record.ts';
import type { PushEvent } from '../model/push-event.ts';
import { normalizeRepoUrl } from '../model/repo-url.ts';
import type { Log } from '../ports/runtime.ts';
import { errorBody } from '../webhook/error-reply.ts';
import { refMatches } from '../webhook/ref-matches.ts';
import type { FollowOutcome } from './follow.ts';

/** Follows the configuration for the webhook edge: at once, or by invoking the function that does (`asked`). */
export type ConfigFollower = {
  readonly source: Pick<ConfigSource, 'repo' | 'ref'>;
  follow(): Promise<FollowOutcome | { readonly status: 'asked' }>;
};

/** The part of the reply to a delivery that is about the configuration. */
export type ConfigReply = {
  readonly status: FollowOutcome['status'] | 'asked';
  readonly revision?: string;
  readonly problems?: readonly string[];
  readonly error?: ReturnType<typeof errorBody>['error'];
  /** Whether sending the delivery again may help. */
  readonly retry?: boolean;
};

/** Problems that fit into a reply. */
const MAX_PROBLEMS = 20;

/** Follows the configuration where the push was to its branch; returns undefined for any other push. */
export async function followConfigOnPush(
  event: PushEvent,
  config: ConfigFollower | undefined,
  log: Log,
): Promise<ConfigReply | undefined> {
  if (config === undefined || !concerns(config, event)) return undefined;
  try {
    return replyOf(await config.follow());
  } catch (thrown) {
    const error = asDriftlessError(thrown);
    log.error('could not follow the configuration', { code: error.code, reason: error.message });
    return failed(error);
  }
}

function concerns({ source: { repo, ref } }: ConfigFollower, event: PushEvent): boolean {
  const key = normalizeRepoUrl(repo);
  return key !== undefined && event.repos.includes(key) && refMatches(ref, event);
}

function replyOf(outcome: Awaited<ReturnType<ConfigFollower['follow']>>): ConfigReply {
  if (outcome.status === 'failed') return failed(outcome.error);
  if (outcome.status === 'asked' || outcome.status === 'busy') return { status: outcome.status };
  const { status, revision } = outcome;
  if (outcome.status !== 'invalid') return { status, revision };
  return { status, revision, problems: outcome.problems.slice(0, MAX_PROBLEMS).map(formatProblem) };
}

function failed(error: DriftlessError): ConfigReply {
  return { status: 'failed', ...errorBody(error), retry: error.retry };
}
