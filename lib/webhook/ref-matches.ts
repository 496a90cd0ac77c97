import type { PushEvent } from '../model/push-event.ts';

/**
 * Whether a push concerns an application that follows `wanted`: a branch, a tag, a full ref name, or HEAD (or nothing) for the default branch.
 * A commit id never moves. Where the payload omits the default branch, every branch counts as it; a superfluous operation is harmless.
 */
export function refMatches(wanted: string, { ref, defaultBranch }: Pick<PushEvent, 'ref' | 'defaultBranch'>): boolean {
  if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(wanted)) return false;
  if (wanted.startsWith('refs/')) return ref === wanted;
  if (wanted !== '' && wanted !== 'HEAD') return ref === `refs/heads/${wanted}` || ref === `refs/tags/${wanted}`;
  return defaultBranch === undefined ? ref.startsWith('refs/heads/') : ref === `refs/heads/${defaultBranch}`;
}
