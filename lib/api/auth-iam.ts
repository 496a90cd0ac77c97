// The API on AWS, behind an HTTP API that authorizes callers by IAM. In: a request, and its context of the HTTP API. Out: as in routes.ts. May go wrong: an
// unsigned request is refused here too, in case a route of the HTTP API does not require a signature.
import { Hono, type MiddlewareHandler } from 'hono';
import { DriftlessError } from '../errors.ts';
import type { Log } from '../ports/runtime.ts';
import { createLive, type LivePorts } from './live-routes.ts';
import { failed, unknownEndpoint } from './responses.ts';
import { type ApiPorts, type ApiVariables, createApi } from './routes.ts';

/** The context that the HTTP API adds to a request, out of the sender's reach. */
export type GatewayContext = {
  /** The principal whose signature was verified, an ARN. */
  readonly caller?: string;
  /** The path that IAM authorized. */
  readonly path: string;
};

/** Answers requests. */
export type HttpHandler = { fetch(request: Request, context: GatewayContext): Response | Promise<Response> };

export type SignedApi = { readonly Bindings: GatewayContext; readonly Variables: ApiVariables };

/** Makes the routes below `/api`; called as `fetch(request, context)`. The context's caller takes precedence over the body's. */
export function createSignedApi(ports: ApiPorts): Hono<SignedApi> {
  return signed('/api', createApi(ports), ports.log);
}

/** The same for the routes below `/live`. */
export function createSignedLive(ports: LivePorts): Hono<SignedApi> {
  return signed('/live', createLive(ports), ports.log);
}

function signed(path: string, inner: ReturnType<typeof createApi>, log: Log): Hono<SignedApi> {
  const routes = new Hono<SignedApi>();
  routes.use(signedOnly(log));
  routes.route(path, inner);
  routes.notFound((context) => failed(context, unknownEndpoint(context), log));
  return routes;
}

function signedOnly(log: Log): MiddlewareHandler<SignedApi> {
  return async (context, next) => {
    const { caller, path } = context.env;
    // A URL resolves `..`: such a path would be answered as another one than IAM authorized.
    const asRead = new URL(context.req.url).pathname;
    if (caller === undefined)
      return refuse('RequestRefused', 'request: is not signed; sign it with signature version 4');
    if (asRead !== path)
      return refuse('RequestInvalid', `path: ${path.slice(0, 80)} resolves to another path; send the resolved path`);
    context.set('caller', caller);
    await next();
    return undefined;

    function refuse(code: 'RequestRefused' | 'RequestInvalid', why: string): Response {
      log.warn('refused a request', { path, reason: why });
      return failed(context, new DriftlessError(code, why), log);
    }
  };
}
