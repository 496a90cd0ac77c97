// A short run of every fuzz target; `npm run fuzz` makes a long one.
import fc from 'fast-check';
import { TARGETS } from './targets.ts';

/** As long as the whole suite can spare; a slow machine tries fewer inputs, but never none. */
const EACH_MS = 100;
const INPUTS_AT_ONCE = 20;

test.each(TARGETS.map(({ name, property }) => [name, property] as const))(
  'whatever %s is given, it answers in time, throws our own errors only, and keeps secrets (security case 26)',
  async (_name, property) => {
    const end = performance.now() + EACH_MS;
    do await fc.assert(property, { numRuns: INPUTS_AT_ONCE });
    while (performance.now() < end);
  },
);
