// Where things are cached that are made once for a user, not once for a checkout: the control plane, the unpacked tools.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagedControlPlane } from './packaged.mjs';

/** The Go sources of the control plane. */
export const SOURCES = fileURLToPath(new URL('../control-plane', import.meta.url));

const VERSION = 'k8s.io/component-base/version';

/** The arguments of `go` that build the control plane; the linker flags make it report the version it was built from. */
export const BUILD_ARGUMENTS = [
  'build',
  '-trimpath',
  '-ldflags',
  `-s -w -X ${VERSION}.gitVersion=v1.36.3 -X ${VERSION}.gitMajor=1 -X ${VERSION}.gitMinor=36`,
];

/** The user's cache folder, by the rules of the XDG base directories. */
export function cacheFolder() {
  const configured = process.env.XDG_CACHE_HOME ?? '';
  return join(isAbsolute(configured) ? configured : join(homedir(), '.cache'), 'driftless');
}

/** Where the control plane is, or will be once it is built; undefined where it is not installed and has no sources to be built from. */
export function controlPlaneBinary() {
  const sources = existsSync(SOURCES) ? sourcesHash() : undefined;
  const installed = packagedControlPlane(sources);
  if (installed !== undefined || sources === undefined) return installed;
  return join(cacheFolder(), `control-plane-${sources}`);
}

/** Other sources, or other ways to build them, have another hash. */
export function sourcesHash() {
  const hash = createHash('sha256').update(JSON.stringify(BUILD_ARGUMENTS));
  for (const name of readdirSync(SOURCES)
    .sort()
    .filter((file) => /\.(go|mod|sum|yaml)$/.test(file))) {
    hash.update(`\0${name}\0`).update(readFileSync(join(SOURCES, name)));
  }
  return hash.digest('hex').slice(0, 16);
}
