// D9: another cluster in the destination of an application is a move: it is deployed there and healthy, then pruned where it was.
import { DriftlessError } from '../../../lib/errors.ts';
import type { Project } from '../../../lib/model/configuration.ts';
import { formatRef, type KubeObject } from '../../../lib/model/kube-object.ts';
import { getApplication } from '../../../lib/queries/application.ts';
import { FakeCluster } from '../../fakes/cluster.ts';
import { configMap, type Rig, statusOf, unreachable, widget, withRig } from './rig.ts';

const rigs = withRig();

type Clusters = { readonly a: FakeCluster; readonly b: FakeCluster };

/** Deployed in `a` with these objects, and able to reach `b` too. */
async function deployed(...objects: readonly KubeObject[]): Promise<{ readonly rig: Rig } & Clusters> {
  const rig = await rigs.open();
  const clusters = { a: rig.cluster.identify('a'), b: new FakeCluster('store').identify('b') };
  rig.named = (name) => (name === 'b' ? clusters.b : clusters.a);
  await move(rig, 'a');
  await rig.deploy(...objects);
  return { rig, ...clusters };
}

type Settings = Parameters<Rig['configure']>;

async function move(rig: Rig, cluster: string, [sync, more]: Settings = []): Promise<void> {
  await rig.configure(sync, { destination: { cluster, namespace: 'store' }, ...more });
}

async function sync(rig: Rig): Promise<string> {
  const outcome = await rig.run(await rig.ask('config'));
  return `${outcome?.status}: ${outcome?.message}`;
}

/** What the deployer has in a cluster. */
function ours(cluster: FakeCluster): readonly string[] {
  return Object.keys(cluster.contents()).filter((ref) => !ref.startsWith('Namespace/'));
}

async function left(rig: Rig) {
  const { moved } = await getApplication('shop', rig);
  return moved?.map(({ cluster, objects }) => [cluster, ...(objects ?? [])]);
}

async function waiting(rig: Rig): Promise<readonly string[]> {
  return ((await rig.state.application('shop'))?.waiting ?? []).map(({ gate }) => gate);
}

const X = 'ConfigMap/store/x';
const W = 'Widget/store/w';

test('D9: it is deployed in the new cluster, then pruned in the former one', async () => {
  const { rig, a, b } = await deployed(configMap('x'), configMap('z'));
  await move(rig, 'b');
  expect(await left(rig)).toEqual([['a', X, 'ConfigMap/store/z']]);
  expect(await sync(rig)).toBe('synced: 2 created, cluster "a", the destination before: 2 pruned');
  expect([ours(a), ours(b)]).toEqual([[], [X, 'ConfigMap/store/z']]);
  expect([await left(rig), await waiting(rig)]).toEqual([undefined, []]);
  expect((await rig.state.inventory('shop')).map(formatRef)).toEqual([X, 'ConfigMap/store/z']);
  expect((await rig.state.application('shop'))?.place).toEqual({ cluster: 'b', uid: 'b', namespace: 'store' });
});

test('D9: nothing is pruned before it is healthy there', async () => {
  const { rig, a, b } = await deployed(configMap('x'), widget('w'));
  b.controller = (object) => (object.kind === 'Widget' ? statusOf('Stalled', object) : undefined);
  await move(rig, 'b');
  expect(await sync(rig)).toMatch(/^degraded/);
  expect([ours(a), await waiting(rig)]).toEqual([[X, W], ['move']]);
  b.controller = (object) => (object.kind === 'Widget' ? statusOf('Ready', object) : undefined);
  b.edit(W, (object) => ({ ...object, status: statusOf('Ready', object) }));
  expect(await sync(rig)).toBe('unchanged: 2 unchanged, cluster "a", the destination before: 2 pruned');
  expect(ours(a)).toEqual([]);
});

test('D9: a former cluster that cannot be reached fails nothing; what is left is listed, and pruned later', async () => {
  const { rig, a, b } = await deployed(configMap('x'));
  await move(rig, 'b');
  rig.named = (name) => {
    if (name === 'a') throw new DriftlessError('ClusterNotConfigured', 'Cluster/a: is not declared');
    return b;
  };
  const named = `cluster "a", the destination before: 1 left (${X}: Cluster/a: is not declared)`;
  expect(await sync(rig)).toBe(`synced: 1 created, ${named}`);
  expect([await left(rig), await waiting(rig), ours(a)]).toEqual([[['a', X]], ['move'], [X]]);
  expect(await sync(rig)).toBe(`unchanged: 1 unchanged, ${named}`);
  rig.named = (name) => (name === 'b' ? b : a);
  a.before = () => {
    throw unreachable();
  };
  expect(await sync(rig)).toContain(`1 left (${X}: the API server does not answer)`);
  a.before = () => undefined;
  expect(await sync(rig)).toBe('unchanged: 1 unchanged, cluster "a", the destination before: 1 pruned');
  expect([await left(rig), await waiting(rig), ours(a)]).toEqual([undefined, [], []]);
});

test('D9: the usual guards keep objects, each with its reason', async () => {
  const { rig, a, b } = await deployed(
    configMap('x'),
    configMap('kept', '1', { 'driftless.dev/prune': 'false' }),
    configMap('other'),
    configMap('replaced'),
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: {} },
  );
  const label = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, 'driftless.dev/app': 'another' } },
  });
  a.edit('ConfigMap/store/other', label);
  a.edit('ConfigMap/store/replaced', () => undefined);
  a.put({ ...configMap('replaced'), metadata: { name: 'replaced', namespace: 'store' } });
  b.controller = ({ kind }) => (kind === 'PersistentVolumeClaim' ? { phase: 'Bound' } : undefined);
  await move(rig, 'b');
  const message = await sync(rig);
  expect(message).toContain('3 pruned, 2 left');
  expect(message).toContain('PersistentVolumeClaim/store/data: a PersistentVolumeClaim is deleted only when');
  expect(message).toContain('ConfigMap/store/kept: its annotation driftless.dev/prune says false');
  const stays = ['ConfigMap/store/kept', 'ConfigMap/store/other', 'ConfigMap/store/replaced'];
  expect(ours(a)).toEqual([...stays, 'PersistentVolumeClaim/store/data']);
  expect(await waiting(rig)).toEqual([]);
  await move(rig, 'b', [{ pruneProtected: ['PersistentVolumeClaim'] }]);
  await sync(rig);
  expect(ours(a)).toEqual(stays);
});

test('D9: sync.prune: false keeps all of it, until it is on again', async () => {
  const { rig, a } = await deployed(configMap('x'));
  await move(rig, 'b', [{ prune: false }]);
  expect(await sync(rig)).toContain(`1 left (${X}: sync.prune is off)`);
  expect([ours(a), await waiting(rig)]).toEqual([[X], []]);
  await move(rig, 'b');
  await sync(rig);
  expect(ours(a)).toEqual([]);
});

test('D9: what the project does not permit in the former cluster stays there', async () => {
  const { rig, a } = await deployed(configMap('x'));
  const project: Project = { name: 'default', sourceRepos: ['**'], destinations: [{ cluster: 'b', namespace: '*' }] };
  rig.projects.projects = [project];
  await move(rig, 'b');
  expect(await sync(rig)).toMatch(/1 left \(ConfigMap\/store\/x: .*Project\/default/);
  expect([ours(a), a.requests.filter((request) => request.startsWith('GET ConfigMap'))]).toEqual([[X], []]);
});

test('D9: a finalizer is waited for, and its end is seen later', async () => {
  const { rig, a } = await deployed(configMap('x'));
  a.edit(X, (object) => ({ ...object, metadata: { ...object.metadata, finalizers: ['example.com/wait'] } }));
  await move(rig, 'b');
  expect(await sync(rig)).toContain(`1 left (${X}: is being deleted, held by example.com/wait)`);
  expect(await waiting(rig)).toEqual(['move']);
  a.edit(X, () => undefined);
  expect(await sync(rig)).toContain('1 pruned');
  expect(await left(rig)).toBeUndefined();
});

test('D9: a limit for deletions does not count a move', async () => {
  const names = Array.from({ length: 12 }, (_, i) => configMap(`c${i}`));
  const { rig, a } = await deployed(...names);
  await move(rig, 'b', [{ maxPrunePercent: 10 }]);
  await sync(rig);
  expect(ours(a)).toEqual([]);
});

describe('D9: a former cluster that was made again', () => {
  test('has no object of ours', async () => {
    const { rig, b } = await deployed(configMap('x'));
    const again = new FakeCluster('store').identify('a2');
    again.put({ ...configMap('x'), metadata: { name: 'x', namespace: 'store' } });
    rig.named = (name) => (name === 'b' ? b : again);
    await move(rig, 'b');
    expect(await sync(rig)).toBe(
      'synced: 1 created, cluster "a" was made again: what was left in the former one is forgotten, and nothing is deleted',
    );
    expect([ours(again), await left(rig)]).toEqual([[X], undefined]);
  });

  test('as the destination gets everything, also what had finished', async () => {
    const { rig, a } = await deployed(configMap('x'), configMap('gone'));
    const again = new FakeCluster('store').identify('a2');
    again.put({ ...configMap('gone'), metadata: { name: 'gone', namespace: 'store' } });
    rig.named = () => again;
    const outcome = await rig.deploy(configMap('x'));
    expect(outcome?.message).toBe(
      '1 created, cluster "a" was made again: 2 recorded objects of the former one are forgotten',
    );
    expect([ours(again), ours(a).length]).toEqual([['ConfigMap/store/gone', X], 2]);
    expect((await rig.state.application('shop'))?.place?.uid).toBe('a2');
    expect((await rig.deploy(configMap('x', '2')))?.message).toBe('1 configured');
  });
});

describe('D9: the same cluster under another name', () => {
  test.each([
    ['with a recorded uid', true],
    ['recorded by an older version', false],
  ])('is not pruned, %s', async (_what, isRecorded) => {
    const { rig, a } = await deployed(configMap('x'), configMap('gone'));
    if (!isRecorded) await withoutUid(rig, a);
    rig.named = () => a;
    rig.commit(configMap('x'));
    await move(rig, 'b');
    expect(await sync(rig)).not.toContain('left');
    expect(ours(a)).toContain(X);
    await sync(rig);
    expect([ours(a), await left(rig), await waiting(rig)]).toEqual([[X], undefined, []]);
  });
});

/** The record as it is where the uid could not be read. */
async function withoutUid(rig: Rig, a: FakeCluster): Promise<void> {
  a.uid = async () => undefined;
  await rig.runAnew(await rig.ask('config'));
  const entries = await rig.state.inventory('shop');
  const seq = await rig.ask('config');
  const acquired = await rig.state.acquire('shop', seq, 60);
  if (acquired.status !== 'acquired') throw new Error(acquired.status);
  await rig.state.putInventory(acquired.lease, entries, { place: { cluster: 'a', namespace: 'store' } });
  await rig.run(seq);
  Reflect.deleteProperty(a, 'uid');
}

describe('D9: back again', () => {
  test('before anything was deployed there', async () => {
    const { rig, a, b } = await deployed(configMap('x'));
    const { uid } = a.find(X).metadata;
    await move(rig, 'b');
    await move(rig, 'a');
    expect(await sync(rig)).toBe('unchanged: 1 unchanged');
    expect([a.find(X).metadata.uid, ours(b), await left(rig)]).toEqual([uid, [], undefined]);
  });

  test('before the prune has ended: what is wanted again is not deleted', async () => {
    const { rig, a, b } = await deployed(configMap('x'), configMap('z'));
    const { uid } = a.find(X).metadata;
    await move(rig, 'b');
    let asked = 0;
    a.before = async (request) => {
      if (!request.startsWith('DELETE')) return;
      asked += 1;
    };
    b.before = async (request) => {
      if (request === 'APPLY ConfigMap/store/z') await move(rig, 'a');
    };
    await sync(rig);
    expect([asked, ours(a)]).toEqual([0, [X, 'ConfigMap/store/z']]);
    expect(await left(rig)).toEqual([['b', X, 'ConfigMap/store/z']]);
    b.before = () => undefined;
    expect(await sync(rig)).toBe('unchanged: 2 unchanged, cluster "b", the destination before: 2 pruned');
    expect([ours(b), a.find(X).metadata.uid]).toEqual([[], uid]);
  });

  test('right before a DELETE, which is not sent', async () => {
    const { rig, a } = await deployed(configMap('x'));
    await move(rig, 'b');
    a.before = async (request) => {
      if (request === `GET ${X}`) await move(rig, 'a');
    };
    await sync(rig);
    expect([ours(a), a.requests.filter((request) => request.startsWith('DELETE'))]).toEqual([[X], []]);
    a.before = () => undefined;
    expect(await sync(rig)).toBe('unchanged: 1 unchanged, cluster "b", the destination before: 1 pruned');
    expect(await left(rig)).toBeUndefined();
  });

  test('and on to a third cluster leaves nothing behind', async () => {
    const { rig, a, b } = await deployed(configMap('x'));
    const c = new FakeCluster('store').identify('c');
    const reach = (name: string): FakeCluster => ({ a, b, c })[name] ?? a;
    rig.named = (name) => (name === 'a' ? Reflect.apply(gone, undefined, []) : reach(name));
    await move(rig, 'b');
    await sync(rig);
    await move(rig, 'c');
    expect(await sync(rig)).toContain('1 pruned');
    expect(await left(rig)).toEqual([['a', X]]);
    rig.named = reach;
    await sync(rig);
    expect([ours(a), ours(b), ours(c), await left(rig)]).toEqual([[], [], [X], undefined]);
  });
});

function gone(): never {
  throw unreachable();
}

test('D9: another namespace of the same cluster is no move', async () => {
  const { rig, a } = await deployed(configMap('x'));
  a.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
  await move(rig, 'a', [{}, { destination: { cluster: 'a', namespace: 'other' } }]);
  expect(await sync(rig)).toBe('synced: 1 created, 1 deleted');
  expect([ours(a), await left(rig)]).toEqual([['ConfigMap/other/x'], undefined]);
});
