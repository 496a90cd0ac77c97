// Admits requests of the laptop that the deployer runs on, and refuses those of web pages that are open there. In: a request. Out: the same, or 403.
import type { MiddlewareHandler } from 'hono';
import { DriftlessError } from '../errors.ts';
import type { Log } from '../ports/runtime.ts';
import { failed } from './responses.ts';

/** Headers of proxies, and of tunnels for webhooks. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/**
 * Refuses requests that do not come from this machine: a page whose host name resolves to 127.0.0.1 (DNS rebinding), a tunnel for webhooks. Requests that a
 * browser allows to pages of other sites cannot have a JSON body.
 */
export function localOnly(log: Log): MiddlewareHandler {
  return async (context, next) => {
    const host = context.req.header('host') ?? new URL(context.req.url).host;
    const proxy = FORWARDED.find((name) => context.req.header(name) !== undefined);
    const origin = context.req.header('origin');
    if (!isLocal(host)) return refuse(`Host: is ${host.slice(0, 80)}; only localhost and 127.0.0.1 are answered`);
    if (proxy !== undefined) return refuse(`${proxy}: was added by a proxy; only direct requests are answered`);
    if (origin !== undefined && !isLocal(origin.replace(/^https?:\/\//, '')))
      return refuse(`Origin: is ${origin.slice(0, 80)}; pages of other sites are not answered`);
    await next();
    return undefined;

    function refuse(why: string): Response {
      log.warn('refused a request', { path: context.req.path, reason: why });
      return failed(context, new DriftlessError('RequestRefused', why), log);
    }
  };
}

function isLocal(host: string): boolean {
  return /^(localhost|127\.0\.0\.1)(:\d+)?$/i.test(host);
}
