// `npm run test:unit`: all unit tests, in suites.
import { settings } from './jest.config.mjs';
import { makeUnitSuites } from './test/setup/unit-suites.mjs';

export default async () => {
  const { run, unit } = await settings();
  const suites = {
    ...unit,
    roots: [await makeUnitSuites()],
    testMatch: ['**/*.mjs'],
    transform: { '\\.mjs$': '<rootDir>/test/setup/suite-transform.mjs' },
    modulePathIgnorePatterns: [],
  };
  return { ...run, projects: [suites] };
};
