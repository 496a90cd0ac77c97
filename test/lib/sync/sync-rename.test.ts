// D2: an application under another name keeps its objects with their uids, its history and what holds it.
import type { Application } from '../../../lib/model/application.ts';
import { formatRef } from '../../../lib/model/kube-object.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import type { Commit } from './pair-files.ts';
import { PairRig } from './pair-rig.ts';

async function opened(commits: readonly Commit[] = [{ a: ['x'], b: [] }]): Promise<PairRig> {
  const { store: state, clock } = await openMemoryStore();
  const rig = new PairRig({ state, clock }, { commits, repos: 1, choose: (limit) => (limit === 20 ? 2 : 0) });
  await rig.begin();
  return rig;
}

/** The configuration with `a` under another name. */
function renamed(rig: PairRig, name = 'new', more: Partial<Application> = {}): readonly Application[] {
  return rig.applications.map((app) => (app.name === 'a' ? { ...app, name, ...more } : app));
}

const marks = (rig: PairRig, name: string) => {
  const { uid, labels } = rig.cluster.find(`ConfigMap/store/${name}`).metadata;
  return { uid, owner: labels?.['driftless.dev/app'] };
};

test('D2: its objects keep their uids, its inventory and its history go on', async () => {
  const rig = await opened();
  const before = [marks(rig, 'x').uid, marks(rig, 'own-a').uid];
  await rig.configure(renamed(rig));
  await rig.settle();
  expect([marks(rig, 'x'), marks(rig, 'own-a')]).toEqual(before.map((uid) => ({ uid, owner: 'new' })));
  expect((await rig.state.inventory('new')).map(formatRef).toSorted()).toEqual([
    'ConfigMap/store/own-a',
    'ConfigMap/store/x',
  ]);
  expect(await rig.history('new')).toEqual([
    'push synced: 2 created',
    'config synced: 2 configured, ConfigMap/store/own-a is taken over from application a, ConfigMap/store/x is taken over from application a',
  ]);
});

test('D2: what Git no longer has in the same commit is pruned', async () => {
  const rig = await opened([
    { a: ['x'], b: [] },
    { a: [], b: [] },
  ]);
  rig.commit();
  await rig.configure(renamed(rig));
  await rig.settle();
  expect(Object.keys(rig.cluster.contents())).not.toContain('ConfigMap/store/x');
  expect((await rig.history('new')).at(-1)).toMatch(/^config synced: 1 configured, 1 deleted/);
});

test('D2: what goes to another application in the same commit is left to it', async () => {
  const rig = await opened([
    { a: ['x'], b: [] },
    { a: [], b: ['x'] },
  ]);
  const { uid } = marks(rig, 'x');
  rig.commit();
  await rig.configure(renamed(rig));
  await rig.settle();
  for (const name of ['new', 'b']) await rig.request(name, 'push');
  await rig.settle();
  expect(marks(rig, 'x')).toEqual({ uid, owner: 'b' });
});

test('D2: a rollback goes back to what was deployed under the old name', async () => {
  const rig = await opened([
    { a: ['x'], b: [] },
    { a: ['y'], b: [] },
  ]);
  await rig.push();
  await rig.settle();
  await rig.configure(renamed(rig));
  await rig.settle();
  const { seq } = await rig.state.request('new', { trigger: { kind: 'rollback', toSeq: 1 } });
  await rig.start('new', seq);
  expect((await rig.history('new')).at(-1)).toMatch(/^rollback rolledBack/);
  expect(marks(rig, 'x').owner).toBe('new');
  expect(Object.keys(rig.cluster.contents())).not.toContain('ConfigMap/store/y');
});

test('D2: one that is suspended stays so, and adopts its objects once it is resumed', async () => {
  const rig = await opened();
  const { uid } = marks(rig, 'x');
  await rig.state.suspend('a', { reason: 'exam', at: '2026-01-01T00:00:00.000Z' });
  await rig.configure(renamed(rig));
  await rig.settle();
  expect(marks(rig, 'x')).toEqual({ uid, owner: 'a' });
  expect(await rig.state.application('new')).toMatchObject({ suspended: { reason: 'exam' } });
  await rig.state.suspend('new', undefined);
  await rig.request('new', 'manual');
  await rig.settle();
  expect(marks(rig, 'x')).toEqual({ uid, owner: 'new' });
});

test('D2: renamed twice before it was deployed, and back again', async () => {
  const rig = await opened();
  const { uid } = marks(rig, 'x');
  for (const name of ['new', 'newer', 'a']) await rig.configure(renamed(rig, name));
  await rig.settle();
  expect(marks(rig, 'x')).toEqual({ uid, owner: 'a' });
  for (const name of ['new', 'newer']) await rig.configure(renamed(rig, name));
  await rig.settle();
  expect(marks(rig, 'x')).toEqual({ uid, owner: 'newer' });
});

test('D2: its name is given to another application, which gets nothing of it', async () => {
  const rig = await opened();
  const { uid } = marks(rig, 'x');
  await rig.configure(renamed(rig));
  await rig.settle();
  const [a] = rig.applications;
  const again = { ...renamed(rig)[1], ...a, name: 'a', sources: rig.applications[1]?.sources } as Application;
  await rig.configure([...renamed(rig), { ...again, destination: { cluster: 'local', namespace: 'elsewhere' } }]);
  await rig.settle();
  expect(marks(rig, 'x')).toEqual({ uid, owner: 'new' });
  expect(await rig.state.inventory('new')).toHaveLength(2);
});
