// Where things are cached that are made once for a user. The rule is the setup's, which runs before TypeScript can.
import * as setup from './setup/cache.mjs';

/** The folder for what may be made again at any time: downloads, unpacked tools, the built control plane. */
export function cacheFolder(): string {
  return setup.cacheFolder();
}

/** Where the control plane is, or where the setup will put it; undefined where it is not installed and there are no sources to build it from. */
export function controlPlaneBinary(): string | undefined {
  return setup.controlPlaneBinary();
}
