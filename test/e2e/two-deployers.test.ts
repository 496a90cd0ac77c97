// Two deployers. With one state table only the holder of the lease writes to the cluster; with a table each, what one has deployed is not the other's.
import type { Deployer } from '../../cli/dev/wiring.ts';
import type { Operation } from '../../lib/model/operation.ts';
import { Pair } from '../crash/pair.ts';
import { type Picture, pictureOf } from '../crash/picture.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { type Harness, startHarness } from './harness.ts';
import { configMap, yaml } from './harness-manifests.ts';

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

/** Waits for the newest operation of an application, after a certain one. */
async function ended({ deployer }: Harness, app: string, after = 0): Promise<Operation> {
  for (;;) {
    const [newest] = await deployer.state.operations(app, 1);
    if (newest !== undefined && newest.seq > after && newest.phase === 'done') return newest;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function adopt({ deployer }: Harness, app: string, from: string): Promise<number> {
  const reply = await fetch(`${deployer.url}/api/applications/${app}/adopt`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${deployer.token}` },
    body: JSON.stringify({ from, by: 'ada' }),
  });
  const { seq } = (await reply.json()) as { readonly seq: number };
  return seq - 1;
}

/** A scan finds neither drift nor orphans. Other tests that share the API server leave objects in their own namespaces. */
async function expectNothingFound(deployer: Deployer, places: readonly string[]): Promise<void> {
  expect((await deployer.scan()).clusters).toMatchObject([{ status: 'scanned', objectsDrifted: 0 }]);
  const { orphans = [] } = (await deployer.state.cluster('local')) ?? {};
  expect(orphans.filter(({ namespace = '' }) => places.includes(namespace))).toEqual([]);
}

test(
  'D7: two deployers with an application of the same name leave each other alone, until one adopts',
  async () => {
    const [first, second] = await Promise.all([startHarness(), startHarness()]);
    try {
      const ours = await first.app({ 'all.yaml': yaml(configMap('x'), configMap('gone')) });
      expect((await ours.settled()).outcome?.status).toBe('synced');
      const theirs = await second.app({ 'all.yaml': yaml(configMap('mine')) });
      await theirs.settled();
      const places = [ours.name, theirs.name];
      await theirs.rename(ours.name);
      const renamed = await ended(second, ours.name);
      const before = await ours.version('v1', 'ConfigMap', 'x');

      const x = configMap('x', '2', { namespace: ours.name });
      await theirs.repository.push({ 'all.yaml': yaml(configMap('mine', '2'), x) });
      const refused = await ended(second, ours.name, renamed.seq);
      const remedy = `take it over: driftless adopt ${ours.name} --from ${first.deployer.deployer}`;
      expect(refused.outcome).toMatchObject({ status: 'refused', message: expect.stringContaining(remedy) });
      expect((await theirs.live('v1', 'ConfigMap', 'mine'))?.['data']).toEqual({ value: '1' });

      for (const { deployer } of [first, second]) await expectNothingFound(deployer, places);
      expect(await ours.version('v1', 'ConfigMap', 'x')).toBe(before);

      const pruned = await ours.deploy({ 'all.yaml': yaml(configMap('x')) });
      expect(pruned.outcome).toMatchObject({ status: 'synced', message: '1 unchanged, 1 deleted' });
      expect(await theirs.live('v1', 'ConfigMap', 'mine')).toBeDefined();

      const adopted = await ended(second, ours.name, await adopt(second, ours.name, first.deployer.deployer));
      const said = `ConfigMap/${ours.name}/x is taken over from deployer "${first.deployer.deployer}"`;
      expect(adopted.outcome).toMatchObject({ status: 'synced', message: expect.stringContaining(said) });
      expect(adopted.trigger).toEqual({ kind: 'adopt', by: 'ada', from: first.deployer.deployer });
      const live = await ours.live('v1', 'ConfigMap', 'x');
      expect(live?.metadata.uid).toBe(before?.split(' ')[0]);
      expect(live).toMatchObject({
        data: { value: '2' },
        metadata: { labels: { 'driftless.dev/app': ours.name, 'driftless.dev/deployer': second.deployer.deployer } },
      });
      await expectNothingFound(second.deployer, places);
      const again = await ended(second, ours.name, await adopt(second, ours.name, first.deployer.deployer));
      expect(again.outcome?.status).toBe('unchanged');
      expect((await ours.deploy({ 'all.yaml': yaml(configMap('x', '3')) })).outcome?.status).toBe('refused');
      expect((await ours.live('v1', 'ConfigMap', 'x'))?.['data']).toEqual({ value: '2' });
    } finally {
      await Promise.all([first.stop(), second.stop()]);
    }
  },
  PATIENCE_MS,
);
