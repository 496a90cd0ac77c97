import { once } from 'node:events';
import { request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { createRoutes } from '../../../lib/api/webhook-routes.ts';
import { exampleApp, fakeReceivePorts } from '../triggers/receive-ports.ts';
import { fromGithub, fromGitlab, githubExamples, gitlabFixture, jsonBytes } from '../webhook/deliveries.ts';

const MB = 1024 * 1024;
const hints = {
  endpoint: 'deliver to POST /webhooks/github or POST /webhooks/gitlab; docs/api.md lists the API',
  size: 'no action is needed: the sweep finds the commit without a webhook',
};
const apps = [exampleApp('api', 'master')];
/** A signature that only the body can prove wrong. */
const PLAUSIBLE = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };
const branchPush = { ...githubExamples('push').find(({ ref }) => ref === 'refs/heads/master') };

let server: Server;
let base: string;
let world: ReturnType<typeof fakeReceivePorts>;

beforeEach(async () => {
  world = fakeReceivePorts({ apps });
  server = createAdaptorServer({ fetch: createRoutes(world.ports).fetch }) as Server;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

async function answer(path: string, init?: RequestInit) {
  const response = await fetch(base + path, init);
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() };
}

function post(delivery: ReturnType<typeof fromGithub>): RequestInit {
  return {
    method: 'POST',
    headers: { ...delivery.headers } as Record<string, string>,
    body: Buffer.from(delivery.body),
  };
}

test('GET /healthz says that the deployer answers', async () => {
  expect(await answer('/healthz')).toEqual({ status: 200, type: 'application/json', body: { status: 'ok' } });
});

test('a delivery of GitHub over HTTP starts the operation', async () => {
  expect(await answer('/webhooks/github', post(fromGithub(jsonBytes(branchPush))))).toEqual({
    status: 202,
    type: 'application/json',
    body: { deliveryId: 'd-1', applications: [{ app: 'api', status: 'started', operation: 'api-7' }] },
  });
  expect(world.started).toEqual(['api-7']);
});

test('a delivery of GitLab over HTTP is understood', async () => {
  expect(await answer('/webhooks/gitlab', post(fromGitlab(gitlabFixture('push'))))).toEqual({
    status: 202,
    type: 'application/json',
    body: {
      deliveryId: 'd-2',
      applications: [],
      message:
        'gitlab.example.com/acme/platform/shop: no application uses this repository; set spec.source.repo of one to it, or remove the webhook',
    },
  });
});

test('the bytes are verified as they were sent, not as they would be serialized again (security case 25)', async () => {
  const body = Buffer.from(`${JSON.stringify(branchPush, null, 3)} \r\n`);
  expect(await answer('/webhooks/github', post(fromGithub(body)))).toMatchObject({ status: 202 });
});

test.each([
  [
    'an unknown forge',
    'POST',
    '/webhooks/gitea',
    404,
    'EndpointUnknown',
    `/webhooks/gitea: unknown forge; use github or gitlab; Gitea and Forgejo deliver as github; ${hints.endpoint}`,
  ],
  [
    'another method',
    'GET',
    '/webhooks/github',
    405,
    'EndpointUnknown',
    `GET /webhooks/github: only POST is answered; ${hints.endpoint}`,
  ],
  [
    'another path',
    'POST',
    '/api/webhook',
    404,
    'EndpointUnknown',
    `POST /api/webhook: does not exist; ${hints.endpoint}`,
  ],
  [
    'a missing signature',
    'POST',
    '/webhooks/github',
    401,
    'SignatureMismatch',
    'github delivery: X-Hub-Signature-256 is missing; set a secret in the settings of the webhook; docs/deploy.md has the settings of the webhook',
  ],
])('%s is answered with a JSON error', async (_situation, method, path, status, code, message) => {
  expect(await answer(path, { method })).toEqual({
    status,
    type: 'application/json',
    body: { error: { code, message } },
  });
  expect(world.started).toEqual([]);
});

test('a signed payload that is not JSON is answered with 400', async () => {
  expect(await answer('/webhooks/github', post(fromGithub(Buffer.from('push!'))))).toEqual({
    status: 400,
    type: 'application/json',
    body: {
      error: {
        code: 'PayloadInvalid',
        message: 'push payload: the body is not JSON; send the payload unchanged, as application/json',
      },
    },
  });
});

test('an unexpected error is answered with 500 and logged', async () => {
  const broken = fakeReceivePorts({ secrets: () => Promise.reject(new Error('boom')) });
  const response = await createRoutes(broken.ports).request('/webhooks/github', { method: 'POST', body: '{}' });
  expect([response.status, await response.json()]).toEqual([
    500,
    { error: { code: 'Internal', message: 'the delivery could not be handled; the log has the reason' } },
  ]);
  expect(broken.lines).toEqual([
    { level: 'error', message: 'could not handle a delivery', forge: 'github', code: 'Internal', reason: 'boom' },
  ]);
});

test('a body that breaks off is answered with 500 and kept in the log', async () => {
  const body = new ReadableStream({ pull: (controller) => controller.error(new Error('socket hang up')) });
  const request = new Request(`${base}/webhooks/github`, { method: 'POST', headers: PLAUSIBLE, body, duplex: 'half' });
  const response = await createRoutes(world.ports).request(request);
  expect([response.status, await response.json()]).toEqual([
    500,
    { error: { code: 'Internal', message: 'the delivery could not be handled; the log has the reason' } },
  ]);
  expect(world.lines).toEqual([
    {
      level: 'error',
      message: 'could not answer a request',
      path: '/webhooks/github',
      code: 'Internal',
      reason: 'socket hang up',
    },
  ]);
});

const tooLarge = {
  error: { code: 'PayloadTooLarge', message: `webhook delivery: its body is larger than 6 MB; ${hints.size}` },
};

test('a body of 6 MB is read', async () => {
  const padded = jsonBytes({ ...branchPush, padding: '' });
  const body = jsonBytes({ ...branchPush, padding: 'x'.repeat(6 * MB - padded.length) });
  expect(body.length).toBe(6 * MB);
  expect(await answer('/webhooks/github', post(fromGithub(body)))).toMatchObject({ status: 202 });
});

test('a signed body of more than 6 MB is refused by its length', async () => {
  expect(await answer('/webhooks/github', post(fromGithub(Buffer.alloc(6 * MB + 1, 'x'))))).toEqual({
    status: 413,
    type: 'application/json',
    body: tooLarge,
  });
});

test('an endless body without length is cut off at the limit (security case 25)', async () => {
  const request = httpRequest(`${base}/webhooks/github`, {
    method: 'POST',
    headers: { 'transfer-encoding': 'chunked', ...PLAUSIBLE },
  });
  const answered = once(request, 'response');
  request.on('error', () => undefined);
  const chunk = Buffer.alloc(256 * 1024, 'x');
  let sent = 0;
  let open = true;
  const send = (): void => {
    if (!open) return;
    sent += chunk.length;
    request.write(chunk, send);
  };
  send();
  const [response] = await answered;
  open = false;
  let text = '';
  for await (const part of response) text += part;
  request.destroy();
  expect([response.statusCode, JSON.parse(text)]).toEqual([413, tooLarge]);
  expect(sent).toBeLessThan(20 * MB);
});
