// What the sweep finds out about the head of Git, and what status says of it.
import { DriftlessError, type ErrorCode } from '../../../lib/errors.ts';
import type { ApplyResult } from '../../../lib/model/cluster-api.ts';
import { getApplication } from '../../../lib/queries/application.ts';
import { listPage } from '../../../lib/queries/application-list.ts';
import type { SyncView } from '../../../lib/queries/sync-view.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap, type Rig, withRig } from '../sync/rig.ts';

const rigs = withRig();
const MINUTE = 60_000;
const DENIED: ApplyResult = { status: 'refused', reason: 'invalid', message: 'denied', causes: [] };

/** What status says; the list says the same. */
async function syncOf({ state, clock }: Rig): Promise<SyncView> {
  const { sync } = await getApplication('shop', { state, clock });
  const { items } = await listPage({ limit: 10 }, { state, clock });
  expect(items[0]?.sync.status).toBe(sync.status);
  return sync;
}

/** The kinds of the events of the application, oldest first. */
async function eventsOf({ state }: Rig): Promise<readonly string[]> {
  const { events } = await state.undelivered('APP#shop', 'test');
  return events.map(({ kind }) => kind);
}

function suspend({ state, clock }: Rig, more: object = {}): Promise<void> {
  return state.suspend('shop', { reason: 'sale', by: 'ann', at: new Date(clock.now()).toISOString(), ...more });
}

/** Git fails with this from now on; undefined: it is there again. */
function breakGit(rig: Rig, code: ErrorCode | undefined, message = 'no answer'): void {
  const { git } = rig.ports;
  const fails = { ...git, resolve: () => Promise.reject(new DriftlessError(code ?? 'Internal', message)) };
  Object.assign(rig.ports, {
    git: code === undefined ? Object.getPrototypeOf(git) : Object.setPrototypeOf(fails, git),
  });
}

async function deployed(sync: Parameters<typeof rigs.open>[0] = {}): Promise<Rig> {
  const rig = await rigs.open(sync);
  await rig.state.fillIndexes();
  rig.commit(configMap('a'));
  await rig.run(await rig.ask('manual'));
  expect(await syncOf(rig)).toMatchObject({ status: 'Synced' });
  return rig;
}

test('S2: an application that is synced manually is behind, with the commits that are not deployed', async () => {
  const rig = await deployed({ mode: 'manual' });
  rig.commit(configMap('a', '2'));
  const head = rig.commit(configMap('a', '3'));
  await sweep(rig.ports);
  const short = head.slice(0, 7);
  expect(await syncOf(rig)).toMatchObject({
    status: 'OutOfSync',
    reason: `2 commits behind main: ${short} Ada: Change the shop; sync.mode is manual`,
    head: { revision: head, ahead: { count: 2, commits: [{ revision: head, author: 'Ada' }, {}] } },
  });
  await rig.run(await rig.ask('manual'));
  expect(await syncOf(rig)).toEqual({ status: 'Synced' });
});

test('S2: a suspension says who has suspended it, and until when', async () => {
  const rig = await deployed();
  await suspend(rig, { until: '2030-01-01T00:00:00.000Z' });
  const head = rig.commit(configMap('a', '2'));
  await sweep(rig.ports);
  const reason = `1 commit behind main: ${head.slice(0, 7)} Ada: Change the shop; suspended by ann until 2030-01-01T00:00:00.000Z: sale`;
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason });
});

test('S2: a commit that changes none of the files of the application leaves it Synced, and writes nothing', async () => {
  const rig = await deployed({ mode: 'manual' });
  const before = await rig.state.application('shop');
  rig.commit(configMap('a'));
  await sweep(rig.ports);
  expect(await syncOf(rig)).toEqual({ status: 'Synced' });
  expect(await rig.state.application('shop')).toEqual(before);
});

test('S2: a sweep that finds the same head again writes nothing', async () => {
  const rig = await deployed({ mode: 'manual' });
  rig.commit(configMap('a', '2'));
  await sweep(rig.ports);
  const before = await rig.state.application('shop');
  await rig.clock.advance(5 * MINUTE);
  await sweep(rig.ports);
  expect(await rig.state.application('shop')).toEqual(before);
});

test('S2: another configuration that is not deployed is not Synced either', async () => {
  const rig = await deployed({ mode: 'manual' });
  await rig.configure({ mode: 'manual', prune: false });
  await sweep(rig.ports);
  const reason = 'its configuration has changed since; sync.mode is manual';
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason });
});

test('S2: a head that is set back by a forced push has diverged', async () => {
  const rig = await deployed({ mode: 'manual' });
  const first = await rig.ports.git.resolve('', '');
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask('manual'));
  Object.assign(rig.ports, { git: { ...rig.ports.git, resolve: async () => first } });
  await sweep(rig.ports);
  const reason = `diverged from main, which is an earlier commit ${first.slice(0, 7)}; sync.mode is manual`;
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason });
});

test('S2: a commit that was rolled back is ahead and held, at once', async () => {
  const rig = await deployed();
  const bad = rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask());
  await rig.run(await rig.ask({ kind: 'rollback', by: 'ann' }));
  const held = expect.stringMatching(/^behind main at [0-9a-f]{7}; held since \S+: rolled back by ann$/);
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason: held, head: { revision: bad } });
  await sweep(rig.ports);
  expect(await syncOf(rig)).toMatchObject({ reason: expect.stringContaining('1 commit behind main: ') });
  // Git takes it back: what runs is what Git has.
  rig.commit(configMap('a'));
  await sweep(rig.ports);
  expect(await syncOf(rig)).toMatchObject({ status: 'Synced' });
});

test('S3: a correction of drift does not hide a refused head', async () => {
  const rig = await deployed();
  rig.cluster.refuse('ConfigMap/store/a', DENIED);
  const head = rig.commit(configMap('a', '2'));
  expect(await rig.run(await rig.ask())).toMatchObject({ status: 'refused' });
  rig.cluster.refuse('ConfigMap/store/a', undefined as never);
  const correction = await rig.ask('drift');
  const reason = expect.stringMatching(/behind main.*; refused: 1 refused: .*denied/);
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason, head: { revision: head } });
  await rig.run(correction);
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason, head: { revision: head } });
  await sweep(rig.ports);
  expect(await syncOf(rig)).toMatchObject({ status: 'OutOfSync', reason });
});

test.each<[ErrorCode, string]>([
  ['RefNotFound', 'ref "main": no such branch'],
  ['GitAccessDenied', 'the token is refused'],
  ['RepositoryEmpty', 'nothing is there'],
])(
  'S4: %s makes the source lost: Unknown since when and why, told once, and once that it is back',
  async (code, why) => {
    const rig = await deployed();
    breakGit(rig, code, why);
    const since = new Date(rig.clock.now()).toISOString();
    await sweep(rig.ports);
    const lost = { status: 'Unknown', since, reason: `its source is lost since ${since}: ${why}` };
    expect(await syncOf(rig)).toEqual(lost);
    await rig.clock.advance(30 * MINUTE);
    await sweep(rig.ports);
    expect(await syncOf(rig)).toEqual(lost);
    expect(await eventsOf(rig)).toEqual(['source.lost']);
    breakGit(rig, undefined);
    await sweep(rig.ports);
    expect(await syncOf(rig)).toEqual({ status: 'Synced' });
    expect(await eventsOf(rig)).toEqual(['source.lost', 'source.found']);
  },
);

test('S4: a server that is away for a moment is no lost source; one that is away for a quarter of an hour is', async () => {
  const rig = await deployed();
  breakGit(rig, 'GitUnreachable');
  const since = new Date(rig.clock.now()).toISOString();
  for (let minutes = 0; minutes < 15; minutes += 5) {
    await sweep(rig.ports);
    expect(await syncOf(rig)).toEqual({ status: 'Synced' });
    await rig.clock.advance(5 * MINUTE);
  }
  await sweep(rig.ports);
  expect(await syncOf(rig)).toMatchObject({ status: 'Unknown', since });
  expect(await eventsOf(rig)).toEqual(['source.lost']);
});

test('S4: an operation that finds the source again says so, once', async () => {
  const rig = await deployed();
  breakGit(rig, 'RefNotFound');
  await sweep(rig.ports);
  breakGit(rig, undefined);
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask());
  await sweep(rig.ports);
  expect(await syncOf(rig)).toEqual({ status: 'Synced' });
  expect(await eventsOf(rig)).toEqual(['source.lost', 'source.found']);
});

test('S4: an operation that failed since the source was lost is tried again once it is there', async () => {
  const rig = await deployed();
  rig.commit(configMap('a', '2'));
  const { git } = rig.ports;
  breakGit(rig, 'GitAccessDenied');
  expect(await rig.run(await rig.ask(), undefined, rig.ports)).toMatchObject({ status: 'failed' });
  await sweep(rig.ports);
  expect(rig.started).toEqual([]);
  Object.assign(rig.ports, { git });
  await sweep(rig.ports);
  expect(rig.started).toEqual(['shop-3']);
  await rig.run(3);
  expect(await syncOf(rig)).toEqual({ status: 'Synced' });
});

test('S4: what is known of the head of another branch is forgotten with it', async () => {
  const rig = await deployed();
  breakGit(rig, 'RefNotFound');
  await sweep(rig.ports);
  const record = await rig.state.application('shop');
  if (record === undefined) throw new Error('it is configured');
  const [source] = record.app.sources;
  await rig.configure({}, { sources: [{ ...source, ref: 'next' }] });
  expect((await rig.state.application('shop'))?.head).toBeUndefined();
});

test('S15: the sweep sees a newer commit while an operation waits, and overtakes it', async () => {
  const rig = await deployed();
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask(), 'after the end of apply:0');
  await sweep(rig.ports);
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(2);
  const fix = rig.commit(configMap('a', '3'));
  await rig.clock.advance(MINUTE);
  await sweep(rig.ports);
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(3);
  await sweep(rig.ports);
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(3);
  expect(await rig.run(2)).toMatchObject({ status: 'superseded' });
  expect(await rig.run(3)).toMatchObject({ status: 'synced', revision: fix });
});

test.each<[string, (rig: Rig) => unknown]>([
  ['suspended', (rig) => suspend(rig)],
  ['synced manually', (rig) => rig.configure({ mode: 'manual' })],
])('S15: an application that is %s is told of it, and goes on', async (_how, close) => {
  const rig = await deployed();
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask('manual'), 'after the end of apply:0');
  await close(rig);
  const head = rig.commit(configMap('a', '3'));
  await sweep(rig.ports);
  expect(await rig.state.application('shop')).toMatchObject({
    desiredSeq: 2,
    head: { revision: head, isChanged: true },
  });
});

test('S15: a rollback goes on whatever Git has', async () => {
  const rig = await deployed();
  rig.commit(configMap('a', '2'));
  await rig.run(await rig.ask());
  await rig.run(await rig.ask('rollback'), 'after the end of apply:0');
  rig.commit(configMap('a', '3'));
  await sweep(rig.ports);
  expect((await rig.state.application('shop'))?.desiredSeq).toBe(3);
});

test('one question for each repository and ref, however many applications and modes; one more where the head has moved', async () => {
  const rig = await deployed({ mode: 'manual' });
  const record = await rig.state.application('shop');
  if (record === undefined) throw new Error('it is configured');
  for (const name of ['blog', 'wiki']) await rig.state.putApplication({ ...record.app, name }, 'hash');
  rig.commit(configMap('a', '2'));
  const asked: string[] = [];
  const { git } = rig.ports;
  const counted = {
    ...git,
    resolve: (...args: Parameters<typeof git.resolve>) => asked.push('resolve') && git.resolve(...args),
    distance: (...args: Parameters<typeof git.distance>) => asked.push('distance') && git.distance(...args),
  };
  await sweep({ ...rig.ports, git: counted as typeof git });
  await sweep({ ...rig.ports, git: counted as typeof git });
  expect(asked).toEqual(['resolve', 'distance', 'resolve']);
});
