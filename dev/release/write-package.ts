// In: a package to publish. Out: its folder, and its tarball beside it. May fail with the message of npm.
import { execFile } from 'node:child_process';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Publication } from './packages.ts';

/** Files of the checkout that every package contains. */
const COMMON = ['README.md', 'LICENSE', 'NOTICE'];

/** Writes a package into a folder of packages; gives its own folder. */
export async function writePackage(
  { folder, manifest, fill }: Publication,
  { root, into }: { readonly root: string; readonly into: string },
): Promise<string> {
  const path = join(into, folder);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of COMMON) await copyFile(join(root, file), join(path, file));
  await fill(path);
  return path;
}

/** Packs a package beside its folder; gives the path of the tarball. */
export async function pack(folder: string): Promise<string> {
  const destination = dirname(folder);
  const args = ['pack', '--silent', '--pack-destination', destination];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: folder });
  return join(destination, stdout.trim());
}
