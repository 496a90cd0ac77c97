// Two applications of one repository exchange objects, one of them gets another name, and a new one adopts what the other one leaves, with deployers that die on the way. However often they die, each object
// keeps its uid, carries the label of the application whose Git holds it, and is in that application's inventory alone.
import { formatRef } from '../../lib/model/kube-object.ts';
import { APP_LABEL } from '../../lib/ownership/labels.ts';
import { configMap, manifests } from './example.ts';
import type { Death } from './mortal.ts';
import { type MortalDeployer, startMortalDeployer } from './mortal-deployer.ts';
import { deliverTo, survivor } from './play.ts';
import { isIdle, openWorld, until, type World } from './world.ts';

export type HandOverRun = {
  /** Each object: whether it is the first one of its name, the application that its label names, and those whose inventories have it. */
  readonly objects: readonly string[];
  readonly deaths: readonly string[];
  /** Calls to the outside world of the first deployer, in order. */
  readonly calls: readonly string[];
};

/** What is to come of it. */
export const HANDED_OVER: readonly string[] = ['own-a same c [c]', 'own-b same d [d]', 'p same d [d]', 'q same c [c]'];

const FIRST = { a: ['own-a', 'p'], b: ['own-b', 'q'] };
const SECOND = { a: ['own-a', 'q'], b: ['own-b', 'p'] };

/** Runs the exchange, then the renaming of `a` to `c`, then the removal of `b`, whose objects `d` adopts; the n-th deployer dies the n-th death, further ones live. */
export async function runHandOver(kubeconfig: string, deaths: readonly Death[] = []): Promise<HandOverRun> {
  const world = await openWorld(kubeconfig);
  const pair = pairOf(world);
  const started: MortalDeployer[] = [];
  const {
    survive,
    deaths: died,
    end,
  } = survivor(async (incarnation) => {
    const deployer = await startMortalDeployer(pair, deaths[incarnation]);
    started.push(deployer);
    return deployer;
  });
  try {
    const first = await world.repository.commit(filesOf(FIRST), undefined);
    await world.repository.push(first);
    await survive(() => settled(pair, first));
    const before = await uids(pair);
    const second = await world.repository.commit(filesOf(SECOND), first);
    await world.repository.push(second);
    await survive((deployer) => deliverTo(deployer, second));
    // What a crash has left is found by sweeps.
    await survive((deployer) => settled(pair, second, () => deployer.load()));
    pair.apps = renamed(pair);
    await survive((deployer) => deployer.load());
    await survive((deployer) => settled(pair, second, () => deployer.load()));
    pair.apps = pair.apps.filter(({ name }) => name !== pair.b.name);
    await survive((deployer) => deployer.load());
    pair.apps = [...pair.apps, { ...pair.b, name: `${pair.app.name}-d` }];
    await survive((deployer) => deployer.load());
    await survive((deployer) => settled(pair, second, () => deployer.load()));
    await end();
    return { objects: await picture(pair, before), deaths: died, calls: started[0]?.mortal.calls ?? [] };
  } finally {
    await end();
    await world.close();
  }
}

type Pair = World & { apps: World['apps']; readonly b: World['app'] };

function pairOf(world: World): Pair {
  const [source] = world.app.sources;
  const at = (path: string): World['app'] => ({
    ...world.app,
    name: `${world.app.name}-${path}`,
    sources: [{ ...source, path }],
  });
  return { ...world, apps: [at('a'), at('b')], b: at('b') };
}

function renamed({ app, apps }: Pair): World['apps'] {
  return apps.map((one) => (one.name === `${app.name}-a` ? { ...one, name: `${app.name}-c` } : one));
}

function filesOf(held: Readonly<Record<'a' | 'b', readonly string[]>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    (['a', 'b'] as const).map((path) => [
      `${path}/all.json`,
      manifests(held[path].map((name) => configMap(name, '1'))),
    ]),
  );
}

const SWEEP_EVERY = 20;

/** Both have deployed the commit, wait for nothing, and no operation runs. */
async function settled({ apps, state, folder }: Pair, revision: string, sweep?: () => Promise<void>): Promise<void> {
  let looks = 0;
  await until(`both at ${revision}`, async () => {
    looks += 1;
    if (looks % SWEEP_EVERY === 0) await sweep?.();
    const done = await Promise.all(apps.map(({ name }) => isDone(state, name, revision)));
    return done.every(Boolean) && (await isIdle(folder)) ? true : undefined;
  });
}

async function isDone(state: World['state'], name: string, revision: string): Promise<boolean> {
  const [record, [newest]] = await Promise.all([state.application(name), state.operations(name, 1)]);
  if (record?.lease !== undefined || (record?.waiting ?? []).length > 0) return false;
  return record?.lastSync?.revision === revision && newest?.app === name && newest.phase === 'done';
}

async function uids({ app, kube }: Pair): Promise<ReadonlyMap<string, string | undefined>> {
  const found = await Promise.all(
    NAMES.map(
      async (name) => [name, (await kube.get({ ...CONFIG_MAP, name, namespace: app.name }))?.metadata.uid] as const,
    ),
  );
  return new Map(found);
}

const NAMES = ['own-a', 'own-b', 'p', 'q'];
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };

async function picture({ app, apps, kube, state }: Pair, before: ReadonlyMap<string, string | undefined>) {
  const short = (name = 'none'): string => name.slice(app.name.length + 1);
  const inventories = await Promise.all(
    apps.map(async ({ name }) => [name, (await state.inventory(name)).map(formatRef)] as const),
  );
  return Promise.all(
    NAMES.map(async (name) => {
      const live = await kube.get({ ...CONFIG_MAP, name, namespace: app.name });
      const same = live === undefined ? 'gone' : live.metadata.uid === before.get(name) ? 'same' : 'another';
      const holders = inventories.filter(([, refs]) => refs.includes(`ConfigMap/${app.name}/${name}`));
      return `${name} ${same} ${short(live?.metadata.labels?.[APP_LABEL])} [${holders.map(([one]) => short(one)).join()}]`;
    }),
  );
}
