// A sample of `npm run crash`: the deployer dies before or after one of its calls to the outside world, and the next one takes up what it left.
import { type KillRun, runMortal } from '../crash/kill-run.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

const PATIENCE_MS = 120_000;

let known: Promise<KillRun> | undefined;

function undisturbed(): Promise<KillRun> {
  known ??= runMortal(kubeconfigPath());
  return known;
}

test.concurrent.each([
  ['fetching', 'git.open', 1, 'after'],
  ['planning', 'cluster.dryRun', 5, 'after'],
  ['applying, after the inventory was written ahead', 'state.putInventory', 1, 'after'],
  ['running the hook', 'cluster.apply', 1, 'after'],
  ['deleting what has to be made anew', 'cluster.delete', 2, 'after'],
  ['pruning', 'cluster.delete', 4, 'after'],
  ['concluding, after the record was written', 'state.conclude', 2, 'after'],
] as const)(
  'a deployer that dies while %s leaves nothing that the next one does not finish',
  async (_stage, of, call, when) => {
    const { picture, deaths } = await runMortal(kubeconfigPath(), [{ of, call, when }]);
    expect(deaths).toEqual([`${when} ${of}`]);
    expect(picture).toEqual((await undisturbed()).picture);
  },
  PATIENCE_MS,
);

test.concurrent(
  'every step may end in the loss of its own record',
  async () => {
    const journal = (call: number) => ({ call, of: 'journal.checkpoint', when: 'before' }) as const;
    const { picture, deaths } = await runMortal(kubeconfigPath(), [1, 4, 5, 6, 8, 9].map(journal));
    expect(deaths).toHaveLength(6);
    expect(picture).toEqual((await undisturbed()).picture);
  },
  PATIENCE_MS,
);
