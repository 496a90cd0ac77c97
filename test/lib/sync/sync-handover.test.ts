// D1: objects that move between applications, in whatever order their operations run, with a process that stops anywhere. The cases are those of the protocol's
// model; what must hold is what its invariants say.
import fc from 'fast-check';
import { formatRef } from '../../../lib/model/kube-object.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { chooser } from './chooser.ts';
import type { Commit } from './pair-files.ts';
import { PairRig } from './pair-rig.ts';

const CASES: Readonly<Record<string, readonly Commit[]>> = {
  move: [
    { a: ['x'], b: [] },
    { a: [], b: ['x'] },
  ],
  'move, then dropped': [
    { a: ['x'], b: [] },
    { a: [], b: ['x'] },
    { a: [], b: [] },
  ],
  'move and back': [
    { a: ['x'], b: [] },
    { a: [], b: ['x'] },
    { a: ['x'], b: [] },
  ],
  exchange: [
    { a: ['x'], b: ['z'] },
    { a: ['z'], b: ['x'] },
  ],
  removed: [
    { a: ['x'], b: ['z'] },
    { a: [], b: ['z'] },
  ],
  'added first, removed later': [
    { a: ['x'], b: [] },
    { a: ['x'], b: ['x'] },
    { a: [], b: ['x'] },
  ],
};

async function played(commits: readonly Commit[], repos: 1 | 2, seed: number, crashes: number): Promise<PairRig> {
  const { store: state, clock } = await openMemoryStore();
  const rig = new PairRig({ state, clock }, { commits, repos, choose: chooser(seed) });
  await rig.begin();
  rig.crashes = crashes;
  return rig;
}

const uidOf = (rig: PairRig, name: string) => rig.cluster.find(`ConfigMap/store/${name}`).metadata.uid;

/** What the cluster and the inventories hold, against the newest commit. */
async function expectInvariants(rig: PairRig, commits: readonly Commit[]): Promise<void> {
  const head = commits.at(-1) ?? { a: [], b: [] };
  for (const app of ['a', 'b'] as const) {
    const expected = [`own-${app}`, ...head[app]].map((name) => `ConfigMap/store/${name}`).toSorted();
    const live = Object.keys(rig.cluster.contents()).filter(
      (ref) => rig.cluster.find(ref).metadata.labels?.['driftless.dev/app'] === app,
    );
    expect([app, live]).toEqual([app, expected]);
    const inventory = await rig.state.inventory(app);
    const owned = inventory.filter(({ released }) => released === undefined).map(formatRef);
    expect([app, owned.toSorted()]).toEqual([app, expected]);
  }
}

const RUNS = 4;

describe.each(Object.entries(CASES))('D1: %s', (_name, commits) => {
  const names = ['a', 'b'].flatMap((app) => commits.flatMap((commit) => commit[app as 'a' | 'b']));
  const always = [...new Set(names)].filter((name) =>
    commits.every((commit) => commit.a.includes(name) || commit.b.includes(name)),
  );

  test('in one repository nothing is lost, nothing is left over, and what every commit holds keeps its uid', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 0, max: 2 }), async (seed, crashes) => {
        const rig = await played(commits, 1, seed, crashes);
        const uids = always.map((name) => uidOf(rig, name));
        await rig.play();
        await expectInvariants(rig, commits);
        expect(always.map((name) => uidOf(rig, name))).toEqual(uids);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);

  test('in two repositories nothing is lost, and nothing is left over', async () => {
    if (_name === 'added first, removed later') return;
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 0, max: 2 }), async (seed, crashes) => {
        const rig = await played(commits, 2, seed, crashes);
        await rig.play();
        await expectInvariants(rig, commits);
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});
