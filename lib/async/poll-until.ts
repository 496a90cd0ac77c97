import type { Clock } from '../ports/runtime.ts';

type PollOptions = {
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly timeoutMs: number;
  /** Runs between two checks: a sleep, or the wait for an event. */
  readonly pause: () => Promise<unknown>;
};

/** Checks until the result is final or the time is over; returns the last result. */
export async function pollUntil<T>(
  check: () => Promise<T>,
  isFinal: (result: T) => boolean,
  { clock, timeoutMs, pause }: PollOptions,
): Promise<T> {
  const deadline = clock.monotonic() + timeoutMs;
  let result = await check();
  while (!isFinal(result) && clock.monotonic() <= deadline) {
    await pause();
    result = await check();
  }
  return result;
}
