import { createHash } from 'node:crypto';
import { checkoutOf, type GitFixture, startGitFixture, texts } from './git-fixture.ts';

const MANIFESTS = Object.fromEntries(
  Array.from({ length: 3_000 }, (_, index) => {
    const path = `apps/app-${index % 100}/part-${index % 7}/manifest-${index}.yaml`;
    return [path, `kind: ConfigMap\nmetadata: { name: m-${index} }\ndata: { text: ${'x'.repeat(index % 400)} }\n`];
  }),
);
const OTHERS = {
  'README.md': '# shop\n',
  'apps.yaml': 'beside: apps\n',
  'files/empty': '',
  'files/binary': Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * index * 7_919) >>> 9)),
  'files/räksmörgås.yaml': 'å: 1\n',
  'files/run.sh': '#!/bin/sh\n',
};

let fixture: GitFixture;
let commit: string;

beforeAll(async () => {
  fixture = await startGitFixture();
  const { repository } = fixture;
  await repository.commit({ ...MANIFESTS, ...OTHERS, 'files/run.sh': { executable: OTHERS['files/run.sh'] } });
  commit = await repository.commit({ 'README.md': '# the shop\n' });
}, 30_000);

afterAll(() => fixture.stop());

/** What Git's own client says is below a path. */
async function expected(path: string): Promise<Record<string, string>> {
  const names = await fixture.repository.git('ls-tree', '-r', '-z', '--name-only', 'HEAD', '--', path);
  const paths = names.split('\0').filter((name) => name !== '');
  const hashes = paths.map(async (name) => [name, sha256(await fixture.repository.gitBytes(['show', `HEAD:${name}`]))]);
  return Object.fromEntries(await Promise.all(hashes));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

test.each(['apps/app-7', 'files', 'apps/app-3/part-2/manifest-303.yaml'])(
  '%s is checked out byte for byte as Git does it',
  async (path) => {
    const snapshot = await fixture.git.open(fixture.url, commit);
    const tree = await snapshot.checkout([path]);
    const hashes = Object.fromEntries([...tree].map(([name, bytes]) => [name, sha256(bytes)]));
    expect(hashes).toEqual(await expected(path));
  },
);

test('the root is checked out whole, sorted by path', async () => {
  const snapshot = await fixture.client().open(fixture.url, commit);
  const tree = await snapshot.checkout(['']);
  expect([...tree.keys()]).toEqual([...Object.keys(MANIFESTS), ...Object.keys(OTHERS)].sort());
  expect(Object.fromEntries([...tree].map(([path, bytes]) => [path, Buffer.from(bytes).toString('latin1')]))).toEqual(
    Object.fromEntries(
      Object.entries({ ...MANIFESTS, ...OTHERS, 'README.md': '# the shop\n' }).map(([path, content]) => [
        path,
        Buffer.from(content).toString('latin1'),
      ]),
    ),
  );
});

test.each(['', 'apps', 'apps/app-7', 'files/räksmörgås.yaml', './files/', '/apps//app-7/'])(
  'the content key of %j is its object id',
  async (path) => {
    const snapshot = await fixture.git.open(fixture.url, commit);
    const plain = path.split('/').filter((name) => name !== '' && name !== '.');
    expect(snapshot.oid(path)).toBe(await fixture.repository.git('rev-parse', `${commit}:${plain.join('/')}`));
  },
);

test.each(['nothing', 'apps/app-7/nothing', 'README.md/nothing', '../apps'])(
  'a path that is not there, %s, has no content key and is PathNotFound when checked out',
  async (path) => {
    const snapshot = await fixture.git.open(fixture.url, commit);
    expect(snapshot.oid(path)).toBeUndefined();
    await expect(snapshot.checkout(['files', path])).rejects.toMatchObject({
      code: path.startsWith('..') ? 'SourceRefused' : 'PathNotFound',
      message: expect.stringContaining(`path "${path}" of ${fixture.url} at ${commit}: `),
    });
  },
);

test('only what is asked for travels: three small requests, and no other file', async () => {
  const git = fixture.client();
  const before = fixture.requests.length;
  const revision = await git.resolve(fixture.url, 'main');
  const files = await checkoutOf(git, fixture.url, revision, 'apps/app-7', 'apps/app-8');
  const requests = fixture.requests.slice(before);
  expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'GET /shop.git/info/refs?service=git-upload-pack',
    'POST /shop.git/git-upload-pack',
    'POST /shop.git/git-upload-pack',
    'POST /shop.git/git-upload-pack',
  ]);
  const wants = requests.at(-1)?.body.match(/want [0-9a-f]{40}/g) ?? [];
  const blobs = (await fixture.repository.git('ls-tree', '-r', 'HEAD', '--', 'apps/app-7', 'apps/app-8')).split('\n');
  expect(wants.map((want) => want.slice(5)).sort()).toEqual(
    [...new Set(blobs.map((line) => line.slice(12, 52)))].sort(),
  );
  expect(Object.keys(files)).toHaveLength(60);
  const bytes = requests.reduce((sum, { answer }) => sum + answer.length, 0);
  await fixture.repository.git('clone', '--quiet', '--bare', '--depth=1', fixture.url, `${fixture.folder}/whole`);
  const whole = fixture.requests.at(-1)?.answer.length ?? 0;
  expect(bytes).toBeLessThan(whole / 2);
});

test('a commit that is not there is CommitNotFound', async () => {
  const missing = '0123456789012345678901234567890123456789';
  await expect(fixture.git.open(fixture.url, missing)).rejects.toMatchObject({
    code: 'CommitNotFound',
    message: `object ${missing}: ${fixture.url} does not have it`,
  });
});

test.each([
  ['a file', 'HEAD:README.md', 'it is a blob, not a commit'],
  ['a folder', 'HEAD:apps', 'it is a tree, not a commit'],
])('the id of %s is CommitNotFound', async (_what, expression, why) => {
  const oid = await fixture.repository.git('rev-parse', expression);
  await expect(fixture.git.open(fixture.url, oid)).rejects.toMatchObject({
    code: 'CommitNotFound',
    message: expect.stringContaining(why),
  });
});

test.each(['main', '', 'abc1234'])('a revision that is no commit id, %j, is CommitNotFound', async (revision) => {
  await expect(fixture.git.open(fixture.url, revision)).rejects.toMatchObject({
    code: 'CommitNotFound',
    message: expect.stringContaining('not a commit id of 40 digits'),
  });
});

test('a commit that is no branch head any more can still be opened', async () => {
  const older = await fixture.repository.git('rev-parse', 'HEAD~1');
  expect(await checkoutOf(fixture.git, fixture.url, older, 'README.md')).toEqual({ 'README.md': '# shop\n' });
});

test.each([
  ['cannot leave files out', { allowFilter: false }],
  ['has its objects packed with deltas', {}],
])('a server that %s gives the same files', async (situation, options) => {
  const other = await startGitFixture(options);
  const text = Array.from({ length: 2_000 }, (_, line) => `line ${line}: ${(line * 7_919) % 1_000}`).join('\n');
  for (let version = 1; version <= 4; version += 1) {
    await other.repository.commit({
      'big.txt': text.replace('line 5:', `line five, version ${version}:`),
      'a/copy.txt': `${text}\n${version}`,
    });
  }
  if (situation.includes('packed')) {
    await other.repository.git('repack', '-adfq', '--depth=50');
  }
  const head = await other.repository.git('rev-parse', 'HEAD');
  const snapshot = await other.git.open(other.url, head);
  expect(texts(await snapshot.checkout(['']))).toEqual({
    'big.txt': text.replace('line 5:', 'line five, version 4:'),
    'a/copy.txt': `${text}\n4`,
  });
  await other.stop();
});
