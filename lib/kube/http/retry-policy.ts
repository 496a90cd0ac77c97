import { type Backoff, backoffDelay } from '../../async/backoff.ts';
import type { Clock } from '../../ports/runtime.ts';
import { type ApiResponse, isTransientResponse } from '../response/api-response.ts';
import { isTransientError } from './network-errors.ts';

/** The result of one attempt to send a request. */
export type Attempt = { readonly response: ApiResponse } | { readonly error: unknown };

/** Delays all requests after the server has limited their rate. */
export type Throttle = { wait(): Promise<void>; extend(ms: number): void };

const BACKOFF_MS: Backoff = { first: 100, longest: 5_000, jitter: 'equal' };
const UNAUTHORIZED_DELAY_MS = 1_000;

/** Milliseconds until the next attempt, jitter included; undefined where another attempt would not help. */
export function retryDelay(attempt: Attempt, sends: number): number | undefined {
  const retry = 'response' in attempt ? isTransientResponse(attempt.response, sends) : isTransientError(attempt.error);
  if (!retry) return undefined;
  const requestedMs = 'response' in attempt ? (attempt.response.retryAfterSeconds ?? 0) * 1000 : 0;
  return backoffDelay(sends, BACKOFF_MS, requestedMs);
}

/** Creates a throttle that does not delay yet. */
export function createThrottle(clock: Clock): Throttle {
  let until = Number.NEGATIVE_INFINITY;
  return {
    async wait() {
      while (clock.monotonic() < until) await clock.sleep(until - clock.monotonic() + Math.random() * BACKOFF_MS.first);
    },
    extend(ms) {
      until = Math.max(until, clock.monotonic() + ms);
    },
  };
}

/**
 * Milliseconds until a 401 is worth another attempt, during a grace period after the first one: an access entry of EKS takes some seconds to
 * reach the API servers. Undefined where the server accepts the credentials, or the period has ended.
 */
export function createUnauthorizedRetry(clock: Clock, graceMs: number): (attempt: Attempt) => number | undefined {
  let since: number | undefined;
  return (attempt) => {
    if (!('response' in attempt)) return undefined;
    if (attempt.response.status !== 401) {
      since = undefined;
      return undefined;
    }
    since ??= clock.monotonic();
    return clock.monotonic() - since < graceMs ? UNAUTHORIZED_DELAY_MS : undefined;
  };
}
