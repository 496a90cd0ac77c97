// Where things are kept that are made once for a user. The rule is the setup's, which runs before TypeScript can.
import * as setup from './setup/cache.mjs';

/** The folder for what may be made again at any time: downloads, unpacked tools, the built control plane. */
export function cacheFolder(): string {
  return setup.cacheFolder();
}

/** Where the setup puts the control plane that was built from these sources. */
export function controlPlaneBinary(): string {
  return setup.controlPlaneBinary();
}
