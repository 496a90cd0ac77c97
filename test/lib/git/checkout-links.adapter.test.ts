import type { Content, Files } from './git-cli.ts';
import { checkoutOf, type GitFixture, startGitFixture } from './git-fixture.ts';

let fixture: GitFixture;

beforeAll(async () => {
  fixture = await startGitFixture();
}, 30_000);

afterAll(() => fixture.stop());

/** Makes a commit that has these files only. */
function commitOf(files: Files): Promise<string> {
  return fixture.repository.commit(files, { orphan: true });
}

test.each<[string, Files, Readonly<Record<string, string>>]>([
  [
    'to a file beside it is that file',
    { 'app/a.yaml': 'a', 'app/b.yaml': { link: 'a.yaml' } },
    { 'app/a.yaml': 'a', 'app/b.yaml': 'a' },
  ],
  [
    'to a file elsewhere in the repository is that file',
    { 'base/a.yaml': 'a', 'app/b.yaml': { link: '../base/./a.yaml' } },
    { 'app/b.yaml': 'a' },
  ],
  [
    'to a folder is all that is in it',
    { 'base/x/a.yaml': 'a', 'base/b.yaml': 'b', 'app/base': { link: '../base' } },
    { 'app/base/x/a.yaml': 'a', 'app/base/b.yaml': 'b' },
  ],
  [
    'to a link to a link is what the last one leads to',
    { 'base/a.yaml': 'a', l1: { link: 'base' }, l2: { link: 'l1' }, 'app/b.yaml': { link: '../l2/a.yaml' } },
    { 'app/b.yaml': 'a' },
  ],
  [
    'in a folder that a link leads to is followed from where it really is',
    { 'base/a.yaml': { link: '../shared/a.yaml' }, 'shared/a.yaml': 'a', 'x/y/app': { link: '../../base' } },
    { 'x/y/app/a.yaml': 'a' },
  ],
  [
    'twice to the same folder is that folder twice',
    { 'base/a.yaml': 'a', 'app/one': { link: '../base' }, 'app/two': { link: '../base' } },
    { 'app/one/a.yaml': 'a', 'app/two/a.yaml': 'a' },
  ],
])('a symbolic link %s', async (_situation, files, expected) => {
  const commit = await commitOf(files);
  const path = Object.keys(expected)[0]?.split('/')[0] ?? '';
  expect(await checkoutOf(fixture.git, fixture.url, commit, path)).toEqual(expected);
});

test('a path may lead through symbolic links', async () => {
  const commit = await commitOf({ 'v2/prod/a.yaml': 'a', current: { link: 'v2' } });
  expect(await checkoutOf(fixture.git, fixture.url, commit, 'current/prod')).toEqual({ 'current/prod/a.yaml': 'a' });
});

test.each<[string, Files, string]>([
  ['to an absolute path', { 'app/l': { link: '/etc/passwd' } }, '"app/l" → "/etc/passwd"|its target is absolute'],
  [
    'out of the repository',
    { 'app/l': { link: '../../x' }, x: 'x' },
    '"app/l" → "../../x"|its target leaves the repository',
  ],
  [
    'out of the repository and in again',
    { 'app/l': { link: '../../shop/x' }, x: 'x' },
    '"app/l" → "../../shop/x"|its target leaves the repository',
  ],
  ['to nothing', { 'app/l': { link: 'nothing' } }, '"app/l" → "nothing"|its target does not exist'],
  ['below a file', { 'app/a': 'a', 'app/l': { link: 'a/b' } }, '"app/l" → "a/b"|its target does not exist'],
  ['to itself', { 'app/l': { link: 'l' } }, '"app/l" → "l"|its target is part of a cycle'],
  [
    'to another one that leads back',
    { 'app/l': { link: '../m' }, m: { link: 'app/l' } },
    '"app/l" → "../m"|its target is part of a cycle',
  ],
  [
    'to the folder it is in',
    { 'app/x/l': { link: '.' } },
    '"app/x/l" → "."|it leads back to a folder that contains it',
  ],
  [
    'to a folder above the path',
    { 'app/x/l': { link: '../..' } },
    '"app/x/l" → "../.."|it leads back to a folder that contains it',
  ],
  [
    'into a folder that links back',
    { 'app/l': { link: '../base' }, 'base/x/m': { link: '../../app' } },
    '"app/l/x/m" → "../../app"|it leads back to a folder that contains it',
  ],
  [
    'to a link out of the repository',
    { 'app/l': { link: '../m' }, m: { link: '../../secret' } },
    '"app/l" → "../m"|its target leaves the repository',
  ],
])(
  'a symbolic link %s is refused with its target (security case 8, CVE-2026-44471)',
  async (_situation, files, expected) => {
    const commit = await commitOf(files);
    const [what, why] = expected.split('|');
    await expect(checkoutOf(fixture.git, fixture.url, commit, 'app')).rejects.toMatchObject({
      code: 'SourceRefused',
      message: `symbolic link ${what} of ${fixture.url} at ${commit}: ${why}`,
    });
  },
);

test('a path that leads out of the repository by a symbolic link is refused (security case 8)', async () => {
  const commit = await commitOf({ out: { link: '../..' } });
  await expect(checkoutOf(fixture.git, fixture.url, commit, 'out/etc')).rejects.toMatchObject({
    code: 'SourceRefused',
    message: `path "out/etc" of ${fixture.url} at ${commit}: leaves the repository`,
  });
});

test('bad links elsewhere do not matter', async () => {
  const commit = await commitOf({ 'app/a.yaml': 'a', 'other/l': { link: '/etc/passwd' } });
  expect(await checkoutOf(fixture.git, fixture.url, commit, 'app')).toEqual({ 'app/a.yaml': 'a' });
});

test('folders full of links to folders full of links end at a limit', async () => {
  const files: Record<string, Content> = { 'd12/a.yaml': 'a' };
  for (let level = 0; level < 12; level += 1) {
    for (const name of ['l', 'm', 'n']) files[`d${level}/${name}`] = { link: `../d${level + 1}` };
  }
  const commit = await commitOf(files);
  const git = fixture.client({ limits: { checkoutEntries: 1_000 } });
  await expect(checkoutOf(git, fixture.url, commit, 'd0')).rejects.toMatchObject({
    code: 'SourceTooLarge',
    message: `${fixture.url} at ${commit}: checkoutEntries would be 1001; the limit is 1000`,
  });
});

test('the content key of a folder with links changes with what they may point to', async () => {
  const before = await fixture.git.open(
    fixture.url,
    await commitOf({ 'base/a': 'a', 'app/l': { link: '../base' }, 'plain/x': 'x' }),
  );
  const after = await fixture.git.open(fixture.url, await fixture.repository.commit({ 'base/a': 'changed' }));
  expect(after.oid('app')).not.toBe(before.oid('app'));
  expect(after.oid('app/l/a')).not.toBe(before.oid('app/l/a'));
  expect(after.oid('plain')).toBe(before.oid('plain'));
});

test('files and links are fetched in one request, the targets of links in one more', async () => {
  const commit = await commitOf({
    'base/a': 'a',
    'base/b': 'b',
    'app/c': 'c',
    'app/l': { link: '../base' },
    'app/m': { link: '../base/b' },
  });
  const git = fixture.client();
  const before = fixture.requests.length;
  await checkoutOf(git, fixture.url, commit, 'app');
  const counts = fixture.requests.slice(before + 2).map(({ body }) => body.match(/want /g)?.length);
  expect(counts).toEqual([3, 2]);
});
