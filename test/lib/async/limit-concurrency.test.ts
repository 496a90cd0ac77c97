import { limitConcurrency } from '../../../lib/async/limit-concurrency.ts';

test('at most the given number of works run at a time, in the order of the calls, and a failure frees a place', async () => {
  const run = limitConcurrency(2);
  const started: number[] = [];
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const works = gates.map(({ promise }, index) =>
    run(async () => {
      started.push(index);
      await promise;
    }),
  );
  expect(started).toEqual([0, 1]);
  gates[1]?.reject(new Error('broken'));
  await expect(works[1]).rejects.toThrow('broken');
  expect(started).toEqual([0, 1, 2]);
  for (const { resolve } of gates) resolve();
  await Promise.allSettled(works);
  expect(started).toEqual([0, 1, 2, 3, 4]);
});
