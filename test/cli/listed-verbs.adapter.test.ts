// The verbs that list what they are about first, against a server that answers as a deployer.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Ended } from './driftless.ts';
import { runVerb } from './in-process.ts';
import { aView } from './views.ts';

let server: Server;
let answer: unknown;

beforeEach(async () => {
  server = createServer((_request, reply) => {
    reply.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterEach(async () => {
  server.closeAllConnections();
  await once(server.close(), 'close');
});

const ask = (...args: readonly string[]): Promise<Ended> =>
  runVerb([...args, '--url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`]);

test.each(['wait', 'sync', 'refresh'])('%s of labels that no application has is an error', async (verb) => {
  answer = { items: [] };
  expect(await ask(verb, '-l', 'team=x')).toMatchObject({
    exitCode: 2,
    stdout: '',
    stderr: expect.stringMatching(`^error: ${verb}: no application has the labels "team=x"\n`),
  });
});

test('status of labels that no application has does not say that none is configured', async () => {
  answer = { items: [] };
  expect((await ask('status', '-l', 'team=x')).stdout).toBe('no application has these labels\n');
});

test('delete lists neither what is gone nor what the application did not deploy', async () => {
  const object = { group: '', kind: 'ConfigMap', namespace: 'shop', guards: [] };
  answer = {
    items: [
      { ...object, name: 'a', sync: { status: 'Synced' } },
      { ...object, name: 'kept', guards: ['protected', 'hook:Sync'], sync: { status: 'Synced' } },
      { ...object, name: 'gone', sync: { status: 'OutOfSync', difference: 'missing' } },
      { ...object, name: 'foreign', sync: { status: 'OutOfSync', difference: 'extra' } },
    ],
  };
  expect((await ask('delete', 'shop')).stdout.split('\n').slice(0, 3)).toEqual([
    '- ConfigMap/shop/a',
    '! ConfigMap/shop/kept is kept (protected)',
    '1 would be deleted, 1 kept; nothing was deleted',
  ]);
});

test('refresh says where Git did not answer, whatever was known before', async () => {
  answer = { application: aView(), git: 'unanswered', reason: 'Git server x: the connection broke off' };
  expect(await ask('refresh', 'shop')).toMatchObject({
    exitCode: 2,
    stderr: 'note: shop: Git did not answer, Git server x: the connection broke off; the head is that of before\n',
  });
});
