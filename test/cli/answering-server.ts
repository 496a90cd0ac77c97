import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = { readonly status?: number; readonly body: unknown };

export type AnsweringServer = { readonly url: string; stop(): Promise<void> };

/** An HTTP server on a free port of this machine that answers with JSON, or with a text as it is. */
export async function startAnswering(answer: (message: IncomingMessage) => Promise<Answer>): Promise<AnsweringServer> {
  const server = createServer((request, reply) => {
    void answer(request).then(({ status = 200, body }) => {
      reply.writeHead(status, { 'content-type': 'application/json' });
      reply.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
