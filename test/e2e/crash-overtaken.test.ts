// A deployer dies half-way through a commit, and another commit is asked for before anything starts again: what the first one has done must
// neither be taken for nothing nor be forgotten.

import { playSequence } from '../crash/model.ts';
import type { Death } from '../crash/mortal.ts';
import type { Wanted } from '../crash/sequence.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

const PATIENCE_MS = 120_000;

/** What the sequence begins with, in which nothing is missing. */
const FIRST: Wanted = { a: 0, b: 0, c: 0, widget: 0, extra: 0 };
const WITHOUT: Wanted = { a: 0, b: null, c: 0, widget: null, extra: null };

const half: Death = { call: 2, of: 'cluster.apply', when: 'after' };
const pruned: Death = { call: 1, of: 'cluster.delete', when: 'after' };
const written: Death = { call: 1, of: 'state.putInventory', when: 'before' };

test.concurrent.each([
  ['changes are taken back by a revert', [FIRST, { ...FIRST, a: 1, b: 1, c: 1 }, FIRST], half],
  ['what was deleted is made again by a revert', [FIRST, WITHOUT, FIRST], pruned],
  ['what was created is deleted when the next commit does not have it', [WITHOUT, FIRST, WITHOUT], half],
  [
    'what was deleted is not looked for when the next commit does not have it either',
    [FIRST, WITHOUT, WITHOUT],
    pruned,
  ],
  ['nothing was written yet, and nothing is left', [WITHOUT, FIRST, WITHOUT], written],
] as const)(
  '%s',
  async (_title, [before, during, after], death) => {
    const commit = (wanted: Wanted) => ({ do: 'commit', wanted, flaw: null }) as const;
    const { expected, actual } = await playSequence(kubeconfigPath(), [
      { do: 'push', move: commit(before), delivered: true },
      { do: 'settle' },
      { do: 'overtake', move: commit(during), death, by: before === after ? { do: 'revert', to: 1 } : commit(after) },
      { do: 'settle' },
    ]);
    expect(actual).toEqual(expected);
  },
  PATIENCE_MS,
);
