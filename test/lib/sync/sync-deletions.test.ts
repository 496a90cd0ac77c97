// D5: deletions that do not end at once.
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { viewApplication } from '../../../lib/queries/application-view.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap, type Rig, withRig } from './rig.ts';

const rigs = withRig();
const MINUTE = 60_000;
const HELD = '1 unchanged, 1 being deleted, held by example.com/hold';

const held = (name: string): KubeObject => {
  const object = configMap(name);
  return { ...object, metadata: { ...object.metadata, finalizers: ['example.com/hold'] } };
};

const inventoryOf = async (rig: Rig): Promise<readonly string[]> =>
  (await rig.state.inventory('shop')).map(({ kind, name }) => `${kind}/${name}`);

const statusOf = async (rig: Rig) => {
  const record = await rig.state.application('shop');
  if (record === undefined) throw new Error('the application is not configured');
  const newest = await rig.state.operation('shop', record.desiredSeq);
  return viewApplication({ record, newest, drift: undefined, cluster: undefined }, rig.clock.now());
};

/** Lets the finalizer end. */
const release = (rig: Rig, ref: string): void => rig.cluster.edit(ref, () => undefined);

async function stuck(): Promise<Rig> {
  const rig = await rigs.open({ timeoutSeconds: 60 });
  await rig.deploy(configMap('kept'), held('a'));
  expect(await rig.deploy(configMap('kept'))).toMatchObject({
    status: 'degraded',
    message: HELD,
    health: { status: 'Progressing', message: 'ConfigMap/store/a is being deleted, held by example.com/hold' },
  });
  return rig;
}

test('D5: an object that a finalizer holds is waited for until the time-out, named, and stays in the inventory', async () => {
  const rig = await stuck();
  expect(await inventoryOf(rig)).toEqual(['ConfigMap/a', 'ConfigMap/kept']);
  expect(await statusOf(rig)).toMatchObject({
    sync: { status: 'OutOfSync', reason: HELD },
    health: { status: 'Progressing' },
  });
});

test('D5: one that goes in time is deleted, and leaves the inventory', async () => {
  const rig = await rigs.open({ timeoutSeconds: 60 });
  await rig.deploy(configMap('kept'), held('a'));
  let looks = 0;
  rig.cluster.before = (request) => {
    looks += request === 'GET ConfigMap/store/a' ? 1 : 0;
    if (looks === 20) rig.cluster.before = () => undefined;
    if (looks === 20) release(rig, 'ConfigMap/store/a');
  };
  expect(await rig.deploy(configMap('kept'))).toMatchObject({ status: 'synced', message: '1 unchanged, 1 deleted' });
  expect(await inventoryOf(rig)).toEqual(['ConfigMap/kept']);
  expect(await statusOf(rig)).toMatchObject({ sync: { status: 'Synced' } });
});

test('D5: the sweep looks again, without a push, until the object is gone', async () => {
  const rig = await stuck();
  await sweep(rig.ports);
  expect(rig.started).toEqual([]);
  await rig.clock.advance(6 * MINUTE);
  await sweep(rig.ports);
  expect(rig.started).toEqual(['shop-3']);
  const since = rig.clock.now();
  expect(await rig.run(3)).toMatchObject({ status: 'degraded', message: HELD });
  // What has been deleting for longer than the time-out is not waited for again.
  expect(rig.clock.now() - since).toBeLessThan(5_000);

  release(rig, 'ConfigMap/store/a');
  await rig.clock.advance(6 * MINUTE);
  await sweep(rig.ports);
  expect(rig.started).toEqual(['shop-3']);
  await rig.clock.advance(6 * MINUTE);
  await sweep(rig.ports);
  expect(rig.started).toEqual(['shop-3', 'shop-4']);
  expect(await rig.run(4)).toMatchObject({ status: 'unchanged' });
  expect(await inventoryOf(rig)).toEqual(['ConfigMap/kept']);
  expect(await statusOf(rig)).toMatchObject({ sync: { status: 'Synced' }, health: { status: 'Healthy' } });
  await rig.clock.advance(60 * MINUTE);
  await sweep(rig.ports);
  expect(rig.started).toHaveLength(2);
});

test('D5: a push of the same objects looks again, and the budget does not count what is being deleted', async () => {
  const rig = await stuck();
  await rig.configure({ timeoutSeconds: 60, maxPrunePercent: 1 });
  expect(await rig.deploy(configMap('kept'))).toMatchObject({ status: 'degraded', message: HELD });
});

test('D5: an operation that looks at nothing leaves the deletion under way', async () => {
  const rig = await stuck();
  await rig.configure({ mode: 'manual', timeoutSeconds: 60 });
  expect(await rig.run(await rig.ask('push'))).toMatchObject({ status: 'refused' });
  expect((await rig.state.application('shop'))?.waiting).toMatchObject([{ gate: 'deletion' }]);
});

test('D5: an object that a person makes again under the name is forgotten', async () => {
  const rig = await stuck();
  release(rig, 'ConfigMap/store/a');
  rig.cluster.put({ ...configMap('a', 'theirs'), metadata: { name: 'a', namespace: 'store' } });
  expect(await rig.run(await rig.ask('manual'))).toMatchObject({ status: 'unchanged' });
  expect(rig.cluster.find('ConfigMap/store/a').data).toEqual({ value: 'theirs' });
});

test('D5: a Namespace that does not end is named with what its conditions say', async () => {
  const rig = await rigs.open({ timeoutSeconds: 60, pruneProtected: ['Namespace'] });
  const extra: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'extra', finalizers: ['x/y'] } };
  await rig.deploy(configMap('kept'), extra);
  rig.cluster.before = (request) => {
    if (request !== 'DELETE Namespace/extra') return;
    const conditions = [
      { type: 'NamespaceFinalizersRemaining', status: 'True', message: 'example.com/hold in 1 object' },
    ];
    rig.cluster.controller = () => ({ conditions });
    rig.cluster.before = () => undefined;
  };
  expect(await rig.deploy(configMap('kept'))).toMatchObject({
    status: 'degraded',
    message: expect.stringContaining('1 being deleted, held by x/y'),
  });
  rig.cluster.edit('Namespace/extra', (live) => {
    const { finalizers: _, ...metadata } = live.metadata;
    return { ...live, metadata };
  });
  expect(await rig.run(await rig.ask('manual'))).toMatchObject({
    message: '1 unchanged, 1 being deleted, held by example.com/hold in 1 object',
  });
});

test('D5: a crash at any moment of the wait loses nothing', async () => {
  const rig = await rigs.open({ timeoutSeconds: 60 });
  await rig.deploy(configMap('kept'), held('a'));
  rig.commit(configMap('kept'));
  const seq = await rig.ask();
  await rig.run(seq, 'after the end of prune');
  expect(await inventoryOf(rig)).toEqual(['ConfigMap/a', 'ConfigMap/kept']);
  release(rig, 'ConfigMap/store/a');
  await rig.clock.advance(MINUTE);
  expect(await rig.run(seq)).toMatchObject({ status: 'synced' });
  expect(await inventoryOf(rig)).toEqual(['ConfigMap/kept']);
});

test('D5: a newer operation does not wait for a deletion', async () => {
  const rig = await rigs.open({ timeoutSeconds: 600 });
  await rig.deploy(configMap('kept'), held('a'));
  rig.commit(configMap('kept'));
  const seq = await rig.ask();
  let looks = 0;
  rig.cluster.before = async (request) => {
    looks += request === 'GET ConfigMap/store/a' ? 1 : 0;
    if (looks !== 20) return;
    rig.cluster.before = () => undefined;
    rig.commit(configMap('kept', '2'));
    await rig.ask();
  };
  expect(await rig.run(seq)).toMatchObject({ status: 'superseded' });
  expect(await inventoryOf(rig)).toContain('ConfigMap/a');
});

test('D5: an object that changes before every delete stays, and is named', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('kept'), configMap('a'));
  let changes = 0;
  rig.cluster.before = (request) => {
    if (request !== 'DELETE ConfigMap/store/a') return;
    changes += 1;
    rig.cluster.edit('ConfigMap/store/a', (live) => ({ ...live, data: { value: `change ${changes}` } }));
  };
  expect(await rig.deploy(configMap('kept'))).toMatchObject({
    message: '1 unchanged, ConfigMap/store/a stays: it changes too often to be deleted',
  });
  expect(await inventoryOf(rig)).toContain('ConfigMap/a');
});
