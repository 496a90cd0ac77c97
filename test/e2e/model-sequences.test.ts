// A sample of `npm run crash`: what happens to an application over time, made up at random, against the model in test/crash/model.ts.
import fc from 'fast-check';
import { playSequence } from '../crash/model.ts';
import { sequences } from '../crash/sequence.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

test('the cluster ends at the newest good commit, whatever has happened on the way', async () => {
  const property = fc.asyncProperty(sequences(8), async (steps) => {
    const { expected, actual } = await playSequence(kubeconfigPath(), steps);
    expect(actual).toEqual(expected);
  });
  // A failure prints its seed; it is not made smaller here, since each try takes seconds.
  await fc.assert(property, { numRuns: 3, endOnFailure: true });
}, 300_000);
