// D1: objects that are made again on each run, or that can only be deleted and created, move between applications as any other object does.
import type { Application } from '../../../lib/model/application.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import type { FolderOf } from './pair-files.ts';
import { PairRig } from './pair-rig.ts';

const NONE = { a: [], b: [] };

async function opened(more: FolderOf, options: Partial<Application> = {}): Promise<PairRig> {
  const { store: state, clock } = await openMemoryStore();
  const choose = (limit: number) => (limit === 20 ? 2 : 0);
  const rig = new PairRig({ state, clock }, { commits: [NONE, NONE], repos: 1, choose, more, options });
  await rig.begin();
  rig.commit();
  return rig;
}

/** The object is in folder `a` at first, then in `b`. */
const moving =
  (before: KubeObject, after = before): FolderOf =>
  (app, place) =>
    place === 0 ? (app === 'a' ? [before] : []) : app === 'b' ? [after] : [];

const hook = (policy: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'seed',
    annotations: { 'argocd.argoproj.io/hook': 'PreSync', 'argocd.argoproj.io/hook-delete-policy': policy },
  },
  data: { value: '1' },
});

const claim = (storageClassName: string, recreate = 'true'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', annotations: { 'driftless.dev/recreate': recreate } },
  spec: { storageClassName },
});

const marks = (rig: PairRig, ref: string) => {
  const { uid, labels } = rig.cluster.find(ref).metadata;
  return { uid, owner: labels?.['driftless.dev/app'] };
};

const ORDERS = [
  ['the giver', ['a', 'b']],
  ['the taker', ['b', 'a']],
] as const;

async function run(rig: PairRig, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await rig.request(name, 'push');
    await rig.settle();
  }
}

describe.each(ORDERS)('D1: %s runs first', (_who, names) => {
  test('a hook that replaces its earlier run replaces what the other application ran', async () => {
    const rig = await opened(moving(hook('BeforeHookCreation')));
    const before = marks(rig, 'ConfigMap/store/seed');
    await run(rig, names);
    const after = marks(rig, 'ConfigMap/store/seed');
    expect(after.owner).toBe('b');
    expect(after.uid).not.toBe(before.uid);
    expect(rig.cluster.requests.filter((request) => request === 'DELETE ConfigMap/store/seed')).toHaveLength(1);
    expect((await rig.state.application('b'))?.waiting).toBeUndefined();
  });

  test('a hook that stays is taken over with its uid', async () => {
    const rig = await opened(moving(hook('HookFailed')));
    const { uid } = marks(rig, 'ConfigMap/store/seed');
    await run(rig, names);
    expect(marks(rig, 'ConfigMap/store/seed')).toEqual({ uid, owner: 'b' });
  });

  test('an immutable field that changes with the move is a recreation by the taker', async () => {
    const rig = await opened(moving(claim('standard'), claim('fast')));
    const before = marks(rig, 'PersistentVolumeClaim/store/data');
    await run(rig, names);
    const after = marks(rig, 'PersistentVolumeClaim/store/data');
    expect(after.owner).toBe('b');
    expect(after.uid).not.toBe(before.uid);
  });
});

test('D1: an immutable field that changes with the move, without leave to recreate, is refused with what to set', async () => {
  const rig = await opened(moving(claim('standard', 'false'), claim('fast', 'false')));
  const before = marks(rig, 'PersistentVolumeClaim/store/data');
  await run(rig, ['a', 'b']);
  expect(marks(rig, 'PersistentVolumeClaim/store/data')).toEqual(before);
  expect((await rig.history('b')).at(-1)).toContain('driftless.dev/recreate: "true"');
});

test('D1: a hook does not replace what the other application still has, nor what is no hook of it', async () => {
  const rig = await opened((app, place) => (app === 'a' || place === 1 ? [hook('BeforeHookCreation')] : []));
  const before = marks(rig, 'ConfigMap/store/seed');
  await run(rig, ['a', 'b']);
  expect(marks(rig, 'ConfigMap/store/seed')).toEqual(before);
  expect((await rig.history('b')).at(-1)).toContain('which has not released it');

  const plain = { ...hook('BeforeHookCreation'), metadata: { name: 'seed' } };
  const other = await opened(moving(plain, hook('BeforeHookCreation')));
  const kept = marks(other, 'ConfigMap/store/seed');
  await run(other, ['b']);
  expect(marks(other, 'ConfigMap/store/seed')).toEqual(kept);
  expect((await other.history('b')).at(-1)).toContain('no earlier run of this hook made it');
});
