import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { DriftlessError } from '../lib/errors.ts';
import type { FileTree } from '../lib/model/source-tree.ts';
import type { GitSnapshot } from '../lib/ports.ts';

/** A folder on disk as if it were a commit, so that `render` and `plan` see what a deployment would see. */
export type OpenedFolder = { readonly snapshot: GitSnapshot; readonly path: string };

/** Opens a folder; its repository is the nearest folder above with a `.git`, and otherwise the whole disk. */
export async function openFolder(folder: string): Promise<OpenedFolder> {
  const known = await stat(folder).catch(() => undefined);
  if (known === undefined) throw new DriftlessError('PathNotFound', `${folder} does not exist`);
  if (!known.isDirectory())
    throw new DriftlessError('PathNotFound', `${folder} is a file; name the folder that it is in`);
  const real = await realpath(folder);
  const root = repositoryRoot(real);
  return { snapshot: folderSnapshot(root), path: relative(root, real).split(sep).join('/') };
}

function repositoryRoot(folder: string): string {
  if (existsSync(join(folder, '.git'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? folder : repositoryRoot(parent);
}

function folderSnapshot(root: string): GitSnapshot {
  const exists = (path: string): boolean => existsSync(join(root, path));
  return {
    revision: 'working tree',
    oid: (path) => (exists(path) ? createHash('sha1').update(path).digest('hex') : undefined),
    checkout: async (paths) =>
      new Map((await Promise.all(paths.map((path) => readBelow(root, path)))).flatMap((files) => [...files])),
  };
}

async function readBelow(root: string, path: string): Promise<FileTree> {
  const full = join(root, path);
  const found = await stat(full).catch(() => undefined);
  if (found === undefined) throw new DriftlessError('PathNotFound', `${path} does not exist`);
  if (found.isFile()) return new Map([[path, await readFile(full)]]);
  const names = (await readdir(full)).filter((name) => name !== '.git' && name !== 'node_modules');
  const below = await Promise.all(names.map((name) => readBelow(root, path === '' ? name : `${path}/${name}`)));
  return new Map(below.flatMap((files) => [...files]));
}
