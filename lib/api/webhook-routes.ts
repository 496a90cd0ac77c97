// The webhook endpoint, the same on Lambda and on Node. In: a request. Out: JSON; errors as `{error: {code, message}}`. May go wrong: a body above the limit is
// cut off while it streams in, 413.
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { asDriftlessError, DriftlessError } from '../errors.ts';
import { type ReceivePorts, receivePush } from '../triggers/receive-push.ts';
import { errorBody, statusOf } from '../webhook/error-reply.ts';
import { unknownEndpoint } from './responses.ts';

/** The payload limit of a Lambda function; the sweep finds larger pushes. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/** Makes the application that answers `POST /webhooks/:forge` and `GET /healthz`. */
export function createRoutes(ports: ReceivePorts): Hono {
  const routes = new Hono();
  routes.get('/healthz', (context) => context.json({ status: 'ok' }));
  routes.post('/webhooks/:forge', bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }), async (context) => {
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

function tooLarge(context: Context): Response {
  const limit = `${MAX_BODY_BYTES / 1024 / 1024} MB`;
  return failed(context, new DriftlessError('PayloadTooLarge', `webhook delivery: its body is larger than ${limit}`));
}

function failed(context: Context, error: DriftlessError): Response {
  return context.json(errorBody(error), statusOf(error));
}
