import { type GitFixture, startGitFixture } from './git-fixture.ts';

let fixture: GitFixture;
let commit: string;

beforeAll(async () => {
  fixture = await startGitFixture();
  const { repository } = fixture;
  const older = await repository.commit({ 'a.yaml': 'a: 1\n' });
  await repository.git('branch', 'both', older);
  commit = await repository.commit({ 'a.yaml': 'a: 2\n' });
  await repository.git('tag', 'light');
  await repository.git('tag', '--annotate', '--message=release', 'v1.0');
  await repository.git('tag', '--annotate', '--message=tag of a tag', 'nested', 'v1.0');
  await repository.git('tag', 'both');
  await repository.git('branch', 'team/shop/next');
  await repository.git('branch', 'ümläut');
  await repository.git('update-ref', 'refs/pull/7/head', 'HEAD');
}, 30_000);

afterAll(() => fixture.stop());

test.each([
  ['a branch', 'main'],
  ['a branch with slashes', 'team/shop/next'],
  ['a branch with letters beyond ASCII', 'ümläut'],
  ['a tag', 'light'],
  ['an annotated tag', 'v1.0'],
  ['an annotated tag of an annotated tag', 'nested'],
  ['a full name', 'refs/heads/main'],
  ['a full name of an annotated tag', 'refs/tags/v1.0'],
  ['a ref that is neither branch nor tag', 'refs/pull/7/head'],
  ['a tag by its full name, where a branch has the same', 'refs/tags/both'],
  ['HEAD', 'HEAD'],
])('%s is resolved to its commit', async (_form, ref) => {
  expect(await fixture.git.resolve(fixture.url, ref)).toBe(commit);
});

test('a branch is meant where a tag has the same name', async () => {
  expect(await fixture.git.resolve(fixture.url, 'both')).toBe(
    await fixture.repository.git('rev-parse', 'refs/heads/both'),
  );
});

test('a commit id is resolved to itself, in lower case, without a request', async () => {
  const before = fixture.requests.length;
  const id = 'ABCDEF0123456789ABCDEF0123456789ABCDEF01';
  expect(await fixture.git.resolve(fixture.url, id)).toBe(id.toLowerCase());
  expect(fixture.requests).toHaveLength(before);
});

test('a branch is asked for anew each time', async () => {
  await fixture.repository.git('branch', 'moving', 'main');
  expect(await fixture.git.resolve(fixture.url, 'moving')).toBe(commit);
  await fixture.repository.git('branch', '--force', 'moving', 'refs/heads/both');
  expect(await fixture.git.resolve(fixture.url, 'moving')).not.toBe(commit);
});

test.each([
  ['is not there', 'nothing-like-it', 'no such branch or tag exists'],
  ['has a letter too few', 'mai', 'no such branch or tag exists; did you mean "main"?'],
  ['has the wrong case', 'Main', 'no such branch or tag exists; did you mean "main"?'],
  ['lacks its folder', 'next', 'no such branch or tag exists; did you mean "team/shop/next"?'],
  ['is a shortened commit id', 'abc1234', 'no such branch or tag exists; write all 40 digits of a commit id'],
  ['is the beginning of one', 'team/shop', 'no such branch or tag exists'],
])('a ref that %s is RefNotFound', async (_situation, ref, why) => {
  await expect(fixture.git.resolve(fixture.url, ref)).rejects.toMatchObject({
    code: 'RefNotFound',
    message: `ref "${ref}" of ${fixture.url}: ${why}`,
  });
});

test.each([
  ['is empty', ''],
  ['has a space', 'a b'],
  ['has a line break', 'main\nref-prefix refs/'],
  ['climbs', 'a/../b'],
  ['is an expression', 'main~1'],
])('a ref that %s is RefNotFound without a request', async (_situation, ref) => {
  const before = fixture.requests.length;
  await expect(fixture.git.resolve(fixture.url, ref)).rejects.toMatchObject({
    code: 'RefNotFound',
    message: `ref ${JSON.stringify(ref)} of ${fixture.url}: not a valid name of a ref`,
  });
  expect(fixture.requests).toHaveLength(before);
});

test.each(['main', 'HEAD', 'refs/tags/v1'])('%s of a repository without commits is RepositoryEmpty', async (ref) => {
  const empty = await startGitFixture();
  await expect(empty.git.resolve(empty.url, ref)).rejects.toMatchObject({
    code: 'RepositoryEmpty',
    message: `${empty.url}: the repository has no branch and no tag`,
  });
  await empty.stop();
});
