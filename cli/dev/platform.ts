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
