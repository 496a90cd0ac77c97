import { DriftlessError } from '../../lib/errors.ts';

const VARIABLE = 'DRIFTLESS_TEST_DYNAMODB';

/** Tells the processes of the tests, which start later, where the emulator is. */
export function shareEmulator(endpoint: string): void {
  process.env[VARIABLE] = endpoint;
}

/** Where the emulator is that all adapter tests share; each test has a table of its own. */
export function sharedEmulator(): string {
  const endpoint = process.env[VARIABLE];
  if (endpoint === undefined)
    throw new DriftlessError('PrerequisiteMissing', `${VARIABLE}: not set; run: npm run test:adapters`);
  return endpoint;
}
