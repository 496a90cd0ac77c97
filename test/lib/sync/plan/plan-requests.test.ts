// What a plan costs: one LIST for each kind, and nothing for an object that has not changed.

import { configMap, statusOf, widget } from '../rig.ts';
import { actionsOf, PlanWorld } from './plan-world.ts';

test('the first plan lists each kind once, and dry-runs each object', async () => {
  const world = new PlanWorld();
  expect(actionsOf(await world.plan(configMap('a'), configMap('b'), widget('w')))).toEqual([
    'created ConfigMap/store/a',
    'created ConfigMap/store/b',
    'created Widget/store/w',
  ]);
  expect(world.cluster.requests).toEqual([
    'LIST ConfigMap',
    'LIST Widget',
    'DRY-RUN ConfigMap/store/a',
    'DRY-RUN ConfigMap/store/b',
    'DRY-RUN Widget/store/w',
  ]);
});

test('where nothing has changed, one LIST for each kind is all, however many objects there are', async () => {
  const world = new PlanWorld();
  const objects = Array.from({ length: 40 }, (_, n) => configMap(`c${n}`));
  await world.deploy(...objects, widget('w'));
  const plan = await world.plan(...objects, widget('w'));
  expect(new Set(plan.objects.map(({ action }) => action))).toEqual(new Set(['unchanged']));
  expect(world.cluster.requests).toEqual(['LIST ConfigMap', 'LIST Widget']);
});

test('an object whose status alone has changed costs nothing', async () => {
  const world = new PlanWorld();
  await world.deploy(widget('w'));
  world.cluster.edit('Widget/store/w', (live) => ({ ...live, status: statusOf('Ready', live) }));
  expect(actionsOf(await world.plan(widget('w')))).toEqual(['unchanged Widget/store/w']);
  expect(world.cluster.requests).toEqual(['LIST Widget']);
});

test('an object that Git changes costs a dry-run and a GET', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'), configMap('b'));
  const plan = await world.plan(configMap('a', '2'), configMap('b'));
  expect(actionsOf(plan)).toEqual(['configured ConfigMap/store/a', 'unchanged ConfigMap/store/b']);
  expect(plan.objects[0]?.fields).toEqual([{ path: 'data.value', from: '1', to: '2' }]);
  expect(world.cluster.requests).toEqual(['LIST ConfigMap', 'DRY-RUN ConfigMap/store/a', 'GET ConfigMap/store/a']);
});

/** The dry-run, which was sent first, has its answer then. */
const dryRunToEnd = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a concurrent write between dry-run and read does not show as a change of ours', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'));
  let writes = 0;
  world.cluster.before = async (request) => {
    if (request !== 'GET ConfigMap/store/a' || writes === 1) return;
    writes += 1;
    await dryRunToEnd();
    world.cluster.edit('ConfigMap/store/a', (live) => ({
      ...live,
      metadata: { ...live.metadata, annotations: { controller: 'was here' } },
    }));
  };
  const plan = await world.plan(configMap('a', '2'));
  expect(plan.objects[0]?.fields).toEqual([{ path: 'data.value', from: '1', to: '2' }]);
  const asked = ['DRY-RUN ConfigMap/store/a', 'GET ConfigMap/store/a'];
  expect(world.cluster.requests).toEqual(['LIST ConfigMap', ...asked, ...asked]);
});

test('an object that is written to all the time is planned all the same', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'));
  let writes = 0;
  world.cluster.before = async (request) => {
    if (request !== 'GET ConfigMap/store/a') return;
    writes += 1;
    await dryRunToEnd();
    const annotations = { writes: `${writes}` };
    world.cluster.edit('ConfigMap/store/a', (live) => ({ ...live, metadata: { ...live.metadata, annotations } }));
  };
  expect(actionsOf(await world.plan(configMap('a', '2')))).toEqual(['configured ConfigMap/store/a']);
  expect(world.cluster.requests).toHaveLength(1 + 3 * 2);
});

test('an object that was changed in the cluster is dry-run, too', async () => {
  const world = new PlanWorld({ force: true });
  await world.deploy(configMap('a'));
  world.cluster.put({ ...configMap('a', 'by hand'), metadata: { name: 'a', namespace: 'store' } });
  const plan = await world.plan(configMap('a'));
  expect(plan.objects[0]).toMatchObject({
    action: 'configured',
    fields: [{ path: 'data.value', from: 'by hand', to: '1' }],
  });
});

test('fields that only people added are left alone', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'));
  const added = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'a', namespace: 'store' },
    data: { more: 'x' },
  };
  world.cluster.put(added);
  expect(actionsOf(await world.plan(configMap('a')))).toEqual(['unchanged ConfigMap/store/a']);
});

test('an object of the same name in another namespace is another one', async () => {
  const world = new PlanWorld({}, 'store', 'other');
  const foreign = {
    ...configMap('a', '9'),
    metadata: { name: 'a', namespace: 'other', labels: { 'driftless.dev/app': 'shop' } },
  };
  world.cluster.put(foreign);
  expect(actionsOf(await world.plan(configMap('a')))).toEqual(['created ConfigMap/store/a']);
});

test('of a live object nothing but its version is kept in the plan', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'));
  const [object] = (await world.plan(configMap('a'))).objects;
  expect(object?.live).toEqual({ uid: 'uid-2', resourceVersion: '2' });
});

test('an object that was deleted by hand is created again', async () => {
  const world = new PlanWorld();
  await world.deploy(configMap('a'));
  world.cluster.edit('ConfigMap/store/a', () => undefined);
  expect(actionsOf(await world.plan(configMap('a')))).toEqual(['created ConfigMap/store/a']);
});
