import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createGit } from '../../../../lib/git/git.ts';
import { defaultGithubApi } from '../../../../lib/git/transport/credentials.ts';
import type { GitCredentials } from '../../../../lib/model/git-credentials.ts';
import { answering, type HostileServer, lines, startHostileServer } from '../hostile-server.ts';

const COMMIT = '0123456789012345678901234567890123456789';
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const app: GitCredentials = { kind: 'githubApp', appId: '12', installationId: '345', privateKey: pem };

let api: HostileServer;
let forge: HostileServer;
let now: number;
let answer: RequestListener;

/** Hands out tokens `t1`, `t2`, … that live for an hour. */
function handOut(): RequestListener {
  let count = 0;
  return (_request, response) => {
    count += 1;
    const expires = new Date(now + 3_600_000).toISOString();
    response.writeHead(201).end(JSON.stringify({ token: `t${count}`, expires_at: expires }));
  };
}

beforeEach(async () => {
  now = Date.now();
  answer = handOut();
  api = await startHostileServer((request, response) => answer(request, response));
  forge = await startHostileServer(answering(lines(`${COMMIT} refs/heads/main\n`)));
});

afterEach(() => Promise.all([api.stop(), forge.stop()]));

function client(credentials: GitCredentials = app): (repo?: string) => Promise<string> {
  const secrets = { gitCredentials: async () => credentials };
  const git = createGit({ secrets, githubApi: () => api.url, now: () => now });
  return (repo = 'shop') => git.resolve(`${forge.url}/${repo}`, 'main');
}

const shown = () =>
  forge.arrived.map(({ headers }) => Buffer.from(headers.authorization?.slice(6) ?? '', 'base64').toString());

test('the app signs its claim and gets a token for its installation', async () => {
  expect(await client()()).toBe(COMMIT);
  const [request] = api.arrived;
  expect(`${request?.method} ${request?.url}`).toBe('POST /app/installations/345/access_tokens');
  const [head = '', claims = '', signature = ''] = (request?.headers.authorization ?? '')
    .replace(/^bearer /, '')
    .split('.');
  const key = createPublicKey(privateKey);
  expect(verify('sha256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({ iss: '12' });
  expect(shown()).toEqual(['x-access-token:t1', 'x-access-token:t1']);
});

test('a token is kept until shortly before it expires, for all repositories of the installation', async () => {
  const resolve = client();
  await Promise.all([resolve('shop'), resolve('web')]);
  now += 54 * 60_000;
  await resolve();
  expect(api.arrived).toHaveLength(1);
  now += 2 * 60_000;
  await resolve();
  expect(api.arrived).toHaveLength(2);
  expect(shown().at(-1)).toBe('x-access-token:t2');
});

test('a token that is refused is replaced', async () => {
  let revoked = '';
  const refs = answering(lines(`${COMMIT} refs/heads/main\n`));
  const strict = await startHostileServer((request, response) => {
    const token = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64')
      .toString()
      .split(':')[1];
    if (token === revoked) response.writeHead(401).end();
    else refs(request, response);
  });
  const git = createGit({ secrets: { gitCredentials: async () => app }, githubApi: () => api.url, now: () => now });
  await git.resolve(`${strict.url}/shop`, 'main');
  revoked = 't1';
  expect(await git.resolve(`${strict.url}/shop`, 'main')).toBe(COMMIT);
  expect(api.arrived).toHaveLength(2);
  revoked = 't2';
  await expect(git.resolve(`${strict.url}/new`, 'main')).rejects.toMatchObject({ code: 'GitAccessDenied' });
  expect(await git.resolve(`${strict.url}/new`, 'main')).toBe(COMMIT);
  await strict.stop();
});

test("another key does not get the token of the right key's holder", async () => {
  const credentials = { current: app };
  const secrets = { gitCredentials: async () => credentials.current };
  const git = createGit({ secrets, githubApi: () => api.url, now: () => now });
  await git.resolve(`${forge.url}/shop`, 'main');
  const other = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey;
  credentials.current = { ...app, privateKey: other.export({ type: 'pkcs8', format: 'pem' }).toString() };
  answer = (_request, response) => response.writeHead(401).end();
  await expect(git.resolve(`${forge.url}/other`, 'main')).rejects.toMatchObject({ code: 'GitAccessDenied' });
});

test.each<[string, RequestListener, string, string]>([
  [
    'refuses',
    (_request, response) => response.writeHead(401).end(),
    'GitAccessDenied',
    'returned HTTP 401; check the app id',
  ],
  [
    'does not know the installation',
    (_request, response) => response.writeHead(404).end(),
    'GitAccessDenied',
    'returned HTTP 404; check the app id',
  ],
  ['is down', (_request, response) => response.writeHead(502).end(), 'GitUnreachable', 'returned HTTP 502'],
  ['limits the rate', (_request, response) => response.writeHead(429).end(), 'GitUnreachable', 'returned HTTP 429'],
  [
    'redirects',
    (_request, response) => response.writeHead(302, { location: '/x' }).end(),
    'GitProtocol',
    'returned HTTP 302',
  ],
  [
    'answers no JSON',
    (_request, response) => response.writeHead(201).end('canary'),
    'GitProtocol',
    'returned no installation token',
  ],
  [
    'answers something else',
    (_request, response) => response.writeHead(201).end('{}'),
    'GitProtocol',
    'returned no installation token',
  ],
])('an API that %s is told apart', async (_situation, listener, code, why) => {
  answer = listener;
  await expect(client()()).rejects.toMatchObject({
    code,
    message: expect.stringMatching(`^GitHub App 12, installation 345: .*${why}`),
  });
  expect(forge.arrived).toEqual([]);
});

test('a private key that is none is GitAccessDenied and is not repeated (security case 16)', async () => {
  const failure = await client({ ...app, privateKey: '-----BEGIN RSA PRIVATE KEY-----canary' })().catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({
    code: 'GitAccessDenied',
    message:
      'GitHub App 12, installation 345: its private key cannot be used; configure the whole PEM file, line breaks included',
  });
  expect(failure).not.toHaveProperty('cause');
});

test.each([
  ['https://github.com/acme/shop', 'https://api.github.com'],
  ['https://git.acme.example/acme/shop', 'https://git.acme.example/api/v3'],
  ['https://git.acme.example:8443/acme/shop', 'https://git.acme.example:8443/api/v3'],
])('the API of %s is %s', (repo, expected) => {
  expect(defaultGithubApi(new URL(repo))).toBe(expected);
});
