// Stands between the deployer and the API server, to tell which requests were sent, to hold one up, and to be away.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as forward } from 'node:https';
import type { ClusterAccess } from '../../lib/model/cluster-access.ts';

export type ApiProxy = {
  readonly url: string;
  /** Requests since the last look, `GET /api/v1/namespaces`; those for discovery left out. */
  requests(): readonly string[];
  /** Of these, the ones that change something. */
  writes(): readonly string[];
  /** Begins a new look. */
  forget(): void;
  /** Keeps requests of this kind from the server, for ever; resolves when the first one has come. */
  hold(kind: RegExp): Promise<void>;
  /** From now on no request is held; those that are come to nothing. */
  letGo(): void;
  /** Whether connections are refused. */
  setAway(away: boolean): void;
  stop(): Promise<void>;
};

type Held = { readonly kind: RegExp; readonly come: () => void };

/** Forwards plain http on this machine to the server, with its certificate verified; who asks is left to the client. */
export async function startApiProxy({ server: target, caData }: ClusterAccess): Promise<ApiProxy> {
  const agent = new Agent({ keepAlive: true, ca: caData });
  let seen: string[] = [];
  let held: Held | undefined;
  let away = false;

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', target);
    const dryRun = searchParams.has('dryRun') ? ' (dry run)' : '';
    const line = `${request.method} ${pathname}${dryRun}`;
    if (!/^\/(version|api(\/[^/]+)?|apis(\/[^/]+){0,2})$/.test(pathname) || request.method !== 'GET') seen.push(line);
    if (held?.kind.test(line)) held.come();
    else pass(request, response);
  });

  function pass(request: IncomingMessage, response: ServerResponse): void {
    const { method, headers } = request;
    const url = new URL(request.url ?? '/', target);
    const outgoing = forward(url, { method, agent, headers: { ...headers, host: url.host } }, (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.headers);
      incoming.pipe(response);
      incoming.on('error', () => response.destroy());
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    request.pipe(outgoing);
  }

  server.on('connection', (socket) => {
    if (away) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests: () => seen,
    writes: () => seen.filter((line) => !line.startsWith('GET ') && !line.endsWith('(dry run)')),
    forget: () => {
      seen = [];
    },
    hold: (kind) =>
      new Promise((come) => {
        held = { kind, come };
      }),
    letGo: () => {
      held = undefined;
      server.closeAllConnections();
    },
    setAway: (now) => {
      away = now;
      if (now) server.closeAllConnections();
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
}
