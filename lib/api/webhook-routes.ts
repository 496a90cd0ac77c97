// The webhook endpoint, the same on Lambda and on Node. In: a request. Out: JSON; errors as `{error: {code, message}}`. A delivery without a plausible signature
// is refused before its body is read. May go wrong: a body above the limit is cut off while it streams in, 413; too many bodies at once, 503.
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { asDriftlessError, DriftlessError } from '../errors.ts';
import { type ReceivePorts, receivePush, refuseUnsigned } from '../triggers/receive-push.ts';
import { errorBody, statusOf } from '../webhook/error-reply.ts';
import { unknownEndpoint } from './responses.ts';

/** The payload limit of a Lambda function; the sweep finds larger pushes. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** Bodies that are read at once; forges repeat a delivery that is refused, and the sweep finds its commit in any case. */
const MAX_BODIES = 32;

/** Makes the application that answers `POST /webhooks/:forge` and `GET /healthz`. */
export function createRoutes(ports: ReceivePorts): Hono {
  const routes = new Hono();
  routes.get('/healthz', (context) => context.json({ status: 'ok' }));
  const limits = [signedOnly(ports), fewAtOnce(), bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge })] as const;
  routes.post('/webhooks/:forge', ...limits, async (context) => {
    const body = new Uint8Array(await context.req.arrayBuffer());
    const request = { forge: context.req.param('forge'), headers: context.req.header(), body };
    const reply = await receivePush(request, ports);
    return context.json(reply.body, reply.status);
  });
  routes.all('/webhooks/:forge', (context) => {
    context.header('allow', 'POST');
    const wrong = new DriftlessError(
      'EndpointUnknown',
      `${context.req.method} ${context.req.path}: only POST is answered`,
    );
    return context.json(errorBody(wrong), 405);
  });
  routes.notFound((context) => failed(context, unknownEndpoint(context)));
  routes.onError((thrown, context) => {
    const error = asDriftlessError(thrown);
    ports.log.error('could not answer a request', { path: context.req.path, code: error.code, reason: error.message });
    return failed(context, error);
  });
  return routes;
}

function signedOnly(ports: ReceivePorts): MiddlewareHandler {
  return async (context, next) => {
    const request = { forge: context.req.param('forge') ?? '', headers: context.req.header() };
    const reply = await refuseUnsigned(request, ports);
    if (reply !== undefined) return context.json(reply.body, reply.status);
    await next();
    return undefined;
  };
}

function fewAtOnce(): MiddlewareHandler {
  let bodies = 0;
  return async (context, next) => {
    if (bodies >= MAX_BODIES) {
      context.header('retry-after', '5');
      return failed(
        context,
        new DriftlessError('TooManyDeliveries', `webhook delivery: ${bodies} others are being read`),
      );
    }
    bodies += 1;
    try {
      await next();
    } finally {
      bodies -= 1;
    }
    return undefined;
  };
}

function tooLarge(context: Context): Response {
  const limit = `${MAX_BODY_BYTES / 1024 / 1024} MB`;
  return failed(context, new DriftlessError('PayloadTooLarge', `webhook delivery: its body is larger than ${limit}`));
}

function failed(context: Context, error: DriftlessError): Response {
  return context.json(errorBody(error), statusOf(error));
}
