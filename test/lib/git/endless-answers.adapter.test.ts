import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createGit } from '../../../lib/git/git.ts';
import { DELIM, encodePkt, FLUSH } from '../../../lib/git/protocol/pkt-line.ts';
import { noSecrets } from './git-fixture.ts';
import { ADVERTISEMENT, answering, CAPABILITIES, startHostileServer } from './hostile-server.ts';

const COMMIT = '0123456789012345678901234567890123456789';
const limits = { advertisementBytes: 200_000, answerBytes: 500_000, packBytes: 400_000, refBytes: 400_000 };
const git = createGit({ secrets: noSecrets, limits });

/** Sends the beginning, then the same bytes until the client hangs up. */
function endlessly(response: ServerResponse, beginning: Uint8Array, more: Uint8Array): void {
  response.write(beginning);
  const write = (): void => {
    while (!response.destroyed && response.write(more));
    if (!response.destroyed) response.once('drain', write);
  };
  write();
}

const line = (content: string | Uint8Array): Buffer => encodePkt(content);
const band = (channel: number): Buffer => line(Buffer.concat([Buffer.from([channel]), Buffer.alloc(20_000, 'x')]));
const start = Buffer.concat(CAPABILITIES.map(line));

test.each<[string, Uint8Array, Uint8Array]>([
  ['capabilities', start, line(`extra-${'x'.repeat(20_000)}\n`)],
  ['flushes', start, Buffer.concat(Array(5_000).fill(FLUSH))],
  ['delimiters', start, Buffer.concat(Array(5_000).fill(DELIM))],
])('R5: an advertisement of endless %s is not read to its end', async (_what, beginning, more) => {
  const server = await startHostileServer((_request, response) => {
    response.setHeader('content-type', 'application/x-git-upload-pack-advertisement');
    endlessly(response, beginning, more);
  });
  await expect(git.resolve(`${server.url}/shop`, 'main')).rejects.toMatchObject({
    code: 'SourceTooLarge',
    message: expect.stringMatching(/\/shop: advertisementBytes would be \d+; the limit is 200000$/),
  });
  await server.stop();
});

test.each<[string, Uint8Array, Uint8Array]>([
  ['progress', Buffer.concat([line('packfile\n')]), band(2)],
  ['lines before the pack', line('acknowledgments\n'), line(`ACK ${'x'.repeat(20_000)}\n`)],
  ['sections before the pack', line('shallow-info\n'), Buffer.concat(Array(5_000).fill(DELIM))],
  ['empty lines in the pack', line('packfile\n'), Buffer.concat(Array(5_000).fill(line(Buffer.from([1]))))],
])('R5: an answer of endless %s is not read to its end', async (_what, beginning, more) => {
  const server = await startHostileServer((request, response) => {
    if (request.method === 'GET') return answering(ADVERTISEMENT)(request, response);
    response.setHeader('content-type', 'application/x-git-upload-pack-result');
    endlessly(response, beginning, more);
  });
  await expect(git.open(`${server.url}/shop`, COMMIT)).rejects.toMatchObject({
    code: 'SourceTooLarge',
    message: expect.stringMatching(/\/shop: answerBytes would be \d+; the limit is 500000$/),
  });
  await server.stop();
});

test('R5: a list of refs of endless delimiters is not read to its end', async () => {
  const server = await startHostileServer(async (request, response) => {
    if (!(await text(request)).includes('ls-refs')) return answering(ADVERTISEMENT)(request, response);
    response.setHeader('content-type', 'application/x-git-upload-pack-result');
    endlessly(response, line(`${COMMIT} refs/heads/other\n`), band(2));
  });
  await expect(git.resolve(`${server.url}/shop`, 'main')).rejects.toMatchObject({
    code: expect.stringMatching(/^(SourceTooLarge|GitProtocol)$/),
  });
  await server.stop();
});
