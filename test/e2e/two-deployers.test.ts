// Two deployers with one state table: only the holder of the lease writes to the cluster.
import { Pair } from '../crash/pair.ts';
import { type Picture, pictureOf } from '../crash/picture.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

const PATIENCE_MS = 180_000;
const LEASE_SECONDS = 3;

/** Gives each test a world of its own, and ends it. */
async function withPair<T>(leaseSeconds: number, work: (pair: Pair) => Promise<T>): Promise<T> {
  const pair = await Pair.open(kubeconfigPath(), leaseSeconds);
  try {
    return await work(pair);
  } finally {
    await pair.close();
  }
}

let known: Promise<Picture> | undefined;

/** How both commits end where nobody sleeps. */
function undisturbed(): Promise<Picture> {
  known ??= withPair(60, async (pair) => {
    await pair.world.settled(await pair.deployTwice(await pair.start('a')));
    return pictureOf(pair.world, pair.revisions);
  });
  return known;
}

test.concurrent.each([
  ['at its first write', 1],
  ['with an apply half done', 4],
  ['while it prunes', /^DELETE .*\/(widgets|gadgets)\/removed/],
] as const)(
  'a deployer that sleeps past its lease %s sends nothing more',
  async (_moment, moment) => {
    await withPair(LEASE_SECONDS, async (pair) => {
      const { sleeper, second } = await pair.sleepAt(moment);
      const heir = await pair.start('b');
      await heir.load();
      await pair.leaseExpired();
      const before = pair.writes.length;
      expect(await heir.deliver({ revision: second })).toBe(202);
      await pair.world.deployed(second);

      sleeper.signal('SIGCONT');
      await pair.world.settled(second);
      expect(pair.writes.slice(before).filter(({ by }) => by === 'a')).toEqual([]);
      expect(sleeper.log.join('\n')).toContain('abandoned operation');
      expect(await pair.history()).toEqual(['1 synced', '2 synced']);
      // The heir plans anew, so its plan has less to do; all else is the same.
      const { history: _, ...rest } = await pictureOf(pair.world, pair.revisions);
      expect({ ...(await undisturbed()), ...rest }).toEqual(await undisturbed());
    });
  },
  PATIENCE_MS,
);

test.concurrent(
  'a deployer that sleeps past its lease, and whom nobody has replaced, goes on',
  async () => {
    await withPair(LEASE_SECONDS, async (pair) => {
      const { sleeper, second } = await pair.sleepAt(4);
      await pair.leaseExpired();
      sleeper.signal('SIGCONT');
      await pair.world.settled(second);
      expect(await pictureOf(pair.world, pair.revisions)).toEqual(await undisturbed());
    });
  },
  PATIENCE_MS,
);

test.concurrent(
  'of two deployers that hear of each push at once, one alone writes for it',
  async () => {
    await withPair(60, async (pair) => {
      const both = await Promise.all([pair.start('a'), pair.start('b')]);
      await pair.push(0);
      await Promise.all(both.map((deployer) => deployer.load()));
      await pair.world.settled(pair.revisions[0] ?? '');
      const writers = [new Set(pair.writes.map(({ by }) => by)).size];
      for (const place of [1, 0, 1]) {
        const before = pair.writes.length;
        const revision = await pair.push(place);
        await Promise.all(both.map((deployer) => deployer.deliver({ revision })));
        await pair.world.settled(revision);
        writers.push(new Set(pair.writes.slice(before).map(({ by }) => by)).size);
      }
      expect(writers).toEqual([1, 1, 1, 1]);
      expect(await pair.history()).toEqual(['1 synced', '2 synced', '3 synced', '4 synced']);
      expect((await pictureOf(pair.world)).inventory).toEqual((await undisturbed()).inventory);
    });
  },
  PATIENCE_MS,
);
