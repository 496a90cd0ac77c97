import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openWorkingTree } from '../../../../lib/git/tree/working-tree.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'driftless-tree-'));
  await write('app/a.yaml', 'a');
  await write('app/deep/b.yaml', 'b');
  await write('base/c.yaml', 'c');
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

async function read(...paths: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const files = await openWorkingTree(root).checkout(paths);
  return Object.fromEntries([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]));
}

test('files are keyed from the root, as in a commit', async () => {
  expect(await read('app', 'base/c.yaml')).toEqual({ 'app/a.yaml': 'a', 'app/deep/b.yaml': 'b', 'base/c.yaml': 'c' });
});

test('what is there has an id, and what is not has none', () => {
  const { oid } = openWorkingTree(root);
  expect([oid(''), oid('app/a.yaml'), oid('app/z.yaml')]).toEqual([expect.any(String), expect.any(String), undefined]);
});

test('links within the root stand for what they lead to', async () => {
  await symlink('../base', join(root, 'app/linked'));
  expect(await read('app')).toEqual({ 'app/a.yaml': 'a', 'app/deep/b.yaml': 'b', 'app/linked/c.yaml': 'c' });
});

test('what nobody commits is left out', async () => {
  await write('.git/config', 'x');
  await write('app/node_modules/a/index.yaml', 'x');
  expect(Object.keys(await read(''))).toEqual(['app/a.yaml', 'app/deep/b.yaml', 'base/c.yaml']);
});

test.each([
  ['out of the root', '../../outside', 'its target leaves the repository'],
  ['by an absolute path', '/etc/hostname', 'its target is absolute'],
  ['to nowhere', 'missing.yaml', 'its target does not exist'],
  ['back to its own folder', '../app', 'it leads back to a folder that contains it'],
])('a link that leads %s is refused, as in a deployment', async (_where, target, why) => {
  await symlink(target, join(root, 'app/link'));
  await expect(read('app')).rejects.toMatchObject({
    code: 'SourceRefused',
    message: `symbolic link "app/link" → ${JSON.stringify(target)} of ${root}: ${why}`,
  });
});

test('a repository within the repository is refused, as a submodule is', async () => {
  await write('app/other/.git/HEAD', 'x');
  await expect(read('app')).rejects.toMatchObject({
    code: 'SourceRefused',
    message: `submodule "app/other" of ${root}: submodules are not supported`,
  });
});
