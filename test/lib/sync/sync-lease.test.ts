import { DriftlessError } from '../../../lib/errors.ts';
import type { StateStore } from '../../../lib/ports/store.ts';
import { configMap, type Rig, withRig } from './rig.ts';

const rigs = withRig();

/** The state table, with one method that does something else. */
function but(rig: Rig, changes: Partial<StateStore>): Pick<Rig, 'state'> {
  const state = new Proxy(rig.state, {
    get: (target, name: keyof StateStore) => changes[name] ?? target[name],
  });
  return { state };
}

const lost = () => Promise.reject(new DriftlessError('LeaseLost', 'a higher fence exists'));
const away = () => Promise.reject(new DriftlessError('StateUnavailable', 'throttled'));

test('an operation waits for the one that runs, and ends those that never started', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  await rig.run(await rig.ask(), 'after the end of plan');
  rig.commit(configMap('a', '2'));
  await rig.ask();
  rig.commit(configMap('a', '3'));
  await rig.ask();
  const began = rig.clock.now();
  expect(await rig.run(3)).toMatchObject({ status: 'synced' });
  expect(rig.clock.now() - began).toBeGreaterThan(50_000);
  expect((await rig.operation(1))?.outcome?.status).toBe('superseded');
  expect((await rig.operation(2))?.outcome).toEqual({
    status: 'superseded',
    message: 'a newer operation was requested before this one started',
  });
});

test('an operation that was overtaken before it started ends as superseded', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  await rig.ask();
  rig.commit(configMap('a', '2'));
  await rig.ask();
  expect(await rig.run(1)).toMatchObject({ status: 'superseded' });
  expect(rig.cluster.requests).toEqual([]);
  expect(rig.started).toEqual(['shop-2']);
});

test('an ended operation that runs again returns its recorded outcome', async () => {
  const rig = await rigs.open();
  const outcome = await rig.deploy(configMap('a'));
  rig.requests();
  expect(await rig.runAnew(1)).toEqual(outcome);
  expect(rig.requests()).toEqual([]);
});

test('a worker that loses the lease leaves the record to the worker that holds it', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  const seq = await rig.ask();
  expect(await rig.run(seq, undefined, but(rig, { putInventory: lost }))).toMatchObject({ status: 'superseded' });
  expect(rig.cluster.contents()).not.toHaveProperty('ConfigMap/store/a');
  expect(await rig.operation(seq)).not.toHaveProperty('outcome');
});

test('a worker that loses the lease while it records a failure abandons the operation, too', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  rig.cluster.before = () => {
    throw new DriftlessError('ClusterAccessDenied', 'no');
  };
  const seq = await rig.ask();
  expect(await rig.run(seq, undefined, but(rig, { conclude: lost }))).toMatchObject({ status: 'superseded' });
});

test('an end that cannot be recorded is no end: it is thrown, and the sweep finds the operation', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  const seq = await rig.ask();
  await expect(rig.run(seq, undefined, but(rig, { conclude: away }))).rejects.toMatchObject({
    code: 'StateUnavailable',
  });
  expect(await rig.operation(seq)).not.toHaveProperty('outcome');
  expect(rig.cluster.contents()).toHaveProperty('ConfigMap/store/a');
});

test('the inventory is written before the first write to the cluster', async () => {
  const rig = await rigs.open();
  rig.cluster.before = async (request) => {
    if (!request.startsWith('APPLY')) return;
    expect(await rig.state.inventory('shop')).toEqual([
      { group: '', kind: 'ConfigMap', namespace: 'store', name: 'a', apiVersion: 'v1' },
    ]);
  };
  expect(await rig.deploy(configMap('a'))).toMatchObject({ status: 'synced' });
});

test('where the inventory cannot be written, neither is the cluster', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  const seq = await rig.ask();
  expect(await rig.run(seq, undefined, but(rig, { putInventory: away }))).toMatchObject({
    status: 'failed',
    error: { code: 'StateUnavailable' },
  });
  expect(rig.requests().filter((request) => request.startsWith('APPLY'))).toEqual([]);
});

test('a deployment that finds nothing to do writes no inventory', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const never = () => Promise.reject(new Error('not to be called'));
  expect(await rig.run(await rig.ask('manual'), undefined, but(rig, { putInventory: never }))).toMatchObject({
    status: 'unchanged',
  });
});
