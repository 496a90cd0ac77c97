// The control plane that all end-to-end tests share. Its global set-up leaves the address in the environment, the only thing that jest
// hands from there to the processes of the tests.
import { DriftlessError } from '../../lib/errors.ts';

const VARIABLE = 'DRIFTLESS_TEST_KUBECONFIG';

/** The kubeconfig file of the shared control plane, with an administrator's rights. */
export function kubeconfigPath(): string {
  const path = process.env[VARIABLE];
  if (path === undefined) {
    throw new DriftlessError('PrerequisiteMissing', `${VARIABLE}: not set; run: npm run test:e2e`);
  }
  return path;
}

/** For the global set-up alone. */
export function shareKubeconfig(path: string): void {
  process.env[VARIABLE] = path;
}
