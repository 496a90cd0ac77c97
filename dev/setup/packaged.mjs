// Programs that are installed as packages beside the command, one package for each platform. In: what is wanted. Out: where it is, and what its package says of it.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** The package of `control-plane` or `tools` for this platform. */
export function platformPackage(what) {
  return `@driftless/${what}-${process.platform}-${process.arch}`;
}

/** An installed package: its folder, and the record of what is in it; undefined where it is not installed. */
export function packaged(what) {
  const name = platformPackage(what);
  try {
    const manifest = require.resolve(`${name}/package.json`);
    return { folder: dirname(manifest), contents: require(manifest).contents };
  } catch {
    return undefined;
  }
}

/** The packaged control plane, unless it was built from other sources than the ones at hand; undefined also where none is installed. */
export function packagedControlPlane(sources) {
  const found = packaged('control-plane');
  if (found === undefined || (sources !== undefined && found.contents.sources !== sources)) return undefined;
  return join(found.folder, found.contents.program);
}
