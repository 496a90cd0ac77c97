import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { DriftlessError } from '../../lib/errors.ts';

type Answer = (request: Request) => Response | Promise<Response>;

/** Time for a request's headers, and for the whole of it; connections at most. A sender that is slower, or one too many, is cut off. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 };
const MAX_CONNECTIONS = 256;

type Endpoint = {
  readonly url: string;
  /** Who answers from now on. */
  readonly answer: (answer: Answer) => void;
  readonly stop: () => Promise<void>;
};

/** Takes the port on 127.0.0.1 at once; until the routes are set, every request is answered with 503 and Retry-After. */
export async function listen(port: number): Promise<Endpoint> {
  let current: Answer = () =>
    new Response('the deployer is starting\n', { status: 503, headers: { 'retry-after': '5' } });
  let server: ServerType | undefined;
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server = serve(
      {
        fetch: (request, { incoming }) => (isPlain(incoming.url ?? '/') ? current(request) : refused()),
        port,
        hostname: '127.0.0.1',
        serverOptions: LIMITS,
      },
      resolve,
    );
    if ('maxConnections' in server) server.maxConnections = MAX_CONNECTIONS;
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.message})`;
      reject(new DriftlessError('UsageInvalid', `port ${port}: ${why}; choose another with --port`));
    });
  });
  return {
    url: `http://127.0.0.1:${address.port}`,
    answer: (answer) => {
      current = answer;
    },
    stop: async () => void server?.close(),
  };
}

/** Whether a path means what it says: a proxy that hands on `/webhooks/…` alone must not be led to `/api/…` by dots that are resolved here. */
function isPlain(path: string): boolean {
  return path.startsWith('/') && new URL(`http://localhost${path}`).pathname === path.split(/[?#]/, 1)[0];
}

function refused(): Response {
  const error = { code: 'RequestRefused', message: 'the path is not in its plain form; write it without dot segments' };
  return new Response(JSON.stringify({ error }), { status: 400, headers: { 'content-type': 'application/json' } });
}
