// D1 and D2, one order of operations at a time: what each history says, and what is never lost.
import { specHash } from '../../../lib/model/stored-application.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import { applicationOf } from '../render/fixture.ts';
import type { Commit } from './pair-files.ts';
import { PairRig } from './pair-rig.ts';

const MOVE: readonly Commit[] = [
  { a: ['x'], b: [] },
  { a: [], b: ['x'] },
];

async function moved(repos: 1 | 2 = 1): Promise<PairRig> {
  const { store: state, clock } = await openMemoryStore();
  const rig = new PairRig({ state, clock }, { commits: MOVE, repos, choose: (limit) => (limit === 20 ? 2 : 0) });
  await rig.begin();
  rig.commit();
  return rig;
}

const metadataOf = (rig: PairRig) => rig.cluster.find('ConfigMap/store/x').metadata;
const ownerOf = (rig: PairRig) => metadataOf(rig).labels?.['driftless.dev/app'];

test('D1: the giver runs first: it leaves the object to the application that the head has it in, which takes it over', async () => {
  const rig = await moved();
  const { uid } = metadataOf(rig);
  await rig.request('a', 'push');
  await rig.settle();
  expect([ownerOf(rig), metadataOf(rig).uid]).toEqual(['b', uid]);
  expect((await rig.history('a')).slice(1)).toEqual([
    'push unchanged: 1 unchanged, ConfigMap/store/x is left to application b',
    'handover unchanged: 1 unchanged, ConfigMap/store/x belongs to application b now',
  ]);
  expect((await rig.history('b')).slice(1)).toEqual([
    'handover synced: 1 configured, 1 unchanged, ConfigMap/store/x is taken over from application a',
  ]);
});

test('D1: the taker runs first: it waits until the giver has released the object', async () => {
  const rig = await moved();
  const { uid } = metadataOf(rig);
  await rig.request('b', 'push');
  await rig.settle();
  expect(ownerOf(rig)).toBe('a');
  expect((await rig.state.application('b'))?.waiting).toMatchObject([{ gate: 'object' }]);
  await rig.request('a', 'push');
  await rig.settle();
  expect([ownerOf(rig), metadataOf(rig).uid]).toEqual(['b', uid]);
  expect((await rig.history('b')).slice(1)).toEqual([
    'push waiting: waits for 1 object of other applications: ConfigMap/store/x belongs to application a, which has not released it; it is taken over once a has deployed a commit without it',
    'handover synced: 1 configured, 1 unchanged, ConfigMap/store/x is taken over from application a',
  ]);
  expect((await rig.state.application('b'))?.waiting).toBeUndefined();
});

test('D1: an object that the giver would keep, as one of a protected kind, goes to the application that waits for it', async () => {
  const { store: state, clock } = await openMemoryStore();
  const commits = [MOVE[0], { a: ['x'], b: ['x'] }, MOVE[1]] as readonly Commit[];
  const rig = new PairRig({ state, clock }, { commits, repos: 1, choose: (limit) => (limit === 20 ? 2 : 0) });
  await rig.begin();
  for (const app of rig.applications.filter(({ name }) => name === 'a')) {
    const keeping = { ...app, sync: { ...app.sync, prune: false } };
    await state.putApplication(keeping, specHash(keeping));
  }
  const { uid } = metadataOf(rig);
  await rig.push();
  await rig.settle();
  expect([ownerOf(rig), (await state.application('b'))?.waiting]).toMatchObject(['a', [{ gate: 'object' }]]);
  rig.commit();
  await rig.request('a', 'push');
  await rig.settle();
  expect([ownerOf(rig), metadataOf(rig).uid]).toEqual(['b', uid]);
  expect((await rig.history('a')).slice(2)).toEqual([
    'push unchanged: 1 unchanged, ConfigMap/store/x is left to application b',
    'handover unchanged: 1 unchanged, ConfigMap/store/x belongs to application b now',
  ]);
});

test('D1: across repositories the taker runs first, and the uid stays', async () => {
  const rig = await moved(2);
  const { uid } = metadataOf(rig);
  await rig.request('b', 'push');
  await rig.settle();
  await rig.request('a', 'push');
  await rig.settle();
  expect([ownerOf(rig), metadataOf(rig).uid]).toEqual(['b', uid]);
});

test('D1: an application that is suspended counts as well: the object is left to it, and stays', async () => {
  const rig = await moved();
  const { uid } = metadataOf(rig);
  await rig.state.suspend('b', { reason: 'exam', at: '2026-01-01T00:00:00.000Z' });
  await rig.request('a', 'push');
  await rig.settle();
  expect([ownerOf(rig), metadataOf(rig).uid]).toEqual(['a', uid]);
  expect((await rig.state.application('a'))?.waiting).toMatchObject([{ gate: 'handover' }]);
  await rig.state.suspend('b', undefined);
  await rig.request('b', 'manual');
  await rig.settle();
  expect([ownerOf(rig), metadataOf(rig).uid]).toEqual(['b', uid]);
});

test('D1: a rollback of the giver leaves what the other one has by now, and goes on', async () => {
  const rig = await moved();
  for (const name of ['a', 'b']) await rig.request(name, 'push');
  await rig.settle();
  const { uid } = metadataOf(rig);
  await rig.state.request('a', { trigger: { kind: 'rollback', toSeq: 1 } });
  const newest = (await rig.state.application('a'))?.desiredSeq ?? 0;
  await rig.start('a', newest);
  expect([ownerOf(rig), metadataOf(rig).uid]).toEqual(['b', uid]);
  expect((await rig.history('a')).at(-1)).toMatch(/^rollback rolledBack: .*1 skipped/);
});

test('D1: a rollback of the taker keeps what it took over, which the giver’s Git has no longer', async () => {
  const rig = await moved();
  for (const name of ['a', 'b']) await rig.request(name, 'push');
  await rig.settle();
  const { uid } = metadataOf(rig);
  const { seq } = await rig.state.request('b', { trigger: { kind: 'rollback', toSeq: 1 } });
  await rig.start('b', seq);
  expect([ownerOf(rig), metadataOf(rig).uid]).toEqual(['b', uid]);
  expect((await rig.history('b')).at(-1)).toMatch(/x stays: it was taken over from application a/);
  await rig.request('b', 'manual');
  await rig.settle();
  expect([ownerOf(rig), metadataOf(rig).uid]).toEqual(['b', uid]);
});

test('D2: what is labelled for an application that is not configured any more is adopted, with its uid', async () => {
  const rig = await moved();
  const { uid } = metadataOf(rig);
  await rig.state.removeApplication('a');
  await rig.request('b', 'push');
  await rig.settle();
  expect([ownerOf(rig), metadataOf(rig).uid]).toEqual(['b', uid]);
});

test('D2: an application that is renamed adopts all of its objects', async () => {
  const rig = await moved();
  const own = rig.cluster.find('ConfigMap/store/own-a').metadata.uid;
  await rig.state.removeApplication('a');
  const renamed = { ...applicationOf({ path: 'a' }), name: 'new' };
  await rig.state.putApplication(renamed, specHash(renamed));
  await rig.request('new', 'config');
  await rig.settle();
  expect(rig.cluster.find('ConfigMap/store/own-a').metadata).toMatchObject({
    uid: own,
    labels: { 'driftless.dev/app': 'new' },
  });
});
