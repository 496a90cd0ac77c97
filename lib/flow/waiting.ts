import { type Backoff, backoffDelay } from '../async/backoff.ts';

/** Attempts of a step, the first included, while it fails with an error that is worth a retry. */
export const MAX_ATTEMPTS = 6;

/** AWS allows 3,000 durable runs (steps, waits, runs of a poll) in one execution; polls stop here, so that steps can still finish it. */
export const MAX_RUNS = 2_500;

const BACKOFF_SECONDS: Backoff = { first: 1, longest: 16, jitter: 'equal' };

/** Whole seconds before the next attempt: at most 1, 2, 4, 8, 16. */
export function backoffSeconds(attempts: number): number {
  return wholeSeconds(backoffDelay(attempts, BACKOFF_SECONDS));
}

/**
 * Seconds before the next run of a poll: the requested ones, but at least one percent of the time waited so far. An hour takes at most 520
 * runs, a day 840, a year 1,440, and a change is noticed at most one percent later.
 */
export function widened(seconds: number, waitedSeconds: number): number {
  return Math.max(wholeSeconds(seconds), Math.floor(waitedSeconds / 100));
}

/** AWS waits for whole seconds, at least one. */
export function wholeSeconds(seconds: number): number {
  return Math.max(1, Math.ceil(seconds));
}
