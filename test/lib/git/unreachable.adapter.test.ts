import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { createGit } from '../../../lib/git/git.ts';
import { noSecrets } from './git-fixture.ts';
import { ADVERTISEMENT, answering, startHostileServer } from './hostile-server.ts';

const COMMIT = '0123456789012345678901234567890123456789';
const timeouts = { connectMs: 300, headersMs: 300, idleMs: 300, requestMs: 30_000 };
const git = createGit({ secrets: noSecrets, timeouts });
const patient = createGit({ secrets: noSecrets, timeouts: { ...timeouts, idleMs: 30_000, requestMs: 1_000 } });

/** A server whose capabilities arrive and whose answers to commands do not. */
function commandsEnd(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (request.method === 'GET') answering(ADVERTISEMENT)(request, response);
    else listener(request, response);
  };
}

const packHead = Buffer.from('000dpackfile\n0009\u0001PACK', 'latin1');
const progress = '0006\u0002.';
const result = { 'content-type': 'application/x-git-upload-pack-result' };

test.each<[string, RequestListener, string]>([
  ['does not answer', () => {}, 'no response within the timeout'],
  ['does not answer a command', commandsEnd(() => {}), 'no response within the timeout'],
  [
    'stops in the middle of a pack',
    commandsEnd((_request, response) => {
      response.writeHead(200, result).write(packHead);
    }),
    'the response stopped halfway',
  ],
  [
    'hangs up instead of answering',
    (request) => {
      request.socket.destroy();
    },
    'the connection broke off',
  ],
  [
    'hangs up in the middle of a pack',
    commandsEnd((_request, response) => {
      response.writeHead(200, { ...result, 'content-length': '5000' });
      response.write(packHead, () => response.destroy());
    }),
    'the connection broke off',
  ],
])('a server that %s is GitUnreachable', async (_situation, listener, why) => {
  const server = await startHostileServer(listener);
  await expect(git.open(`${server.url}/shop`, COMMIT)).rejects.toMatchObject({
    code: 'GitUnreachable',
    retry: true,
    message: `Git server ${new URL(server.url).host}: ${why}`,
  });
  await server.stop();
});

test('a server that sends a byte now and then is GitUnreachable in the end', async () => {
  const server = await startHostileServer(
    commandsEnd((_request, response) => {
      response.writeHead(200, result).write(packHead);
      const timer = setInterval(() => response.write(progress), 100);
      response.once('close', () => clearInterval(timer));
    }),
  );
  await expect(patient.open(`${server.url}/shop`, COMMIT)).rejects.toMatchObject({
    code: 'GitUnreachable',
    message: `Git server ${new URL(server.url).host}: the response took too long in total`,
  });
  await server.stop();
});

test('a port where nobody listens is GitUnreachable', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  server.close();
  await once(server, 'close');
  await expect(git.resolve(`http://127.0.0.1:${port}/shop`, 'main')).rejects.toMatchObject({
    code: 'GitUnreachable',
    message: `Git server 127.0.0.1:${port}: the connection was refused`,
  });
});

test('a host that does not exist is GitUnreachable', async () => {
  await expect(git.resolve('https://git.invalid/shop', 'main')).rejects.toMatchObject({
    code: 'GitUnreachable',
    message: expect.stringMatching(/^Git server git\.invalid: (the host name|no connection within the timeout)/),
  });
});

test('a server without a trusted certificate is GitUnreachable', async () => {
  const server = await startHostileServer(() => {});
  await expect(git.resolve(`${server.url.replace('http:', 'https:')}/shop`, 'main')).rejects.toMatchObject({
    code: 'GitUnreachable',
    message: expect.stringContaining('the connection failed'),
  });
  await server.stop();
});

test('a connection that the server has closed meanwhile does not matter', async () => {
  let broken = false;
  const server = await startHostileServer((request, response) => {
    if (broken && request.method === 'POST') {
      broken = false;
      request.socket.destroy();
    } else answering(Buffer.from(`003d${COMMIT} refs/heads/main\n0000`))(request, response);
  });
  await git.resolve(`${server.url}/shop`, 'main');
  broken = true;
  expect(await git.resolve(`${server.url}/shop`, 'main')).toBe(COMMIT);
  await server.stop();
});
