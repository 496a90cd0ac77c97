import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { createGit } from '../../../lib/git/git.ts';
import { DELIM, encodePkt, FLUSH } from '../../../lib/git/protocol/pkt-line.ts';
import { noSecrets } from './git-fixture.ts';
import { ADVERTISEMENT, answering, CAPABILITIES, lines, packAnswer, startHostileServer } from './hostile-server.ts';
import { BLOB, buildPack, commitOf, oid, REF_DELTA } from './pack-builder.ts';

const limits = {
  packBytes: 200_000,
  objectBytes: 100_000,
  inflatedBytes: 1_000_000,
  refBytes: 10_000,
  checkoutBytes: 150_000,
  depth: 3,
};
const git = createGit({ secrets: noSecrets, limits });
const hello = Buffer.from('hello\n');
const { commit, entries } = commitOf({ 'a.yaml': oid('blob', hello) });

async function openFrom(listener: RequestListener): Promise<{ readonly url: string; readonly failure: unknown }> {
  const server = await startHostileServer(listener);
  const url = `${server.url}/shop`;
  const failure = await git.open(url, commit).catch((error: unknown) => error);
  await server.stop();
  return { url, failure };
}

const page: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>canary</html>');
};
const dumb: RequestListener = (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain' }).end(`${commit}\trefs/heads/main\n`);
};
const compressed: RequestListener = (request, response) => {
  response.setHeader('content-encoding', 'gzip');
  answering(ADVERTISEMENT)(request, response);
};
const pack = packAnswer(buildPack(entries));
const band = (channel: number, text: string) => encodePkt(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));

test.each<[string, RequestListener, string]>([
  ['a web page', page, "the server returned text/html instead of Git's smart protocol; check the URL"],
  ['the dumb protocol', dumb, "the server returned text/plain instead of Git's smart protocol; check the URL"],
  [
    'what is compressed',
    compressed,
    "the server returned a compressed body instead of Git's smart protocol; check the URL",
  ],
  [
    'protocol version 0',
    answering(pack, Buffer.concat([lines('# service=git-upload-pack\n'), lines(`${commit} HEAD\0multi_ack\n`)])),
    'the server speaks an older protocol; Git protocol version 2 is needed',
  ],
  [
    'protocol version 1',
    answering(pack, lines('version 1\n', `${commit} HEAD\0multi_ack\n`)),
    'the server speaks an older protocol; Git protocol version 2 is needed',
  ],
  ['no capabilities', answering(pack, lines('version 2\n')), 'the server does not offer both ls-refs and fetch'],
  ['nothing', answering(pack, FLUSH), 'the server does not speak Git protocol version 2'],
  ['garbage', answering(Buffer.from('garbage')), 'the response is not Git protocol; a line begins with "garb"'],
  ['no pack', answering(lines('shallow-info\n')), 'the response has no pack'],
  ['an answer without end', answering(pack.subarray(0, -4)), 'the response was cut off'],
  ['half a line', answering(pack.subarray(0, -9)), 'the response ends in the middle of a line'],
  ['more after the end', answering(Buffer.concat([pack, encodePkt('more')])), 'the response continues after its end'],
  [
    'an error in mid-pack',
    answering(Buffer.concat([encodePkt('packfile\n'), band(1, 'PACK'), band(3, 'disk\u0007 is\nfull\n'), FLUSH])),
    'the server says "disk is full"',
  ],
  ['an error instead of a pack', answering(lines('ERR out of order\n')), 'the server says "out of order"'],
  [
    'an unknown channel',
    answering(Buffer.concat([encodePkt('packfile\n'), band(9, 'PACK'), FLUSH])),
    'the response has the unknown channel 9',
  ],
  [
    'a pack that is cut off',
    answering(packAnswer(buildPack(entries).subarray(0, -30))),
    'the pack does not match its checksum; it was cut off or changed on its way',
  ],
  [
    'a delta without its base',
    answering(packAnswer(buildPack([{ code: REF_DELTA, base: Buffer.alloc(20), content: hello }]))),
    `the pack has a delta without its base ${'0'.repeat(40)}`,
  ],
])('a server that sends %s is GitProtocol', async (_what, listener, why) => {
  const { url, failure } = await openFrom(listener);
  expect(failure).toMatchObject({ code: 'GitProtocol', retry: true, message: `${url}: ${why}` });
});

test('a commit whose folders were not sent is GitProtocol', async () => {
  const server = await startHostileServer(answering(packAnswer(buildPack(entries.slice(0, 1)))));
  const snapshot = await git.open(`${server.url}/shop`, commit);
  await expect(snapshot.checkout([''])).rejects.toMatchObject({
    code: 'GitProtocol',
    message: expect.stringContaining('the server did not send the folder with the id'),
  });
  await server.stop();
});

test('another commit than the one that was asked for is CommitNotFound', async () => {
  const { failure } = await openFrom(answering(packAnswer(buildPack(commitOf({}).entries))));
  expect(failure).toMatchObject({ code: 'CommitNotFound' });
});

/** A server that sends the commit first, and this for its files. */
function thenBlobs(answer: Buffer, first = pack): RequestListener {
  return async (request, response) => {
    const isCommit = (await text(request)).includes('deepen 1');
    answering(isCommit ? first : answer)(request, response);
  };
}

test.each([
  [
    'another file than was asked for',
    packAnswer(buildPack([{ code: BLOB, content: Buffer.from('evil\n') }])),
    'GitProtocol',
    'did not send the file',
  ],
  ['no file', packAnswer(buildPack([])), 'GitProtocol', 'did not send the file'],
  [
    'a file that is a bomb',
    packAnswer(buildPack([{ code: BLOB, content: Buffer.alloc(50_000_000) }])),
    'SourceTooLarge',
    'objectBytes would be 50000000; the limit is 100000',
  ],
])('a server that sends %s is refused', async (_what, answer, code, why) => {
  const server = await startHostileServer(thenBlobs(answer));
  const snapshot = await git.open(`${server.url}/shop`, commit);
  await expect(snapshot.checkout([''])).rejects.toMatchObject({ code, message: expect.stringContaining(why) });
  await server.stop();
});

test('a server that gives no single files is asked for the whole commit', async () => {
  const whole = packAnswer(buildPack([...entries, { code: BLOB, content: hello }]));
  const refusal = lines(`ERR upload-pack: not our ref ${oid('blob', hello)}\n`);
  let commits = 0;
  const server = await startHostileServer((request, response) => {
    commits += request.method === 'POST' ? 1 : 0;
    thenBlobs(refusal, commits === 1 ? pack : whole)(request, response);
  });
  const snapshot = await git.open(`${server.url}/shop`, commit);
  expect(await snapshot.checkout([''])).toEqual(new Map([['a.yaml', hello]]));
  await server.stop();
});

test('an answer that is larger than allowed is not read to its end (security case 12)', async () => {
  const { url, failure } = await openFrom((request, response) => {
    if (request.method === 'GET') return answering(ADVERTISEMENT)(request, response);
    response.setHeader('content-type', 'application/x-git-upload-pack-result');
    response.write(Buffer.concat([encodePkt('packfile\n'), DELIM]));
    const line = band(1, 'x'.repeat(60_000));
    const more = () => {
      while (!response.destroyed && response.write(line));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  });
  expect(failure).toMatchObject({
    code: 'SourceTooLarge',
    message: `${url}: packBytes would be 240000; the limit is 200000`,
  });
});

test('a list of refs that is larger than allowed is refused', async () => {
  const many = Array.from({ length: 500 }, (_, index) => `${commit} refs/heads/main-${index}\n`);
  const server = await startHostileServer(answering(lines(...many)));
  await expect(git.resolve(`${server.url}/shop`, 'main')).rejects.toMatchObject({
    code: 'SourceTooLarge',
    message: expect.stringContaining('refBytes would be'),
  });
  await server.stop();
});

test.each([
  ['an id that is none', 'xyz refs/heads/main\n'],
  ['no name', `${commit}\n`],
  ['a SHA-256 id', `${commit}${'0'.repeat(24)} refs/heads/main\n`],
])('a list of refs with %s is GitProtocol', async (_what, line) => {
  const server = await startHostileServer(answering(lines(line)));
  await expect(git.resolve(`${server.url}/shop`, 'main')).rejects.toMatchObject({
    code: 'GitProtocol',
    message: `${server.url}/shop: the list of refs is malformed`,
  });
  await server.stop();
});

test('a server that announces another object format is refused', async () => {
  const sha256 = lines(...CAPABILITIES.slice(0, 3), 'object-format=sha256\n');
  const { url, failure } = await openFrom(answering(pack, sha256));
  expect(failure).toMatchObject({
    code: 'SourceRefused',
    message: `${url}: its object format is sha256; only sha1 is supported`,
  });
});

test('files that are too large together are SourceTooLarge', async () => {
  const big = Buffer.alloc(80_000, 'x');
  const two = commitOf({ a: oid('blob', big), b: oid('blob', big) });
  const whole = packAnswer(buildPack([...two.entries, { code: BLOB, content: big }]));
  const server = await startHostileServer(answering(whole));
  const snapshot = await git.open(`${server.url}/shop`, two.commit);
  await expect(snapshot.checkout([''])).rejects.toMatchObject({
    code: 'SourceTooLarge',
    message: `${server.url}/shop at ${two.commit}: checkoutBytes would be 160000; the limit is 150000`,
  });
  await server.stop();
});
