import type { Clock } from '../../lib/ports/runtime.ts';
import { systemClock } from '../../lib/runtime/system-clock.ts';

/** A clock that goes faster than the machine's, for what waits long: retries, pauses, grace. */
export function hurriedClock(times: number): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * times,
    monotonic: () => performance.now() * times,
    sleep: (ms, signal) => systemClock.sleep(ms / times, signal),
  };
}
