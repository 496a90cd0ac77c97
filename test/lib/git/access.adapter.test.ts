import type { RequestListener } from 'node:http';
import { createGit } from '../../../lib/git/git.ts';
import type { GitCredentials } from '../../../lib/model/git-credentials.ts';
import { checkoutOf, noSecrets, startGitFixture } from './git-fixture.ts';
import { ADVERTISEMENT, answering, type HostileServer, lines, startHostileServer } from './hostile-server.ts';

const COMMIT = '0123456789012345678901234567890123456789';
const OTHER_COMMIT = '9876543210987654321098765432109876543210';
const token: GitCredentials = { kind: 'token', token: 'canary-token' };
const withToken = { gitCredentials: async () => token };
const header = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

let servers: HostileServer[] = [];

afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  servers = [];
});

async function serve(listener: RequestListener): Promise<HostileServer> {
  const server = await startHostileServer(listener);
  servers.push(server);
  return server;
}

const refs = answering(lines(`${COMMIT} refs/heads/main\n`));

test.each<[string, GitCredentials | undefined, string | undefined]>([
  ['nothing', undefined, undefined],
  ['a token', token, header('x-access-token:canary-token')],
  ['name and password', { kind: 'basic', username: 'ada', password: 'p:w' }, header('ada:p:w')],
])('with %s configured, every request to the server shows just that', async (_what, credentials, expected) => {
  const server = await serve(refs);
  const git = createGit({ secrets: { gitCredentials: async () => credentials } });
  expect(await git.resolve(`${server.url}/shop`, 'main')).toBe(COMMIT);
  expect(server.arrived.map(({ headers }) => headers.authorization)).toEqual([expected, expected]);
});

test('the secrets are asked for the repository as it is written', async () => {
  const server = await serve(refs);
  const asked: string[] = [];
  const gitCredentials = async (repo: string) => {
    asked.push(repo);
    return undefined;
  };
  await createGit({ secrets: { gitCredentials } }).resolve(`${server.url}/shop.git/`, 'main');
  expect(new Set(asked)).toEqual(new Set([`${server.url}/shop.git/`]));
});

test('a server with basic authentication is read from end to end', async () => {
  const credentials = { username: 'ada', password: 'open sesame' };
  const fixture = await startGitFixture({ credentials });
  const commit = await fixture.repository.commit({ 'a.yaml': 'a: 1\n' });
  const git = fixture.client({ secrets: { gitCredentials: async () => ({ kind: 'basic', ...credentials }) } });
  expect(await git.resolve(fixture.url, 'main')).toBe(commit);
  expect(await checkoutOf(git, fixture.url, commit, '')).toEqual({ 'a.yaml': 'a: 1\n' });
  await expect(fixture.git.resolve(fixture.url, 'main')).rejects.toMatchObject({ code: 'GitAccessDenied' });
  await fixture.stop();
});

const absent = 'the repository does not exist';
test.each([
  [401, noSecrets, 'GitAccessDenied', `; ${absent}, or it is private and no credentials are configured for it`],
  [403, noSecrets, 'GitAccessDenied', `; ${absent}, or it is private and no credentials are configured for it`],
  [404, noSecrets, 'GitAccessDenied', `; ${absent}, or it is private and no credentials are configured for it`],
  [401, withToken, 'GitAccessDenied', `; ${absent}, or the configured credentials may not read it`],
  [403, withToken, 'GitAccessDenied', `; ${absent}, or the configured credentials may not read it`],
  [404, withToken, 'GitAccessDenied', `; ${absent}, or the configured credentials may not read it`],
  [429, withToken, 'GitUnreachable', ''],
  [500, withToken, 'GitUnreachable', ''],
  [503, noSecrets, 'GitUnreachable', ''],
  [418, noSecrets, 'GitProtocol', ''],
])('HTTP %i is told apart (%#)', async (status, secrets, code, rest) => {
  const server = await serve((_request, response) => response.writeHead(status).end('body of the answer: canary'));
  const url = `${server.url}/shop`;
  await expect(createGit({ secrets }).resolve(url, 'main')).rejects.toMatchObject({
    code,
    message: `${url}: the server returned HTTP ${status}${rest}`,
  });
});

test('credentials that were replaced are used at once, after one refusal', async () => {
  let valid = 'first';
  const server = await serve((request, response) => {
    if (request.headers.authorization === header(`x-access-token:${valid}`)) refs(request, response);
    else response.writeHead(401).end();
  });
  const git = createGit({ secrets: { gitCredentials: async () => ({ kind: 'token', token: valid }) } });
  await git.resolve(`${server.url}/shop`, 'main');
  valid = 'second';
  expect(await git.resolve(`${server.url}/shop`, 'main')).toBe(COMMIT);
});

test('D8: a redirect on the same host is followed, and followed again each time', async () => {
  const server = await serve((request, response) => {
    if (request.url?.startsWith('/new.git/')) refs(request, response);
    else response.writeHead(301, { location: `/new.git${request.url?.slice('/old'.length)}` }).end();
  });
  const git = createGit({ secrets: withToken });
  expect(await git.resolve(`${server.url}/old`, 'main')).toBe(COMMIT);
  expect(await git.resolve(`${server.url}/old`, 'main')).toBe(COMMIT);
  expect(server.arrived.map(({ url, headers }) => [url, headers.authorization !== undefined])).toEqual([
    ['/old/info/refs?service=git-upload-pack', true],
    ['/new.git/info/refs?service=git-upload-pack', true],
    ['/new.git/git-upload-pack', true],
    ['/old/info/refs?service=git-upload-pack', true],
    ['/new.git/info/refs?service=git-upload-pack', true],
    ['/new.git/git-upload-pack', true],
  ]);
});

test('D8: a repository that is made under the name of a renamed one is the one that is read', async () => {
  let made = false;
  const server = await serve((request, response) => {
    if (request.url?.startsWith('/new.git/')) refs(request, response);
    else if (made) answering(lines(`${OTHER_COMMIT} refs/heads/main\n`))(request, response);
    else response.writeHead(301, { location: `/new.git${request.url?.slice('/old'.length)}` }).end();
  });
  const git = createGit({ secrets: noSecrets });
  expect(await git.resolve(`${server.url}/old`, 'main')).toBe(COMMIT);
  made = true;
  expect(await git.resolve(`${server.url}/old`, 'main')).toBe(OTHER_COMMIT);
});

test('a repository that moves later is found again', async () => {
  let moved = false;
  const server = await serve((request, response) => {
    if (!moved || request.url?.startsWith('/new.git/')) refs(request, response);
    else response.writeHead(301, { location: `/new.git${request.url?.slice('/old'.length)}` }).end();
  });
  const git = createGit({ secrets: noSecrets });
  await git.resolve(`${server.url}/old`, 'main');
  moved = true;
  expect(await git.resolve(`${server.url}/old`, 'main')).toBe(COMMIT);
});

test.each([
  ['another host', (url: string) => url.replace('127.0.0.1', 'localhost')],
  ['another port', (url: string) => url],
])(
  'a redirect to %s is refused by its name, and nothing arrives there (security case 30, GHSA-56hp-xqp3-w2jf)',
  async (_where, elsewhere) => {
    const foreign = await serve(refs);
    const target = elsewhere(foreign.url);
    const server = await serve((request, response) => {
      response.writeHead(302, { location: `${target}${request.url}` }).end();
    });
    await expect(createGit({ secrets: withToken }).resolve(`${server.url}/shop`, 'main')).rejects.toMatchObject({
      code: 'GitAccessDenied',
      message: `${server.url}/shop: the server redirects to ${target}, which is not followed; if it is correct, configure the repository with that URL`,
    });
    expect(foreign.arrived).toEqual([]);
  },
);

test.each([
  ['without end', (path: string) => path, 'the server redirects more than 3 times'],
  ['to something else', () => '/login', 'the server redirects to a URL that is not a Git repository'],
  ['to nowhere', () => 'http://', 'the server redirects to a URL that is not a Git repository'],
])('a redirect %s is GitProtocol', async (_where, target, why) => {
  const server = await serve((request, response) => {
    response.writeHead(302, { location: target(request.url ?? '') }).end();
  });
  await expect(createGit({ secrets: withToken }).resolve(`${server.url}/shop`, 'main')).rejects.toMatchObject({
    code: 'GitProtocol',
    message: `${server.url}/shop: ${why}`,
  });
});

test('a command that is redirected is not followed (GHSA-56hp-xqp3-w2jf)', async () => {
  const foreign = await serve(refs);
  const server = await serve((request, response) => {
    if (request.method === 'POST') response.writeHead(307, { location: `${foreign.url}${request.url}` }).end();
    else answering(ADVERTISEMENT)(request, response);
  });
  await expect(createGit({ secrets: withToken }).resolve(`${server.url}/shop`, 'main')).rejects.toMatchObject({
    code: 'GitProtocol',
    message: `${server.url}/shop: the server returned HTTP 307`,
  });
  expect(foreign.arrived).toEqual([]);
});

test.each([
  ['ssh://git@git.example/shop', 'repository ssh://…@git.example/shop: is not an http(s) URL; write https://HOST/PATH'],
  ['git@git.example:shop', 'repository …@git.example:shop: is not an http(s) URL; write https://HOST/PATH'],
  ['file:///etc', 'repository file:///etc: is not an http(s) URL; write https://HOST/PATH'],
  ['shop', 'repository shop: is not an http(s) URL; write https://HOST/PATH'],
  [
    'https://ada:canary@git.example/shop',
    'repository https://…@git.example/shop: contains credentials; configure them as a secret instead',
  ],
  [
    'https://canary@git.example/shop',
    'repository https://…@git.example/shop: contains credentials; configure them as a secret instead',
  ],
  [
    'https://git.example/shop?token=canary',
    'repository https://git.example/shop: has a query or fragment; leave it out',
  ],
  ['https://a:can@ry@[bad/x?canary', 'repository https://…@[bad/x: is not an http(s) URL; write https://HOST/PATH'],
])('the address %s is refused without its credentials (security case 16)', async (repo, message) => {
  const git = createGit({ secrets: noSecrets });
  const refusal = { code: 'SourceRefused', message };
  await expect(git.resolve(repo, 'main')).rejects.toMatchObject(refusal);
  await expect(git.open(repo, COMMIT)).rejects.toMatchObject(refusal);
});

test.each(['169.254.169.254', '[fd00:ec2::254]', '[fe80::1]', '[::ffff:169.254.169.254]', '0xa9fea9fe'])(
  'nothing is sent to the metadata services of clouds: %s (security case 30)',
  async (host) => {
    const git = createGit({ secrets: withToken, timeouts: { connectMs: 500 } });
    await expect(git.resolve(`http://${host}/shop`, 'main')).rejects.toMatchObject({
      code: 'SourceRefused',
      message: expect.stringContaining('its address is link-local, where clouds serve credentials'),
    });
  },
);
