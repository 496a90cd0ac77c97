import { mapBounded } from '../../../lib/async/map-bounded.ts';

/** Work whose ends a test decides, item by item. */
function heldWork() {
  const begun: number[] = [];
  const ends = new Map<number, { resolve(): void; reject(error: Error): void }>();
  const work = (item: number): Promise<string> => {
    begun.push(item);
    return new Promise((resolve, reject) => ends.set(item, { resolve: () => resolve(`r${item}`), reject }));
  };
  const end = async (item: number, error?: Error): Promise<void> => {
    if (error === undefined) ends.get(item)?.resolve();
    else ends.get(item)?.reject(error);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, work, end };
}

test('results stand in the order of the items, whichever ends first', async () => {
  const { work, end } = heldWork();
  const results = mapBounded([1, 2, 3], 3, work);
  for (const item of [3, 1, 2]) await end(item);
  expect(await results).toEqual(['r1', 'r2', 'r3']);
});

test('no more than the limit are worked on at a time', async () => {
  const { begun, work, end } = heldWork();
  const results = mapBounded([1, 2, 3, 4], 2, work);
  expect(begun).toEqual([1, 2]);
  await end(2);
  expect(begun).toEqual([1, 2, 3]);
  await end(3);
  await end(4);
  await end(1);
  expect(await results).toEqual(['r1', 'r2', 'r3', 'r4']);
});

test('the first failure stops what has not begun, and waits for what has', async () => {
  const { begun, work, end } = heldWork();
  const failure = new Error('first');
  let settled = false;
  const results = mapBounded([1, 2, 3, 4], 2, work).catch((error: unknown) => {
    settled = true;
    return error;
  });
  await end(1, failure);
  expect([begun, settled]).toEqual([[1, 2], false]);
  await end(2);
  expect(await results).toBe(failure);
  expect(begun).toEqual([1, 2]);
});

test('of nothing, nothing is made', async () => {
  expect(await mapBounded([], 4, () => Promise.reject(new Error('not to be called')))).toEqual([]);
});
