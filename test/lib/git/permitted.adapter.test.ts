// Addresses are held against the project's sourceRepos before each connection, and nothing that one project or credential has led to is given to another.
import type { RequestListener } from 'node:http';
import { createGit } from '../../../lib/git/git.ts';
import type { GitCredentials } from '../../../lib/model/git-credentials.ts';
import { repositoryPermit } from '../../../lib/projects/limits.ts';
import { checkoutOf, type GitFixture, noSecrets, startGitFixture } from './git-fixture.ts';
import { answering, type HostileServer, lines, startHostileServer } from './hostile-server.ts';

const COMMIT = '0123456789012345678901234567890123456789';
const token: GitCredentials = { kind: 'token', token: 'canary-token' };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A server whose repository `old` has moved. */
async function movedTo(location: string): Promise<HostileServer> {
  const refs = answering(lines(`${COMMIT} refs/heads/main\n`));
  const listener: RequestListener = (request, response) => {
    if (!request.url?.startsWith('/acme/old')) return refs(request, response);
    const suffix = request.url.slice('/acme/old'.length);
    return response.writeHead(301, { location: `${location}${suffix}` }).end();
  };
  const server = await startHostileServer(listener);
  stops.push(server.stop);
  return server;
}

async function realServer(): Promise<GitFixture & { readonly commit: string }> {
  const fixture = await startGitFixture();
  stops.push(fixture.stop);
  return { ...fixture, commit: await fixture.repository.commit({ 'a.yaml': 'a: 1\n' }) };
}

const permit = (...sourceRepos: readonly string[]) => repositoryPermit({ name: 'shop', sourceRepos, destinations: [] });

const pathsOf = ({ arrived }: HostileServer) => arrived.map(({ url }) => url?.replace(/[?].*/, ''));

test.each(['resolve', 'open'] as const)(
  'a repository that the project does not permit is not connected to: %s',
  async (verb) => {
    const server = await movedTo('/acme/new');
    const git = createGit({ secrets: { gitCredentials: async () => token } });
    const asked = git[verb](
      `${server.url}/evil/shop`,
      verb === 'open' ? COMMIT : 'main',
      permit(`${server.url}/acme/*`),
    );
    await expect(asked).rejects.toMatchObject({
      code: 'ProjectForbids',
      message: expect.stringMatching(
        /\/evil\/shop: Project\/shop does not permit the repository; add to its spec.sourceRepos/,
      ),
    });
    expect(server.arrived).toEqual([]);
  },
);

test.each([
  ['another owner', '/evil/shop'],
  ['a deeper path', '/acme/new/private'],
  ['a path with dots, as the URL resolves it', '/acme/../evil/shop'],
])('a redirect to %s on the same host is held against the project before it is followed', async (_what, target) => {
  const server = await movedTo(target);
  const git = createGit({ secrets: { gitCredentials: async () => token } });
  await expect(git.resolve(`${server.url}/acme/old`, 'main', permit(`${server.url}/acme/*`))).rejects.toMatchObject({
    code: 'ProjectForbids',
    message: expect.stringMatching(/acme\/old: the server redirects to .*: Project\/shop does not permit/),
  });
  expect(pathsOf(server)).toEqual(['/acme/old/info/refs']);
});

test('a redirect to what the project permits is followed, with the credentials of the address', async () => {
  const server = await movedTo('/acme/new');
  const git = createGit({ secrets: { gitCredentials: async () => token } });
  expect(await git.resolve(`${server.url}/acme/old`, 'main', permit(`${server.url}/acme/*`))).toBe(COMMIT);
  expect(pathsOf(server)).toEqual(['/acme/old/info/refs', '/acme/new/info/refs', '/acme/new/git-upload-pack']);
  expect(new Set(server.arrived.map(({ headers }) => headers.authorization)).size).toBe(1);
});

test('a denial in sourceRepos holds for the target of a redirect', async () => {
  const server = await movedTo('/acme/secret');
  const git = createGit({ secrets: noSecrets });
  const limits = permit(`${server.url}/acme/*`, `!${server.url}/acme/secret`);
  await expect(git.resolve(`${server.url}/acme/old`, 'main', limits)).rejects.toMatchObject({ code: 'ProjectForbids' });
});

test('what another project has fetched by a redirect is not given to one that does not permit it, at the same time or later', async () => {
  const server = await movedTo('/acme/new');
  const git = createGit({ secrets: noSecrets });
  const old = `${server.url}/acme/old`;
  const [wide, narrow] = await Promise.allSettled([
    git.resolve(old, 'main', permit(`${server.url}/**`)),
    git.resolve(old, 'main', permit(old)),
  ]);
  expect([wide.status, narrow.status]).toEqual(['fulfilled', 'rejected']);
  await expect(git.resolve(old, 'main', permit(old))).rejects.toMatchObject({ code: 'ProjectForbids' });
});

test('an opened commit is cached for equal permits and credentials only', async () => {
  let credentials: GitCredentials | undefined;
  const { url, commit, client, requests } = await realServer();
  const git = client({ secrets: { gitCredentials: async () => credentials } });
  const asked = async (...sourceRepos: readonly string[]): Promise<number> => {
    const before = requests.length;
    const snapshot = await git.open(url, commit, permit(...sourceRepos));
    expect([...(await snapshot.checkout(['']))].map(([path]) => path)).toEqual(['a.yaml']);
    return requests.length - before;
  };
  expect(await asked(url)).toBeGreaterThan(0);
  expect(await asked(url)).toBe(0);
  expect(await asked('**')).toBeGreaterThan(0);
  credentials = token;
  expect(await asked(url)).toBeGreaterThan(0);
  expect(await asked(url)).toBe(0);
  credentials = { kind: 'token', token: 'another' };
  expect(await asked(url)).toBeGreaterThan(0);
});

test('without a declared project everything is permitted', async () => {
  const { git, url, commit } = await realServer();
  expect(repositoryPermit(undefined)).toBeUndefined();
  expect(await checkoutOf(git, url, commit, '')).toEqual({ 'a.yaml': 'a: 1\n' });
});

test.each(['169.254.169.254', '[::ffff:169.254.169.254]', '[fe80::1]', '[fd00:ec2::254]', '0xa9fea9fe', '2852039166'])(
  'nothing is sent to %s, whatever the project permits',
  async (host) => {
    const git = createGit({ secrets: noSecrets, timeouts: { connectMs: 200 } });
    await expect(git.resolve(`http://${host}/acme/shop`, 'main', permit('**'))).rejects.toMatchObject({
      code: 'SourceRefused',
    });
  },
);
