// kubectl as people use it manually: the one that renders in a deployment. In: a kubeconfig. Out: what writes as `kubectl` does.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { renderingPrograms } from '../../../dev/rendering-programs.ts';

export type Kubectl = (...args: readonly string[]) => Promise<void>;

/** Opens a cluster for manual changes; nothing is written to the user's own folders. */
export async function openKubectl(kubeconfig: string, home: string): Promise<Kubectl> {
  const { kubectl } = await renderingPrograms();
  const env = { PATH: process.env['PATH'], HOME: home, KUBECONFIG: kubeconfig };
  return async (...args) => {
    await promisify(execFile)(kubectl, args, { env });
  };
}
