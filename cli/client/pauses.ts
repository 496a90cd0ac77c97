/** Milliseconds between two requests for the same, at first and at most: a deployer on AWS should not be polled often. */
export const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;

/** The pause after one of so many milliseconds. */
export function nextPause(pauseMs: number): number {
  return Math.min(pauseMs * 1.25, LONGEST_PAUSE_MS);
}
