import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { listen } from '../../cli/dev/listen.ts';

let endpoint: Awaited<ReturnType<typeof listen>>;

beforeEach(async () => {
  endpoint = await listen(0);
  endpoint.answer((request) => new Response(`answered ${new URL(request.url).pathname}`));
});

afterEach(() => endpoint.stop());

/** What is answered to a request whose path is sent as it is written here. */
async function answerTo(path: string): Promise<string> {
  const socket = connect(Number(new URL(endpoint.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

test.each([
  '/webhooks/../api/applications',
  '/webhooks/%2e%2e/api/applications',
  '/webhooks/%2E./api/applications',
  '/webhooks/.%2e/api',
  '/webhooks\\..\\api',
  '/webhooks/./github',
])('T5: %s is refused, since a proxy would hand it on as another path', async (path) => {
  expect(await answerTo(path)).toMatch(/^HTTP\/1\.1 400 /);
});

test.each(['/', '/healthz', '/api/applications/a%2fb', '/webhooks/github?x=../y', '/webhooks/caf%C3%A9'])(
  '%s is answered',
  async (path) => {
    expect(await answerTo(path)).toMatch(/^HTTP\/1\.1 200 /);
  },
);
