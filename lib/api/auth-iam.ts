// The API on AWS, behind an HTTP API that lets in whom IAM lets in. In: a request, and what the HTTP API tells of it. Out: as in api.ts. May go wrong: a request
// that nobody has signed is refused here too, whoever forgot to ask for a signature.
import { Hono, type MiddlewareHandler } from 'hono';
import { DriftlessError } from '../errors.ts';
import type { Log } from '../ports/runtime.ts';
import { failed, nothingHere } from './responses.ts';
import { type ApiPorts, type Carried, createApi } from './routes.ts';

/** What the HTTP API tells beside a request, where nobody who sends one can write. */
export type Told = {
  /** The principal whose signature was verified, an ARN. */
  readonly caller?: string;
  /** The path that rights were judged by. */
  readonly path: string;
};

export type SignedApi = { readonly Bindings: Told; readonly Variables: Carried };

/** Makes the routes below `/api`; called as `fetch(request, told)`. Whoever is told is who asks, whatever the body says. */
export function createSignedApi(ports: ApiPorts): Hono<SignedApi> {
  const routes = new Hono<SignedApi>();
  routes.use(signedOnly(ports.log));
  routes.route('/api', createApi(ports));
  routes.notFound((context) => failed(context, nothingHere(context), ports.log));
  return routes;
}

function signedOnly(log: Log): MiddlewareHandler<SignedApi> {
  return async (context, next) => {
    const { caller, path } = context.env;
    // A URL forgets `..` and what it leads out of: such a path would be answered as another one than rights were judged by.
    const asRead = new URL(context.req.url).pathname;
    if (caller === undefined) return refuse('RequestRefused', 'request: has no signature that was verified; sign it');
    if (asRead !== path)
      return refuse('RequestInvalid', `path: ${path.slice(0, 80)} reads as another one; send it as plain as it is`);
    context.set('caller', caller);
    await next();
    return undefined;

    function refuse(code: 'RequestRefused' | 'RequestInvalid', why: string): Response {
      log.warn('refused a request', { path, reason: why });
      return failed(context, new DriftlessError(code, why), log);
    }
  };
}
