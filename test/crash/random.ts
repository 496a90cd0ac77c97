import type { Death } from './mortal.ts';

export type Random = {
  /** A whole number from 0 on, below the limit. */
  below(limit: number): number;
  shuffled<T>(items: readonly T[]): T[];
  /** A death at one of so many calls. */
  death(calls: number): Death;
};

/** Numbers that are the same for the same seed (the generator `mulberry32`). */
export function randomFrom(seed: number): Random {
  let state = seed;
  const random: Random = {
    below(limit) {
      state = (state + 0x6d2b79f5) | 0;
      let bits = Math.imul(state ^ (state >>> 15), state | 1);
      bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
      return ((bits ^ (bits >>> 14)) >>> 0) % limit;
    },
    shuffled: (items) =>
      items
        .map((item) => ({ item, rank: random.below(2 ** 31) }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ item }) => item),
    death: (calls) => ({ call: random.below(calls) + 1, when: random.below(2) === 0 ? 'before' : 'after' }),
  };
  return random;
}
