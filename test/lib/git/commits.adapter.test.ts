// What commits say of themselves, and how far two of them are apart, from a real Git server.
import { type GitFixture, startGitFixture } from './git-fixture.ts';

let fixture: GitFixture;

beforeAll(async () => {
  fixture = await startGitFixture();
  await fixture.repository.commit({ 'a.yaml': 'a: 1\n' });
}, 30_000);

afterAll(() => fixture.stop());

/** A commit with the same files as its parents. */
async function commitTree(message: string, ...parents: readonly string[]): Promise<string> {
  const { git } = fixture.repository;
  const tree = await git('rev-parse', 'main^{tree}');
  return git('commit-tree', tree, '-m', message, ...parents.flatMap((parent) => ['-p', parent]));
}

/** A branch that points there, so that the server gives the commit away. */
async function branch(name: string, revision: string): Promise<string> {
  await fixture.repository.git('branch', '--force', name, revision);
  return revision;
}

async function chain(from: string, count: number): Promise<string> {
  let head = from;
  for (let n = 1; n <= count; n += 1) head = await commitTree(`change ${n}`, head);
  return head;
}

test('S6: author, time and first line come with the fetch of the commit, in the same request', async () => {
  const { repository, client, url, requests } = fixture;
  const revision = await commitTree('Raise the memory\n\nIt was too small.', await repository.git('rev-parse', 'main'));
  await branch('raised', revision);
  const before = requests.length;
  const { commit } = await client().open(url, revision);
  expect(commit).toMatchObject({
    author: 'Ada',
    email: 'ada@example.org',
    subject: 'Raise the memory',
    signed: false,
  });
  expect(Math.abs(Date.now() - Date.parse(commit?.at ?? ''))).toBeLessThan(60_000);
  // The capabilities and one fetch, as without it.
  expect(requests.length - before).toBe(2);
});

test('S2: the commits between two are counted in one request, newest first, and only once', async () => {
  const { client, url, requests, repository } = fixture;
  const from = await repository.git('rev-parse', 'main');
  const to = await branch('ahead', await chain(from, 7));
  const git = client();
  await git.resolve(url, 'ahead');
  const before = requests.length;
  const distance = await git.distance(url, { from, to });
  expect(distance).toMatchObject({ from, count: 7 });
  expect(distance?.commits.map(({ subject }) => subject)).toEqual([7, 6, 5, 4, 3].map((n) => `change ${n}`));
  expect(distance?.commits[0]?.revision).toBe(to);
  expect(requests.length - before).toBe(1);
  expect(await git.distance(url, { from, to })).toBe(distance);
  expect(requests.length - before).toBe(1);
});

test('S2: a hundred commits are counted, more are "100+"', async () => {
  const { git, url, repository } = fixture;
  const from = await repository.git('rev-parse', 'main');
  const hundred = await branch('hundred', await chain(from, 100));
  expect(await git.distance(url, { from, to: hundred })).not.toHaveProperty('isMore');
  const more = await branch('more', await chain(hundred, 1));
  expect(await git.distance(url, { from, to: more })).toMatchObject({ count: 100, isMore: true });
}, 60_000);

test('S2: after a forced push the head has diverged, whether or not the server still has what is deployed', async () => {
  const { git, url, repository } = fixture;
  const base = await repository.git('rev-parse', 'main');
  const from = await branch('old', await chain(base, 2));
  const to = await branch('forced', await commitTree('another way', base));
  expect(await git.distance(url, { from, to })).toMatchObject({ count: 1, diverged: true });
  const gone = 'a'.repeat(40);
  expect(await git.distance(url, { from: gone, to })).toMatchObject({ diverged: true });
  // The other way round: an older commit is the head again.
  expect(await git.distance(url, { from: to, to: base })).toMatchObject({ count: 0, diverged: true });
});

test('S2: a merge brings the commits of both sides', async () => {
  const { git, url, repository } = fixture;
  const from = await repository.git('rev-parse', 'main');
  const side = await commitTree('on a branch', from);
  const to = await branch('merged', await commitTree('Merge', await commitTree('on main', from), side));
  const distance = await git.distance(url, { from, to });
  expect(distance).toMatchObject({ count: 3 });
  expect(distance).not.toHaveProperty('diverged');
  expect(distance?.commits[0]?.subject).toBe('Merge');
});

test('a server that cannot leave out files is not asked for the distance', async () => {
  const plain = await startGitFixture({ allowFilter: false });
  const from = await plain.repository.commit({ 'a.yaml': 'a: 1\n' });
  const to = await plain.repository.commit({ 'a.yaml': 'a: 2\n' });
  expect(await plain.git.distance(plain.url, { from, to })).toBeUndefined();
  expect((await plain.git.open(plain.url, to)).commit?.subject).toBe('change');
  await plain.stop();
});
