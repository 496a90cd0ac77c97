// Stands between the deployer and a server that it depends on, and is as faulty as a test says.
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as overHttp, type ServerResponse } from 'node:http';
import { request as overHttps } from 'node:https';

/** A request as it came, with what a fault may be chosen by. */
export type ProxiedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
};

/** What happens to a request: it is passed on, answered here, or its connection ends. `lose the answer` passes it on and then ends. */
type Fate =
  | 'pass'
  | 'hang up'
  | 'lose the answer'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body: object };

export type FaultyProxy = {
  readonly url: string;
  /** Decides about every request from now on. */
  decide(fate: (request: ProxiedRequest) => Fate): void;
  /** How many requests were not passed on. */
  readonly spoiled: number;
  /** Nobody listens any more, and open connections end; `open` listens again at the same address. */
  close(): Promise<void>;
  open(): Promise<void>;
};

/** Starts it in front of `target`, whose certificate is verified with `ca`. */
export async function startFaultyProxy(target: string, ca?: string): Promise<FaultyProxy> {
  let decide: (request: ProxiedRequest) => Fate = () => 'pass';
  let spoiled = 0;
  let port = 0;
  const forward = new URL(target).protocol === 'https:' ? overHttps : overHttp;

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = 'GET', url = '/', headers } = request;
    const fate = decide({ method, path: url, headers });
    if (fate !== 'pass') spoiled += 1;
    if (fate === 'hang up') request.socket.destroy();
    else if (typeof fate === 'object') answer(request, response, fate);
    else pass(request, response, fate);
  };

  function pass(request: IncomingMessage, response: ServerResponse, fate: 'pass' | 'lose the answer'): void {
    const { method, headers } = request;
    const url = new URL(request.url ?? '/', target);
    const options = { method, headers: { ...headers, host: url.host }, ...(ca !== undefined && { ca }) };
    const outgoing = forward(url, options, (incoming) => {
      if (fate === 'lose the answer') {
        incoming.resume().on('end', () => response.destroy());
        return;
      }
      response.writeHead(incoming.statusCode ?? 502, incoming.headers);
      incoming.pipe(response);
      incoming.on('error', () => response.destroy());
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    request.pipe(outgoing);
  }

  const server = createServer(serve);
  const open = async (): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    port = address.port;
  };
  await open();
  return {
    url: `http://127.0.0.1:${port}`,
    decide: (fate) => {
      decide = fate;
    },
    get spoiled() {
      return spoiled;
    },
    open,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Exclude<Fate, string>,
): void {
  request.resume();
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
