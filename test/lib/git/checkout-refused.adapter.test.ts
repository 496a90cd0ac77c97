import { checkoutOf, type GitFixture, startGitFixture } from './git-fixture.ts';

let fixture: GitFixture;

beforeAll(async () => {
  fixture = await startGitFixture();
}, 30_000);

afterAll(() => fixture.stop());

test('a submodule is refused by its name; beside it all is well (security case 8)', async () => {
  const { repository, git, url } = fixture;
  const submodule = '0123456789012345678901234567890123456789';
  const commit = await repository.commit({ 'a/x.yaml': 'x', 'a/vendored': { submodule }, 'b/y.yaml': 'y' });
  expect(await checkoutOf(git, url, commit, 'b')).toEqual({ 'b/y.yaml': 'y' });
  await expect(checkoutOf(git, url, commit, 'a')).rejects.toMatchObject({
    code: 'SourceRefused',
    message: `submodule "a/vendored" of ${url} at ${commit}: submodules are not supported`,
  });
});

test.each([
  ['a pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n'],
  ['a pointer of the time before the release', 'version https://hawser.github.com/spec/v1\noid sha256:0\nsize 12\n'],
])('%s of Git LFS is refused by its path', async (_what, content) => {
  const commit = await fixture.repository.commit({ 'lfs/big.tgz': content, 'plain/about-lfs.md': `see\n${content}` });
  await expect(checkoutOf(fixture.git, fixture.url, commit, 'lfs')).rejects.toMatchObject({
    code: 'SourceRefused',
    message: `file "lfs/big.tgz" of ${fixture.url} at ${commit}: its content is in Git LFS, which is not supported`,
  });
  expect(await checkoutOf(fixture.git, fixture.url, commit, 'plain')).toEqual({
    'plain/about-lfs.md': `see\n${content}`,
  });
});

/** Commits a folder `app` made of raw tree entries, as no Git client would. */
async function commitTree(entries: readonly (readonly [mode: string, name: string])[]): Promise<string> {
  const { repository } = fixture;
  const store = async (type: string, content: Uint8Array) => {
    const oid = await repository.gitBytes(['hash-object', '-w', '--literally', '--stdin', '-t', type], content);
    return oid.toString('latin1').trim();
  };
  const entry = (mode: string, name: string, oid: string) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
  const blob = await store('blob', Buffer.from('x'));
  const app = await store('tree', Buffer.concat(entries.map(([mode, name]) => entry(mode, name, blob))));
  const root = await store('tree', entry('40000', 'app', app));
  return repository.git('commit-tree', '-m', 'crafted', root);
}

test.each([
  ['.git', "is Git's own folder in disguise"],
  ['.GIT', "is Git's own folder in disguise"],
  ['git~1', "is Git's own folder in disguise"],
  ['.g\u200cit', "is Git's own folder in disguise"],
  ['..', 'stands for a folder'],
  ['.', 'stands for a folder'],
  ['a/b', 'contains a slash'],
])('an entry named %j is refused (CVE-2026-47680, CVE-2026-45571)', async (name, why) => {
  const commit = await commitTree([['100644', name]]);
  await expect(checkoutOf(fixture.git, fixture.url, commit, 'app')).rejects.toMatchObject({
    code: 'SourceRefused',
    message: `entry ${JSON.stringify(`app/${name}`)} of ${fixture.url} at ${commit}: its name ${why}`,
  });
});

test('two entries of one name are refused', async () => {
  const commit = await commitTree([
    ['100644', 'a'],
    ['100644', 'a'],
  ]);
  await expect(checkoutOf(fixture.git, fixture.url, commit, 'app')).rejects.toMatchObject({
    code: 'SourceRefused',
    message: `entry "app/a" of ${fixture.url} at ${commit}: its name exists twice`,
  });
});

test('an entry of an unknown kind is GitProtocol', async () => {
  const commit = await commitTree([['777777', 'a']]);
  await expect(checkoutOf(fixture.git, fixture.url, commit, 'app')).rejects.toMatchObject({ code: 'GitProtocol' });
});

test('a SHA-256 repository is refused', async () => {
  const url = fixture.url.replace('shop', 'sha256');
  await fixture.repository.git('init', '--quiet', '--bare', '--object-format=sha256', `${fixture.folder}/sha256.git`);
  await expect(fixture.git.resolve(url, 'main')).rejects.toMatchObject({
    code: 'SourceRefused',
    message: `${url}: its object format is sha256; only sha1 is supported`,
  });
});
