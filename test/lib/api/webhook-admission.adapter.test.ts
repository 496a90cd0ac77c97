import { once } from 'node:events';
import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createRoutes } from '../../../lib/api/webhook-routes.ts';
import { fakeReceivePorts } from '../triggers/receive-ports.ts';

let server: Server;
let base: string;

beforeEach(async () => {
  server = createAdaptorServer({ fetch: createRoutes(fakeReceivePorts({ apps: [] }).ports).fetch }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Sends headers and no body yet; gives the status of the answer, or `waiting` where there is none while the body is away. */
async function statusWithoutBody(path: string, headers: Record<string, string>): Promise<number | 'waiting'> {
  const request = httpRequest(base + path, { method: 'POST', headers: { 'content-length': '6000000', ...headers } });
  request.on('error', () => undefined);
  request.flushHeaders();
  const answered = once(request, 'response').then(([response]) => Number(response.statusCode));
  const status = await Promise.race([answered, once(request, 'socket').then(() => answeredLater())]);
  request.destroy();
  return status;
}

/** By then a server that does not wait for the body has answered: another request was served in full. */
async function answeredLater(): Promise<'waiting'> {
  for (let requests = 0; requests < 5; requests += 1) await fetch(`${base}/healthz`);
  return 'waiting';
}

test.each<[string, string, Record<string, string>, number | 'waiting']>([
  ['no signature', '/webhooks/github', {}, 401],
  ['an empty signature', '/webhooks/github', { 'x-hub-signature-256': 'sha256=' }, 401],
  ['a signature of another form', '/webhooks/github', { 'x-hub-signature-256': 'sha256=xyz' }, 401],
  ['no token', '/webhooks/gitlab', {}, 401],
  ['a wrong token', '/webhooks/gitlab', { 'x-gitlab-token': 'wrong' }, 401],
  [
    'an old signature',
    '/webhooks/gitlab',
    { 'webhook-signature': 'v1,x', 'webhook-id': 'a', 'webhook-timestamp': '1' },
    401,
  ],
  ['an unknown forge', '/webhooks/gitea', {}, 404],
  ['a plausible signature', '/webhooks/github', { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }, 'waiting'],
])('R6: with %s the body is awaited only where it can matter', async (_what, path, headers, status) => {
  expect(await statusWithoutBody(path, headers)).toBe(status);
});

test('R6: only so many bodies are read at once', async () => {
  const headers = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`, 'content-length': '1000' };
  const requests = Array.from({ length: 33 }, () =>
    httpRequest(`${base}/webhooks/github`, { method: 'POST', headers }),
  );
  const refused = Promise.any(requests.map((request) => once(request, 'response')));
  for (const request of requests) request.on('error', () => undefined).flushHeaders();
  const [response] = await refused;
  expect([response.statusCode, response.headers['retry-after']]).toEqual([503, '5']);
  for (const request of requests) request.destroy();
});
