import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { DELIM, encodePkt, FLUSH } from '../../../lib/git/protocol/pkt-line.ts';

export type HostileServer = {
  readonly url: string;
  /** What arrived: method, path and credentials. */
  readonly arrived: IncomingMessage[];
  stop(): Promise<void>;
};

/** An HTTP server that answers as it is told to. */
export async function startHostileServer(listener: RequestListener): Promise<HostileServer> {
  const arrived: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    arrived.push(request);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    arrived,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

export const CAPABILITIES = ['version 2\n', 'ls-refs\n', 'fetch=shallow filter\n', 'object-format=sha1\n'];
export const ADVERTISEMENT = lines(...CAPABILITIES);

/** Lines of an answer, and the flush that ends it. */
export function lines(...content: readonly string[]): Buffer {
  return Buffer.concat([...content.map((line) => encodePkt(line)), FLUSH]);
}

/** The answer to a fetch that consists of this pack. */
export function packAnswer(pack: Uint8Array): Buffer {
  const pieces = Array.from({ length: Math.ceil(pack.length / 60_000) }, (_, index) =>
    encodePkt(Buffer.concat([Buffer.from([1]), pack.subarray(index * 60_000, (index + 1) * 60_000)])),
  );
  return Buffer.concat([encodePkt('shallow-info\n'), DELIM, encodePkt('packfile\n'), ...pieces, FLUSH]);
}

/** Answers as a Git server does: capabilities first, then what is given. */
export function answering(body: Uint8Array, advertisement: Uint8Array = ADVERTISEMENT): RequestListener {
  return (request, response) => {
    const kind = request.method === 'GET' ? 'advertisement' : 'result';
    response.setHeader('content-type', `application/x-git-upload-pack-${kind}`);
    request.resume();
    response.end(request.method === 'GET' ? advertisement : body);
  };
}
