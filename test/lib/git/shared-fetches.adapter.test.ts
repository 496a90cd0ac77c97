import { createRepository } from './git-cli.ts';
import { checkoutOf, type GitFixture, startGitFixture } from './git-fixture.ts';
import { answering, lines, startHostileServer } from './hostile-server.ts';

let fixture: GitFixture;
let commit: string;

beforeAll(async () => {
  fixture = await startGitFixture();
  const apps = Array.from({ length: 20 }, (_, index) => [`apps/${index}/a.yaml`, `app: ${index}\n`] as const);
  commit = await fixture.repository.commit({ ...Object.fromEntries(apps), 'shared/s.yaml': 'shared\n' });
}, 30_000);

afterAll(() => fixture.stop());

/** The requests that a piece of work makes, in short. */
async function requestsOf(work: () => Promise<unknown>): Promise<string[]> {
  const before = fixture.requests.length;
  await work();
  return fixture.requests.slice(before).map(({ method, body }) => {
    const command = /command=([a-z-]+)/.exec(body)?.[1] ?? '';
    const wants = body.match(/want /g)?.length ?? 0;
    return `${method} ${command}${wants === 0 ? '' : ` ${wants}`}`.trim();
  });
}

test('what a server can do is asked once', async () => {
  const git = fixture.client();
  await git.resolve(fixture.url, 'main');
  expect(await requestsOf(() => git.resolve(fixture.url, 'main'))).toEqual(['POST ls-refs']);
});

test('all requests to a server travel over one connection, one after the other', async () => {
  const server = await startHostileServer(answering(lines(`${commit} refs/heads/main\n`)));
  const git = fixture.client();
  const url = server.url.replace('127.0.0.1', 'localhost');
  for (const repo of ['shop', 'shop', 'web']) await git.resolve(`${url}/${repo}`, 'main');
  expect(server.arrived).toHaveLength(5);
  expect(new Set(server.arrived.map(({ socket }) => socket)).size).toBe(1);
  await server.stop();
});

test('twenty applications that start together share one request of each kind', async () => {
  const git = fixture.client();
  const requests = await requestsOf(() =>
    Promise.all(Array.from({ length: 20 }, () => git.resolve(fixture.url, 'main'))),
  );
  expect(requests).toEqual(['GET', 'POST ls-refs']);
  expect(await requestsOf(() => Promise.all(Array.from({ length: 20 }, () => git.open(fixture.url, commit))))).toEqual([
    'POST fetch 1',
  ]);
});

test('files that several checkouts need at the same time are fetched once', async () => {
  const git = fixture.client();
  await git.open(fixture.url, commit);
  const requests = await requestsOf(() =>
    Promise.all([
      checkoutOf(git, fixture.url, commit, 'apps/1', 'shared'),
      checkoutOf(git, fixture.url, commit, 'apps/2', 'shared'),
    ]),
  );
  expect(requests.sort()).toEqual(['POST fetch 1', 'POST fetch 2']);
});

test('a second checkout of the same files needs no request', async () => {
  const git = fixture.client();
  await checkoutOf(git, fixture.url, commit, 'apps');
  expect(await requestsOf(() => checkoutOf(git, fixture.url, commit, 'apps', 'apps/3'))).toEqual([]);
});

test('of a newer commit only the changed files are fetched', async () => {
  const git = fixture.client();
  await checkoutOf(git, fixture.url, commit, 'apps');
  const newer = await fixture.repository.commit({ 'apps/7/a.yaml': `app: seven, ${Math.random()}\n` });
  expect(await requestsOf(() => checkoutOf(git, fixture.url, newer, 'apps'))).toEqual(['POST fetch 1', 'POST fetch 1']);
});

test('another address of the same repository shares nothing, since it may have other credentials (security case 20)', async () => {
  const git = fixture.client();
  await checkoutOf(git, fixture.url, commit, '');
  expect(await requestsOf(() => checkoutOf(git, `${fixture.url}/`, commit, 'shared'))).toEqual([
    'GET',
    'POST fetch 1',
    'POST fetch 1',
  ]);
});

test('commits that no longer fit are fetched again, the newest one stays (security case 20)', async () => {
  const git = fixture.client({ limits: { cacheBytes: 1 } });
  const newer = await fixture.repository.commit({ 'other.yaml': 'other\n' });
  await checkoutOf(git, fixture.url, commit, 'shared');
  expect(await requestsOf(() => checkoutOf(git, fixture.url, commit, 'shared'))).toEqual([]);
  await git.open(fixture.url, newer);
  expect(await requestsOf(() => checkoutOf(git, fixture.url, commit, 'shared'))).toEqual([
    'POST fetch 1',
    'POST fetch 1',
  ]);
});

test('a failed fetch is not remembered', async () => {
  const git = fixture.client();
  const elsewhere = await createRepository();
  const later = await elsewhere.commit({ 'later.yaml': 'later\n' });
  await expect(git.open(fixture.url, later)).rejects.toMatchObject({ code: 'CommitNotFound' });
  await elsewhere.git('push', '--quiet', fixture.url, 'main:later');
  await elsewhere.remove();
  expect(await checkoutOf(git, fixture.url, later, 'later.yaml')).toEqual({ 'later.yaml': 'later\n' });
});

test('more files than one request may ask for are fetched by several', async () => {
  const git = fixture.client({ limits: { wantsPerRequest: 8 } });
  await git.open(fixture.url, commit);
  expect(await requestsOf(() => checkoutOf(git, fixture.url, commit, 'apps'))).toEqual([
    'POST fetch 8',
    'POST fetch 8',
    'POST fetch 4',
  ]);
});
