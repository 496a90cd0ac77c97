// Admits requests that carry the token of this deployer. In: a request. Out: the same, or 401. The token lies in a file that only the owner of the deployer can
// read, so that neither a web page nor another user of the machine gives orders.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { DriftlessError } from '../errors.ts';
import type { Log } from '../ports/runtime.ts';
import { failed } from './responses.ts';

/** Refuses requests without `Authorization: Bearer <token>`. */
export function tokenOnly(token: string, log: Log): MiddlewareHandler {
  const expected = digest(`Bearer ${token}`);
  return async (context, next) => {
    const sent = context.req.header('authorization');
    if (sent !== undefined && timingSafeEqual(digest(sent), expected)) return next();
    const why =
      sent === undefined
        ? 'Authorization: is missing; send "Bearer" and the token of the deployer'
        : 'Authorization: is not the token of this deployer';
    log.warn('refused a request', { path: context.req.path, reason: why });
    return failed(context, new DriftlessError('TokenInvalid', why), log);
  };
}

/** Digests have one length, so that the duration of the comparison reveals nothing. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
