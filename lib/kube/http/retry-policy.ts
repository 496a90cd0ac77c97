import type { Clock } from '../../ports/runtime.ts';
import { isTransient, type OpenReply } from '../response/api-response.ts';
import { isPassing } from './network-errors.ts';

/** What one send came to. */
export type Tried = { readonly reply: OpenReply } | { readonly fault: unknown };

/** A pause of all requests, after one was told that there are too many. */
export type Pause = { over(): Promise<void>; extend(ms: number): void };

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
const UNKNOWN_DELAY_MS = 1_000;

/** Milliseconds until a request may be sent again, with a chance in it; undefined where that would not help. */
export function delayBeforeNext(tried: Tried, sends: number): number | undefined {
  const again = 'reply' in tried ? isTransient(tried.reply, sends) : isPassing(tried.fault);
  if (!again) return undefined;
  const growing = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (sends - 1));
  const asked = 'reply' in tried ? (tried.reply.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.max(asked, growing / 2) + (Math.random() * growing) / 2;
}

/** Opens a pause that has ended. */
export function createPause(clock: Clock): Pause {
  let until = Number.NEGATIVE_INFINITY;
  return {
    async over() {
      while (clock.monotonic() < until) await clock.sleep(until - clock.monotonic() + Math.random() * FIRST_DELAY_MS);
    },
    extend(ms) {
      until = Math.max(until, clock.monotonic() + ms);
    },
  };
}

/**
 * Milliseconds until a 401 is worth another try, within a while after the first: access entries of EKS reach its API servers some seconds after
 * they were made. Undefined where the server knows us, or the while is over.
 */
export function createGrace(clock: Clock, graceMs: number): (tried: Tried) => number | undefined {
  let since: number | undefined;
  return (tried) => {
    if (!('reply' in tried)) return undefined;
    if (tried.reply.status !== 401) {
      since = undefined;
      return undefined;
    }
    since ??= clock.monotonic();
    return clock.monotonic() - since < graceMs ? UNKNOWN_DELAY_MS : undefined;
  };
}
