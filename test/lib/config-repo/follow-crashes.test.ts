import { setImmediate } from 'node:timers/promises';
import type { FollowPorts } from '../../../lib/config-repo/follow.ts';
import { DriftlessError } from '../../../lib/errors.ts';
import { app, type ConfigWorld, filesOf, withConfigWorld } from './config-world.ts';

const worlds = withConfigWorld();
const MINUTE = 60_000;

/** What the table says: whether it is loaded, from which commit, and the namespace of each application. */
async function stateOf({ config, ports }: ConfigWorld): Promise<object> {
  const current = await config.current();
  const records = await ports.state.applications();
  const namespaces = records.map((record) => [record.app.name, record.app.destination.namespace]);
  return { revision: current?.revision, loaded: current?.loaded, applications: Object.fromEntries(namespaces) };
}

/** Ports of a process that is gone before its n-th write: what it does from then on never happens and never returns. */
function mortal(
  { ports }: ConfigWorld,
  lives: number,
): { readonly ports: FollowPorts; readonly died: Promise<'died'> } {
  let left = lives;
  let die: (died: 'died') => void = () => undefined;
  const died = new Promise<'died'>((resolve) => {
    die = resolve;
  });
  const dying =
    <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      left -= 1;
      if (left >= 0) return write(...args);
      die('died');
      return new Promise(() => undefined);
    };
  const { state, config, operations } = ports;
  return {
    died,
    ports: {
      ...ports,
      state: {
        ...state,
        putApplication: dying(state.putApplication),
        removeApplication: dying(state.removeApplication),
        request: dying(state.request),
      },
      config: {
        ...config,
        replace: dying(config.replace),
        mark: dying(config.mark),
        putReport: dying(config.putReport),
      },
      operations: { start: dying(operations.start) },
    },
  };
}

async function passing<T>({ clock }: ConfigWorld, work: Promise<T>): Promise<T> {
  let ended = false;
  const watched = work.finally(() => {
    ended = true;
  });
  while (!ended) {
    await setImmediate();
    await clock.advanceToNext();
  }
  return watched;
}

test('whatever write a crash comes before, the next run ends with the whole configuration', async () => {
  const ends = new Set<string>();
  let died = 0;
  for (let lives = 0; lives < 30; lives += 1) {
    const world = await worlds.open();
    world.commit(filesOf('blog', 'shop', 'wiki'));
    await world.follow();
    const revision = world.commit({ ...filesOf('blog', 'news'), 'config/wiki.yaml': app('wiki', 'elsewhere') });
    const process = mortal(world, lives);
    const end = await Promise.race([world.follow({}, process.ports), process.died]);
    if (end !== 'died') break;
    died += 1;
    await world.clock.advance(MINUTE + 1);
    await world.follow();
    const applications = { blog: 'blog', news: 'news', wiki: 'elsewhere' };
    expect(await stateOf(world)).toEqual({ revision, loaded: true, applications });
    ends.add(JSON.stringify(await world.follow()));
  }
  expect(died).toBeGreaterThan(6);
  expect([...ends].every((end) => end.includes('unchanged'))).toBe(true);
});

test('a worker has its time to apply the configuration; then another worker continues', async () => {
  const world = await worlds.open();
  const revision = world.commit(filesOf('blog', 'wiki'));
  const process = mortal(world, 4);
  await Promise.race([world.follow({}, process.ports), process.died]);
  expect(await passing(world, world.follow())).toEqual({ status: 'busy' });
  await world.clock.advance(MINUTE);
  expect(await world.follow()).toEqual({ status: 'loaded', revision, applications: 2 });
});

test('what a crash left half loaded is loaded also while the Git server is away', async () => {
  const world = await worlds.open();
  const revision = world.commit(filesOf('blog', 'wiki'));
  const process = mortal(world, 4);
  await Promise.race([world.follow({}, process.ports), process.died]);
  await world.clock.advance(MINUTE + 1);
  const git = { ...world.ports.git, resolve: () => Promise.reject(new DriftlessError('GitUnreachable', 'no answer')) };
  expect(await world.follow({}, { git })).toMatchObject({ status: 'failed', error: { code: 'GitUnreachable' } });
  expect(await stateOf(world)).toEqual({ revision, loaded: true, applications: { blog: 'blog', wiki: 'wiki' } });
});

test('a configuration that was damaged in the table is read from Git again, and no application is removed', async () => {
  const world = await worlds.open();
  const revision = world.commit(filesOf('blog', 'wiki'));
  await world.follow();
  await world.damage();
  const git = { ...world.ports.git, resolve: () => Promise.reject(new DriftlessError('GitUnreachable', 'no answer')) };
  expect(await world.follow({}, { git })).toMatchObject({ status: 'failed' });
  expect(await world.names()).toEqual(['blog', 'wiki']);
  expect(await world.follow()).toMatchObject({ status: 'loaded', revision, applications: 2 });
  expect(world.started.toSorted()).toEqual(['blog-1', 'wiki-1']);
  expect(await world.follow()).toEqual({ status: 'unchanged', revision });
});

test('one that was damaged before it was loaded is not loaded, whatever the Git server does', async () => {
  const world = await worlds.open();
  world.commit(filesOf('blog', 'wiki'));
  await world.follow();
  world.commit(filesOf('blog', 'news'));
  const process = mortal(world, 3);
  await Promise.race([world.follow({}, process.ports), process.died]);
  await world.clock.advance(MINUTE + 1);
  await world.damage();
  const git = { ...world.ports.git, resolve: () => Promise.reject(new DriftlessError('GitUnreachable', 'no answer')) };
  await world.follow({}, { git });
  expect(await world.names()).toEqual(['blog', 'wiki']);
  await world.follow();
  expect(await world.names()).toEqual(['blog', 'news']);
});

test('a table that fails while applications are applied is reported; the next run continues immediately', async () => {
  const world = await worlds.open();
  world.commit(filesOf('blog', 'wiki'));
  const { state } = world.ports;
  const failing: typeof state = {
    ...state,
    putApplication: async (one, hash) => {
      if (one.name === 'wiki') throw new DriftlessError('StateUnavailable', 'throttled');
      return state.putApplication(one, hash);
    },
  };
  expect(await world.follow({}, { state: failing })).toMatchObject({
    status: 'failed',
    error: { code: 'StateUnavailable' },
  });
  expect(await world.follow()).toMatchObject({ status: 'loaded', applications: 2 });
});

test('a loader that was paused writes nothing after its time', async () => {
  const world = await worlds.open();
  world.commit(filesOf('blog', 'wiki'));
  await world.follow();
  world.commit({ 'config/all.yaml': `${app('blog', 'old')}---\n${app('wiki', 'old')}` });
  const { state } = world.ports;
  const paused: typeof state = {
    ...state,
    applications: async () => {
      const records = await state.applications();
      if ((await world.config.current())?.loaded === false) await overtaken(world);
      return records;
    },
  };
  expect(await world.follow({}, { state: paused })).toMatchObject({
    status: 'failed',
    error: { code: 'LeaseExpired' },
  });
  expect(await stateOf(world)).toMatchObject({ loaded: true, applications: { blog: 'new', wiki: 'new' } });
});

async function overtaken(world: ConfigWorld): Promise<void> {
  await world.clock.advance(MINUTE + 1);
  world.commit({ 'config/all.yaml': `${app('blog', 'new')}---\n${app('wiki', 'new')}` });
  await world.follow();
}

test('of two at once one loads, and the other finds it done', async () => {
  const world = await worlds.open();
  const revision = world.commit(filesOf('blog', 'wiki'));
  const running: Promise<unknown>[] = [];
  const sleep = async (): Promise<void> => void (await Promise.race(running));
  const clock = { now: () => world.clock.now(), monotonic: () => world.clock.monotonic(), sleep };
  const both = [world.follow({}, { clock }), world.follow({}, { clock })];
  running.push(...both);
  const outcomes = await Promise.all(both);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['loaded', 'unchanged']);
  expect(world.started.toSorted()).toEqual(['blog-1', 'wiki-1']);
  expect(await stateOf(world)).toMatchObject({ revision, loaded: true });
});

test('of two at once that saw different heads no mixture stays', async () => {
  const world = await worlds.open();
  const heads = ['one', 'two', 'three'].map((where) =>
    world.commit({ 'config/all.yaml': `${app('blog', where)}---\n${app('wiki', where)}---\n${app(where)}` }),
  );
  const seeing = (revision = '') => ({ git: { ...world.ports.git, resolve: async () => revision } });
  await passing(world, Promise.all(heads.map((head) => world.follow({}, seeing(head)))));
  const { revision, applications } = Object(await stateOf(world));
  const where = ['one', 'two', 'three'][heads.indexOf(revision)] ?? 'nowhere';
  expect(applications).toEqual({ blog: where, wiki: where, [where]: where });
});
