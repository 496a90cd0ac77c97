import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import { DriftlessError } from '../../lib/errors.ts';

type Answer = (request: Request) => Response | Promise<Response>;

type Endpoint = {
  readonly url: string;
  /** Who answers from now on. */
  readonly answer: (answer: Answer) => void;
  readonly stop: () => Promise<void>;
};

/** Takes the port on 127.0.0.1 at once; until there is something to answer with, everybody is told to come again. */
export async function listen(port: number): Promise<Endpoint> {
  let current: Answer = () =>
    new Response('the deployer is starting\n', { status: 503, headers: { 'retry-after': '5' } });
  let server: ServerType | undefined;
  const address = await new Promise<AddressInfo>((resolve, reject) => {
    server = serve({ fetch: (request) => current(request), port, hostname: '127.0.0.1' }, resolve);
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
