/** How often a step is tried in all while it fails with an error that is worth it. */
export const MAX_ATTEMPTS = 6;

/** AWS allows 3,000 durable runs (steps, waits, runs of a poll) in one execution; polls stop here, so that steps can still end it. */
export const MAX_RUNS = 2_500;

/** Seconds before the next attempt: 1, 2, 4, 8, 16 at most, and at least the half of it, so that many operations do not come back at once. */
export function backoffSeconds(attempts: number): number {
  return wholeSeconds(2 ** (attempts - 1) * (0.5 + Math.random() / 2));
}

/**
 * Seconds before the next run of a poll: what it asks for, but not below one percent of what it has waited. So an hour takes at most 520
 * runs, a day 840, a year 1,440, and nothing is seen later than by one percent.
 */
export function widened(seconds: number, waitedSeconds: number): number {
  return Math.max(wholeSeconds(seconds), Math.floor(waitedSeconds / 100));
}

/** AWS waits for whole seconds, at least one. */
export function wholeSeconds(seconds: number): number {
  return Math.max(1, Math.ceil(seconds));
}
