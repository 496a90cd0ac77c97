import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DriftlessError } from '../../lib/errors.ts';

/** Refuses `dev` and `demo` where their programs do not run. */
export function requireLinux(
  verb: string,
  { platform, arch }: Pick<NodeJS.Process, 'platform' | 'arch'> = process,
): void {
  if (platform === 'linux' && arch === 'x64') return;
  throw new DriftlessError(
    'PrerequisiteMissing',
    `driftless ${verb}: needs Linux on x86_64, and this is ${platform} ${arch}; use a container or a virtual machine`,
  );
}

/** Refuses a verb that needs Git where that is not on the PATH. */
export function requireGit(path: string = process.env['PATH'] ?? ''): void {
  const isThere = path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder || '.', 'git'), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (isThere) return;
  throw new DriftlessError('PrerequisiteMissing', 'git: not found on the PATH; install it (https://git-scm.com)');
}
