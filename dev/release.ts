// In: this checkout, set up with the control plane. Out: what would be published, in dist/packages: a folder and a tarball for each package. Run by
// `npm run release`; with `--command`, the command alone. May fail with the message of the bundler or of npm.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import root from '../package.json' with { type: 'json' };
import { command, controlPlane, PLATFORMS, type Publication, tools } from './release/packages.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PACKAGES = join(ROOT, 'dist', 'packages');

/** Files of the checkout that go into every package. */
const LEGAL = ['LICENSE', 'NOTICE'];

/** Writes a package's folder and its tarball; gives the name of the tarball. */
async function publish({ folder, manifest, fill }: Publication): Promise<string> {
  const path = join(PACKAGES, folder);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  for (const file of LEGAL.filter((name) => existsSync(join(ROOT, name)))) {
    await copyFile(join(ROOT, file), join(path, file));
  }
  await copyFile(join(ROOT, 'README.md'), join(path, 'README.md'));
  await fill(path);
  const { stdout } = await promisify(execFile)('npm', ['pack', '--silent', '--pack-destination', PACKAGES], {
    cwd: path,
  });
  return stdout.trim();
}

const release = { root: ROOT, version: root.version };
const publications = [command(release)];
if (!process.argv.includes('--command')) {
  for (const platform of PLATFORMS) publications.push(controlPlane(platform, release), await tools(platform, release));
}
await rm(PACKAGES, { recursive: true, force: true });
for (const publication of publications) {
  const tarball = await publish(publication);
  const { size } = await stat(join(PACKAGES, tarball));
  process.stdout.write(`dist/packages/${tarball}  ${(size / 1e6).toFixed(1)} MB\n`);
}
