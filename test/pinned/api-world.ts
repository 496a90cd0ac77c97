// The API on what version 0.1.0 has left, and the same behind a port of this machine for the command line.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { createLive } from '../../lib/api/live-routes.ts';
import { createApi } from '../../lib/api/routes.ts';
import { withStateOf010 } from './state-of-0-1-0.ts';
import type { World } from './world.ts';

type Answer = { readonly status: number; readonly body: unknown };

export type ApiWorld = {
  readonly world: World;
  get(path: string): Promise<Answer>;
  post(path: string, body?: object): Promise<Answer>;
  /** Runs the work while the API answers at an address. */
  serving<T>(work: (url: string) => Promise<T>): Promise<T>;
};

export function withApiWorld(): { open(): Promise<ApiWorld> } {
  const states = withStateOf010();
  return { open: async () => apiWorldOf(await states.open()) };
}

function apiWorldOf(world: World): ApiWorld {
  const routes = new Hono().route(
    '/api',
    createApi({
      state: world.state,
      blobs: world.folder,
      deployer: 'test',
      clock: world.clock,
      log: world.log,
      operations: { start: async () => undefined },
      scan: () => world.scan(),
      check: async () => undefined,
      configuration: () => world.config.report(),
    }),
  );
  routes.route('/live', createLive(world.live()));
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const reply = await routes.request(path, init);
    return { status: reply.status, body: await reply.json() };
  };
  return {
    world,
    get: (path) => ask(path, {}),
    post: (path, body = {}) =>
      ask(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    serving: async (work) => {
      const server = createServer(getRequestListener(routes.fetch)).listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      } finally {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}
