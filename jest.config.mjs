import { bundledPackages } from './test/setup/packages.mjs';

export default async () => {
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
  return {
    randomize: true,
    // Generous, since the machine may be busy: no test measures time, and what hangs is still ended.
    testTimeout: 60_000,
    // A process keeps the modules of every file that it has run; one that has too many makes room for another.
    workerIdleMemoryLimit: '900MB',
    reporters: ['<rootDir>/test/setup/slowest-files.mjs', 'default'],
    projects: [
      {
        ...shared,
        displayName: 'unit',
        testEnvironment: '<rootDir>/test/setup/unit-environment.mjs',
        testMatch: ['<rootDir>/test/**/*.test.ts'],
        testPathIgnorePatterns: ['<rootDir>/test/e2e/', '\\.adapter\\.test\\.ts$'],
      },
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
