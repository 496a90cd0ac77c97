/** How delays grow, and how much of a delay is random. First and longest delay have the same unit, which is that of the result. */
export type Backoff = {
  readonly first: number;
  readonly longest: number;
  /** `full`: any part of the delay; `equal`: at least half of it. See https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
  readonly jitter: 'full' | 'equal';
};

/**
 * The delay before the attempt that follows the `failures`-th failure, doubled with each of them; jitter keeps callers that failed together from
 * returning together. `atLeast` is a delay that a server has requested.
 */
export function backoffDelay(failures: number, { first, longest, jitter }: Backoff, atLeast = 0): number {
  const whole = Math.min(longest, first * 2 ** (failures - 1));
  const [fixed, random] = jitter === 'full' ? [0, whole] : [whole / 2, whole / 2];
  return Math.max(atLeast, fixed) + Math.random() * random;
}
