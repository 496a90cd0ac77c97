import { bundledPackages } from './test/setup/packages.mjs';

/** How tests are run, and the project of the unit tests. */
export async function settings() {
  const shared = {
    testEnvironment: 'node',
    extensionsToTreatAsEsm: ['.ts'],
    // What a release has made is not the project.
    modulePathIgnorePatterns: ['<rootDir>/dist/'],
    transform: { '\\.ts$': '<rootDir>/test/setup/transform.mjs' },
    moduleNameMapper: {
      ...(await bundledPackages()),
      // The root of this package is all of its services: three thousand files, since jest asks for each name that CommonJS exports.
      '^aws-cdk-lib$': 'aws-cdk-lib/core',
    },
  };
  const run = {
    randomize: true,
    // Generous, since the machine may be busy: no test measures time, and what hangs is still ended.
    testTimeout: 60_000,
    // A process keeps the modules of every file that it has run; one that has too many makes room for another.
    workerIdleMemoryLimit: '900MB',
    // A worker has a large heap to free when it ends, for which the default of half a second is too short on a busy machine. What is reported now is a leak.
    workerGracefulExitTimeout: 20_000,
    reporters: ['<rootDir>/test/setup/slowest-files.mjs', 'default'],
  };
  const unit = {
    ...shared,
    displayName: 'unit',
    testEnvironment: '<rootDir>/test/setup/unit-environment.mjs',
    testMatch: ['<rootDir>/test/**/*.test.ts'],
    testPathIgnorePatterns: ['<rootDir>/test/e2e/', '\\.adapter\\.test\\.ts$'],
  };
  return { run, shared, unit };
}

export default async () => {
  const { run, shared, unit } = await settings();
  return {
    ...run,
    projects: [
      unit,
      {
        ...shared,
        displayName: 'adapters',
        testMatch: ['<rootDir>/test/**/*.adapter.test.ts'],
        globalSetup: '<rootDir>/test/setup/start-emulator.ts',
        globalTeardown: '<rootDir>/test/setup/stop-emulator.ts',
      },
      {
        ...shared,
        displayName: 'e2e',
        testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
        globalSetup: '<rootDir>/test/e2e/global-setup.ts',
        globalTeardown: '<rootDir>/test/e2e/global-teardown.ts',
      },
    ],
  };
};
