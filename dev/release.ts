// In: this checkout, set up with the control plane. Out: what would be published, in dist/packages: a folder and a tarball for each package. Run by
// `npm run release`; with `--command`, the command alone. May fail with the message of the bundler or of npm.
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import root from '../package.json' with { type: 'json' };
import { command, controlPlane, PLATFORMS, tools } from './release/packages.ts';
import { pack, writePackage } from './release/write-package.ts';

const release = { root: fileURLToPath(new URL('..', import.meta.url)), version: root.version };
const packages = join(release.root, 'dist', 'packages');

const publications = [command(release)];
if (!process.argv.includes('--command')) {
  for (const platform of PLATFORMS) publications.push(controlPlane(platform, release), await tools(platform, release));
}
await rm(packages, { recursive: true, force: true });
for (const publication of publications) {
  const tarball = await pack(await writePackage(publication, { root: release.root, into: packages }));
  const { size } = await stat(tarball);
  process.stdout.write(`${tarball.slice(release.root.length)}  ${(size / 1e6).toFixed(1)} MB\n`);
}
