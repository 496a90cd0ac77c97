import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A request as the fake received it. */
export type Received = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/**
 * What the fake answers: JSON unless the body is text or bytes; or what a sick server does. A function gets the open answer, for streams.
 */
export type Answer =
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown }
  | 'hang up'
  | 'stay silent'
  | ((response: ServerResponse) => void);

/** A small local server that answers like an API server, or like a broken one. */
export type FakeApiServer = {
  readonly url: string;
  readonly received: readonly Received[];
  close(): Promise<void>;
};

/** Starts a fake; `answer` is asked for every request, with its number from 1. */
export async function startFakeApiServer(
  answer: (request: Received, number: number) => Answer,
  tls?: ServerOptions,
): Promise<FakeApiServer> {
  const received: Received[] = [];
  const listener: RequestListener = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake');
    const one: Received = {
      method: request.method ?? '',
      path: pathname,
      query: Object.fromEntries(searchParams),
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    received.push(one);
    send(answer(one, received.length), response);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(answer: Answer, response: ServerResponse): void {
  if (answer === 'stay silent') return;
  if (typeof answer === 'function') {
    answer(response);
    return;
  }
  if (answer === 'hang up') {
    response.destroy();
    return;
  }
  const { status = 200, headers, body = {} } = answer;
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  response.writeHead(status, { 'content-type': raw ? 'text/plain' : 'application/json', ...headers });
  response.end(raw ? body : JSON.stringify(body));
}

/** A `Status` that explains a failure, as an answer. */
export function statusAnswer(code: number, status: Readonly<Record<string, unknown>>): Answer {
  return { status: code, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, ...status } };
}
