import { DriftlessError } from '../../../lib/errors.ts';
import type { ApplyResult } from '../../../lib/model/cluster-api.ts';
import { A_COMMIT } from '../render/fixture.ts';
import { configMap, type Rig, unreachable, widget, withRig } from './rig.ts';

const rigs = withRig();
const denied: ApplyResult = { status: 'refused', reason: 'invalid', message: 'denied', causes: [] };

/** Every request to the cluster that starts like this fails. */
function fail(rig: Rig, start: string, error: Error): void {
  rig.cluster.before = (request) => {
    if (request.startsWith(start)) throw error;
  };
}

test('the first deployment creates everything, and records how', async () => {
  const rig = await rigs.open();
  const revision = rig.commit(configMap('a'), configMap('b'));
  const outcome = await rig.run(await rig.ask());
  expect(outcome).toEqual({
    status: 'synced',
    message: '2 created',
    revision,
    health: { status: 'Healthy', message: '' },
  });
  expect(Object.keys(rig.cluster.contents())).toEqual(['ConfigMap/store/a', 'ConfigMap/store/b', 'Namespace/store']);
  expect(await rig.operation(1)).toEqual({
    app: 'shop',
    seq: 1,
    commit: A_COMMIT,
    trigger: { kind: 'push' },
    phase: 'done',
    revision,
    plan: { created: 2, configured: 0, recreated: 0, unchanged: 0, deleted: 0, skipped: 0, refused: 0 },
    renderedKey: expect.stringMatching(/^rendered\//),
    changeSetKey: 'changes/shop/1',
    outcome,
    timings: expect.objectContaining({
      resolve: expect.any(Number),
      plan: expect.any(Number),
      apply: expect.any(Number),
    }),
    requestedAt: expect.any(String),
    startedAt: expect.any(String),
    endedAt: expect.any(String),
  });
  expect(await rig.state.application('shop')).toMatchObject({
    health: { status: 'Healthy' },
    lastSync: { revision, seq: 1, status: 'synced', inputs: [{ path: 'deploy' }] },
  });
  expect((await rig.state.application('shop'))?.lease).toBeUndefined();
});

test('a commit that changes nothing of the application asks nothing of the cluster', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.requests();
  const outcome = await rig.deploy(configMap('a'));
  expect(outcome).toMatchObject({
    status: 'unchanged',
    message: 'the commit changes none of the files of the application',
  });
  expect(rig.requests()).toEqual([]);
  expect((await rig.state.application('shop'))?.lastSync).toMatchObject({
    seq: 2,
    revision: outcome?.revision,
    status: 'synced',
  });
});

test('a manual sync reads the cluster, also where the commit is the same', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.cluster.edit('ConfigMap/store/a', () => undefined);
  expect(await rig.run(await rig.ask('manual'))).toMatchObject({ status: 'synced', message: '1 created' });
});

test('a new specification is deployed, also where the commit is the same', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  await rig.configure({ prune: false });
  expect(await rig.deploy(configMap('a'), configMap('b'))).toMatchObject({
    status: 'unchanged',
    message: '2 unchanged',
  });
});

test('an object that Git drops is deleted when the rest is healthy, and leaves the inventory', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  expect(await rig.deploy(configMap('a', '2'))).toMatchObject({ status: 'synced', message: '1 configured, 1 deleted' });
  expect(Object.keys(rig.cluster.contents())).toEqual(['ConfigMap/store/a', 'Namespace/store']);
  expect((await rig.state.inventory('shop')).map(({ name }) => name)).toEqual(['a']);
});

test('a rendering without any object deletes nothing', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  expect(await rig.deploy()).toMatchObject({
    status: 'refused',
    message: expect.stringContaining('the rendering is empty'),
  });
  expect(Object.keys(rig.cluster.contents())).toContain('ConfigMap/store/a');
});

test('a plan with a refusal writes nothing, and names all of them', async () => {
  const rig = await rigs.open();
  rig.cluster.refuse('ConfigMap/store/b', denied);
  rig.cluster.refuse('ConfigMap/store/c', denied);
  expect(await rig.deploy(configMap('a'), configMap('b'), configMap('c'))).toMatchObject({
    status: 'refused',
    message: expect.stringMatching(
      /^2 refused: ConfigMap\/store\/b: denied \(.*\); ConfigMap\/store\/c: denied \(.*\)$/,
    ),
  });
  expect(Object.keys(rig.cluster.contents())).toEqual(['Namespace/store']);
  expect(await rig.state.inventory('shop')).toEqual([]);
});

test('many refusals are named in part, and counted', async () => {
  const rig = await rigs.open();
  const objects = Array.from({ length: 25 }, (_, n) => configMap(`c${n}`));
  for (const { metadata } of objects) rig.cluster.refuse(`ConfigMap/store/${metadata.name}`, denied);
  expect((await rig.deploy(...objects))?.message).toMatch(/^25 refused: .*; and 5 more$/);
});

test('a refusal that only the apply meets ends the operation; the applied objects are in the inventory', async () => {
  const rig = await rigs.open();
  rig.cluster.before = (request) => {
    if (request === 'APPLY ConfigMap/store/a') rig.cluster.refuse('ConfigMap/store/b', denied);
  };
  expect(await rig.deploy(configMap('a'), configMap('b'))).toMatchObject({ status: 'refused' });
  expect(await rig.state.inventory('shop')).toEqual([
    expect.objectContaining({ name: 'a', uid: expect.any(String), hash: expect.any(String) }),
    { group: '', kind: 'ConfigMap', namespace: 'store', name: 'b', apiVersion: 'v1' },
  ]);
});

test('an error ends the operation as failed, with code, message and hint', async () => {
  const rig = await rigs.open();
  fail(rig, 'LIST', new DriftlessError('ClusterAccessDenied', 'may not list configmaps'));
  expect(await rig.deploy(configMap('a'))).toEqual({
    status: 'failed',
    message: 'may not list configmaps',
    error: {
      code: 'ClusterAccessDenied',
      message: 'may not list configmaps',
      hint: 'grant the deployer the named permission',
    },
  });
  expect(await rig.operation(1)).toMatchObject({
    phase: 'done',
    revision: expect.any(String),
    outcome: { status: 'failed' },
  });
});

test('a defect ends the operation, too', async () => {
  const rig = await rigs.open();
  fail(rig, 'LIST', new TypeError('x is undefined'));
  expect(await rig.deploy(configMap('a'))).toMatchObject({ status: 'failed', error: { code: 'Internal' } });
});

test('a transient error is tried again', async () => {
  const rig = await rigs.open();
  let faults = 2;
  rig.cluster.before = (request) => {
    if (request.startsWith('APPLY') && faults-- > 0) throw unreachable();
  };
  expect(await rig.deploy(configMap('a'))).toMatchObject({ status: 'synced' });
});

test('after an operation that stopped half-way, going back to the commit before is no “nothing to do”', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  fail(rig, 'APPLY ConfigMap/store/b', new DriftlessError('ClusterAccessDenied', 'no'));
  expect(await rig.deploy(configMap('a', '2'), configMap('b', '2'))).toMatchObject({ status: 'failed' });
  expect(rig.cluster.find('ConfigMap/store/a').data).toEqual({ value: '2' });
  rig.cluster.before = () => undefined;
  expect(await rig.deploy(configMap('a'), configMap('b'))).toMatchObject({ status: 'synced' });
  expect(rig.cluster.find('ConfigMap/store/a').data).toEqual({ value: '1' });
});

test('after an operation that did not wait to its end, the next one looks at the health', async () => {
  const rig = await rigs.open();
  rig.cluster.controller = ({ kind }) =>
    kind === 'Widget' ? { conditions: [{ type: 'Ready', status: 'True' }] } : undefined;
  await rig.deploy(widget('w'));
  rig.cluster.controller = ({ kind }) =>
    kind === 'Widget' ? { conditions: [{ type: 'Stalled', status: 'True', message: 'broken' }] } : undefined;
  rig.cluster.before = (request) => {
    if (request === 'LIST Widget' && rig.cluster.requests.includes('APPLY Widget/store/w'))
      throw new DriftlessError('ClusterAccessDenied', 'no');
  };
  rig.cluster.requests.length = 0;
  expect(await rig.deploy(widget('w', '2'))).toMatchObject({ status: 'failed' });
  rig.cluster.before = () => undefined;
  expect(await rig.run(await rig.ask('manual'))).toMatchObject({
    status: 'degraded',
    message: 'Widget/store/w: broken',
  });
});
