import { SnapshotCache } from '../../../../lib/git/tree/snapshot-cache.ts';

/** A commit that takes so many bytes. */
function commit(revision: string, bytes = 1) {
  const never = () => Promise.reject(new Error('it is not read'));
  const blob = () => undefined;
  return { port: { revision, oid: () => undefined, checkout: never }, bytes: () => bytes, blob };
}

const numbers = Array.from({ length: 20 }, (_, n) => `${n}`);

test('G1: of one repository the last eight commits are cached, whatever their size', () => {
  const cache = new SnapshotCache(1_000_000);
  for (const n of numbers) cache.put('shop', commit(n));
  expect(numbers.filter((n) => cache.get('shop', n) !== undefined)).toEqual(numbers.slice(12));
});

test('a commit that is used stays, however many come after it', () => {
  const cache = new SnapshotCache(1_000_000);
  for (const n of numbers) {
    cache.put('shop', commit(n));
    expect(cache.get('shop', '0')).toBeDefined();
  }
});

test('commits of other repositories are not affected', () => {
  const cache = new SnapshotCache(1_000_000);
  cache.put('other', commit('0'));
  for (const n of numbers) cache.put('shop', commit(n));
  expect(cache.get('other', '0')).toBeDefined();
});

test('all commits together are limited by their bytes, and the newest stays', () => {
  const cache = new SnapshotCache(100);
  for (const n of numbers) cache.put(`repository ${n}`, commit(n, 30));
  expect(numbers.filter((n) => cache.get(`repository ${n}`, n) !== undefined)).toEqual(['17', '18', '19']);
  cache.put('large', commit('l', 1_000));
  expect(numbers.filter((n) => cache.get(`repository ${n}`, n) !== undefined)).toEqual([]);
  expect(cache.get('large', 'l')).toBeDefined();
});
