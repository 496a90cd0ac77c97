// Two deployers with one state table, each a process with a folder of its own; every request to the API server is seen on its way.
import { systemClock } from '../../cli/system-clock.ts';
import { type DeployerProcess, startDeployerProcess } from '../crash/deployer-process.ts';
import { exampleCommits } from '../crash/example.ts';
import { type Picture, pictureOf } from '../crash/picture.ts';
import type { Intercept } from '../crash/proxy.ts';
import { openWorld, type World } from '../crash/world.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';

const PATIENCE_MS = 120_000;
const LEASE_SECONDS = 3;

type Write = { readonly by: string; readonly request: string };

let undisturbed: Picture;
let world: World;
let writes: Write[];
let deployers: DeployerProcess[];

beforeAll(async () => {
  await setUp();
  const revisions = await deployFirst(await start('a'));
  revisions.push(await push(1, revisions));
  await Promise.all(deployers.map((deployer) => deployer.deliver({ revision: revisions[1] ?? '' })));
  await world.settled(revisions[1] ?? '');
  undisturbed = await pictureOf(world, revisions);
  await tearDown();
}, PATIENCE_MS);

beforeEach(setUp, PATIENCE_MS);
afterEach(tearDown, PATIENCE_MS);

async function setUp(): Promise<void> {
  world = await openWorld(kubeconfigPath());
  writes = [];
  deployers = [];
}

async function tearDown(): Promise<void> {
  await Promise.all(deployers.map((deployer) => deployer.end()));
  await world.close();
}

/** Starts a deployer; `onWrite` hears of each write before it goes on to the API server. */
async function start(by: string, onWrite: (count: number) => void = () => undefined): Promise<DeployerProcess> {
  const intercept: Intercept = (request, exchange) => {
    if (isWrite(request)) onWrite(writes.push({ by, request }));
    return exchange();
  };
  const deployer = await startDeployerProcess(world, { name: by, leaseSeconds: LEASE_SECONDS, intercept });
  deployers.push(deployer);
  return deployer;
}

function isWrite(request: string): boolean {
  return !request.startsWith('GET ') && !request.includes('dryRun=All');
}

async function push(place: number, revisions: readonly string[]): Promise<string> {
  const files = exampleCommits(world.app.name)[place] ?? {};
  const revision = await world.repository.commit(files, revisions.at(-1));
  await world.repository.push(revision);
  return revision;
}

/** Deploys the first commit; gives the commits so far. */
async function deployFirst(deployer: DeployerProcess): Promise<string[]> {
  const revision = await push(0, []);
  await deployer.load();
  await world.settled(revision);
  return [revision];
}

/** What tells how often an object was changed, which is more often here than in the undisturbed run. */
const COUNTS = new Set(['generation', 'deployment.kubernetes.io/revision', 'driftless.dev/operation']);

function uncounted(objects: readonly unknown[]): unknown {
  return JSON.parse(JSON.stringify(objects), (key, value: unknown) => (COUNTS.has(key) ? undefined : value));
}

async function history(): Promise<readonly string[]> {
  const operations = await world.state.operations(world.app.name, 100);
  return operations.map(({ seq, outcome }) => `${seq} ${outcome?.status}`).reverse();
}

async function leaseExpired(): Promise<void> {
  const lease = (await world.state.application(world.app.name))?.lease;
  await systemClock.sleep(Date.parse(lease?.expiresAt ?? '') - Date.now() + 1);
}

/** Starts a deployer, deploys the first commit, then delivers the second and stops the process with its n-th write of it. */
async function stopAt(nthWrite: number | RegExp): Promise<{ readonly sleeper: DeployerProcess; revisions: string[] }> {
  const stopped = Promise.withResolvers<void>();
  let before = Number.POSITIVE_INFINITY;
  const sleeper = await start('a', (count) => {
    const isIt =
      typeof nthWrite === 'number' ? count - before === nthWrite : nthWrite.test(writes.at(-1)?.request ?? '');
    if (!isIt || count <= before) return;
    before = Number.POSITIVE_INFINITY;
    sleeper.signal('SIGSTOP');
    stopped.resolve();
  });
  const revisions = await deployFirst(sleeper);
  before = writes.length;
  revisions.push(await push(1, revisions));
  await sleeper.deliver({ revision: revisions[1] ?? '' });
  await stopped.promise;
  return { sleeper, revisions };
}

const MOMENTS = [
  ['its first write', 1],
  ['an apply half done', 4],
  ['its first deletion of what Git does not have any more', /^DELETE .*\/(widgets|gadgets)\/removed/],
] as const;

test.each(MOMENTS)(
  'a deployer that sleeps past its lease at %s sends nothing more',
  async (_moment, nthWrite) => {
    const { sleeper, revisions } = await stopAt(nthWrite);
    const [, second = ''] = revisions;
    const heir = await start('b');
    await heir.load();
    await leaseExpired();
    const asleep = writes.length;
    expect(await heir.deliver({ revision: second })).toBe(202);
    await world.deployed(second);

    sleeper.signal('SIGCONT');
    await world.settled(second);
    expect(writes.slice(asleep).filter(({ by }) => by === 'a')).toEqual([]);
    expect(sleeper.log.join('\n')).toContain('left operation to another worker');
    // The heir plans anew, so its plan has less to do; all else is the same.
    const { objects, inventory, application } = await pictureOf(world, revisions);
    expect({ objects, inventory, application }).toEqual({ ...undisturbed, history: undefined });
    expect(await history()).toEqual(['1 synced', '2 synced']);
  },
  PATIENCE_MS,
);

test(
  'a deployer that sleeps past its lease, and whom nobody has replaced, goes on',
  async () => {
    const { sleeper, revisions } = await stopAt(4);
    await leaseExpired();
    sleeper.signal('SIGCONT');
    await world.settled(revisions[1] ?? '');
    expect(await pictureOf(world, revisions)).toEqual(undisturbed);
  },
  PATIENCE_MS,
);

test(
  'of two deployers that hear of each push at once, one alone writes for it',
  async () => {
    const both = await Promise.all([start('a'), start('b')]);
    const revisions = [await push(0, [])];
    await Promise.all(both.map((deployer) => deployer.load()));
    await world.settled(revisions[0] ?? '');
    const writers = [new Set(writes.map(({ by }) => by)).size];
    for (const place of [1, 0, 1]) {
      const before = writes.length;
      const revision = await push(place, revisions);
      revisions.push(revision);
      await Promise.all(both.map((deployer) => deployer.deliver({ revision })));
      await world.settled(revision);
      writers.push(new Set(writes.slice(before).map(({ by }) => by)).size);
    }
    expect(writers).toEqual([1, 1, 1, 1]);
    expect(await history()).toEqual(['1 synced', '2 synced', '3 synced', '4 synced']);
    expect(uncounted((await pictureOf(world, revisions)).objects)).toEqual(uncounted(undisturbed.objects));
  },
  PATIENCE_MS,
);
