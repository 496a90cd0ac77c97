import { slots } from '../../../../lib/render/exec/slots.ts';

test('no more than the given number is at work at once, in the order of asking, and a failure frees its place', async () => {
  const inSlot = slots(2);
  const started: number[] = [];
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>());
  const works = gates.map(({ promise }, index) =>
    inSlot(async () => {
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
