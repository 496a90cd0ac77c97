import { once } from 'node:events';
import { createServer, request as forward, type IncomingHttpHeaders } from 'node:http';

/** A request as the server saw it, with what it answered. */
export type Recorded = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly answer: Buffer;
};

export type RecordingProxy = {
  readonly url: string;
  readonly requests: Recorded[];
  stop(): Promise<void>;
};

/** Stands before a server and keeps what goes to and fro. */
export async function startRecordingProxy(upstream: string): Promise<RecordingProxy> {
  const requests: Recorded[] = [];
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const sent: Buffer[] = [];
    const outgoing = forward(new URL(url, upstream), { method, headers, agent: false }, (incoming) => {
      const received: Buffer[] = [];
      response.writeHead(incoming.statusCode ?? 0, incoming.headers);
      incoming.on('data', (chunk: Buffer) => received.push(chunk));
      incoming.on('end', () => {
        const [body, answer] = [Buffer.concat(sent).toString('latin1'), Buffer.concat(received)];
        requests.push({ method, path: url, headers, body, answer });
      });
      incoming.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    request.on('data', (chunk: Buffer) => sent.push(chunk));
    request.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
