// D9: clusters that are made again or get another name, and applications that are moved back or on.
import { FakeCluster } from '../../fakes/cluster.ts';
import { deployed, left, move, ours, sync, waiting, X } from './move-rig.ts';
import { configMap, type Rig, unreachable } from './rig.ts';

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

describe('D9: in the former cluster', () => {
  test('what another application wants is left to it, and taken over with its uid', async () => {
    const { rig, a } = await deployed(configMap('x'), configMap('z'));
    const { uid } = a.find(X).metadata;
    const shop = await rig.state.application('shop');
    if (shop === undefined) throw new Error('not configured');
    await rig.state.putApplication({ ...shop.app, name: 'taker' }, 'hash-of-taker');
    await move(rig, 'b');
    expect(await sync(rig)).toContain('2 left (ConfigMap/store/x, ConfigMap/store/z: is left to application taker)');
    expect(await waiting(rig)).toEqual(['move']);
    const { seq } = await rig.state.request('taker', { trigger: { kind: 'manual' } });
    expect((await rig.run(seq, undefined, {}, 'taker'))?.message).toContain('is taken over from application shop');
    expect(await sync(rig)).toContain('cluster "a", the destination before: 2 pruned');
    const { labels } = a.find(X).metadata;
    expect([a.find(X).metadata.uid, labels?.['driftless.dev/app'], await left(rig)]).toEqual([uid, 'taker', undefined]);
  });

  test('objects with a former name of the application in their label are its own', async () => {
    const { rig, a } = await deployed(configMap('x'));
    const shop = await rig.state.application('shop');
    if (shop === undefined) throw new Error('not configured');
    const app = { ...shop.app, name: 'new', destination: { cluster: 'b', namespace: 'store' } };
    await rig.state.renameApplication('shop', app, 'hash-of-new');
    const { seq } = await rig.state.request('new', { trigger: { kind: 'config' } });
    expect((await rig.run(seq, undefined, {}, 'new'))?.message).toBe(
      '1 created, cluster "a", the destination before: 1 pruned',
    );
    expect(ours(a)).toEqual([]);
  });
});
