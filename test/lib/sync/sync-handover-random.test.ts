// D1, D2: any sequence of commits that move, copy and delete objects between two applications, one of which may get another name on the way. What Git holds at
// rest is never deleted, what it does not hold is gone, and what each commit held keeps its uid.
import fc from 'fast-check';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { chooser } from './chooser.ts';
import type { Commit } from './pair-files.ts';
import { PairRig } from './pair-rig.ts';

const NAMES = ['p', 'q', 'r'];

const commit: fc.Arbitrary<Commit> = fc.record({ a: fc.subarray(NAMES), b: fc.subarray(NAMES) });

/** While two applications hold an object, one of them waits with all that it has; so the last commit has no object twice. */
const last = commit.map(({ a, b }) => ({ a, b: b.filter((name) => !a.includes(name)) }));

type Story = {
  readonly commits: readonly Commit[];
  readonly seed: number;
  readonly crashes: number;
  readonly renamed: boolean;
};

const story: fc.Arbitrary<Story> = fc.record({
  commits: fc.tuple(fc.array(commit, { minLength: 1, maxLength: 3 }), last).map(([before, end]) => [...before, end]),
  seed: fc.integer(),
  crashes: fc.integer({ min: 0, max: 2 }),
  renamed: fc.boolean(),
});

const holders = (commits: Commit | undefined, name: string): readonly ('a' | 'b')[] =>
  (['a', 'b'] as const).filter((app) => commits?.[app].includes(name));

const liveOf = (rig: PairRig, name: string) =>
  Object.keys(rig.cluster.contents()).includes(`ConfigMap/store/${name}`)
    ? rig.cluster.find(`ConfigMap/store/${name}`).metadata
    : undefined;

async function played({ commits, seed, crashes, renamed }: Story) {
  const { store: state, clock } = await openMemoryStore();
  const rig = new PairRig({ state, clock }, { commits, repos: 1, choose: chooser(seed) });
  await rig.begin();
  const before = new Map(NAMES.map((name) => [name, liveOf(rig, name)?.uid]));
  rig.crashes = crashes;
  if (renamed) await rig.configure(rig.applications.map((app) => (app.name === 'a' ? { ...app, name: 'a2' } : app)));
  await rig.play();
  return { rig, before };
}

test('what Git holds is live, what it does not hold is gone, and what it always held has its uid', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const { rig, before } = await played(told);
      const head = told.commits.at(-1);
      for (const name of NAMES) {
        const live = liveOf(rig, name);
        const names = holders(head, name).map((app) => (app === 'a' && told.renamed ? 'a2' : app));
        expect([name, live === undefined]).toEqual([name, names.length === 0]);
        if (live !== undefined) expect(names).toContain(live.labels?.['driftless.dev/app']);
        const always = before.get(name) !== undefined && told.commits.every((one) => holders(one, name).length > 0);
        if (always) expect([name, live?.uid]).toEqual([name, before.get(name)]);
      }
    }),
    { numRuns: 15 },
  );
}, 120_000);
