// Stands between a deployer and a server it needs, so that a test sees every request and decides what becomes of it.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { Agent, type Dispatcher } from 'undici';

/** Makes the exchange with the server, before or after something else, or not at all. */
export type Intercept = <T>(request: string, exchange: () => Promise<T>) => Promise<T>;

type Target = { readonly url: string; readonly caData?: string | undefined; readonly intercept: Intercept };

export type Proxy = { readonly url: string; stop(): Promise<void> };

/** Forwards plain http on this machine; watches go by without being looked at. */
export async function startProxy({ url: target, caData, intercept }: Target): Promise<Proxy> {
  const agent = new Agent({ connect: caData === undefined ? {} : { ca: caData } });
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming);
    const { method = 'GET', url: path = '/' } = incoming;
    const isWatch = new URL(path, target).searchParams.has('watch');
    const send = () => forward({ method, path, headers: headersOf(incoming), body: body.length > 0 ? body : null });
    const reply = isWatch ? await send() : await intercept(`${method} ${path}`, async () => whole(await send()));
    response.writeHead(reply.statusCode, kept(reply.headers));
    if ('content' in reply) response.end(reply.content);
    else await pipeline(reply.body, response);
  }

  function forward(options: Omit<Dispatcher.RequestOptions, 'origin'>): Promise<Dispatcher.ResponseData> {
    return agent.request({ ...options, origin: target });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await Promise.all([closed, agent.destroy()]);
    },
  };
}

async function whole(reply: Dispatcher.ResponseData) {
  return { statusCode: reply.statusCode, headers: reply.headers, content: Buffer.from(await reply.body.arrayBuffer()) };
}

function headersOf({ headers }: IncomingMessage): Record<string, string | string[] | undefined> {
  return without(headers, ['host', 'connection', 'content-length', 'transfer-encoding', 'expect', 'keep-alive']);
}

function kept(headers: Dispatcher.ResponseData['headers']): Record<string, string | string[] | undefined> {
  return without(headers, ['connection', 'content-length', 'transfer-encoding', 'keep-alive']);
}

function without(headers: Readonly<Record<string, string | string[] | undefined>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
