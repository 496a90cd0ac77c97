// Results of steps outlive the version that wrote them: an operation that started before an upgrade is replayed after it. Each shape is pinned here.
import type { ApplyResult } from '../../lib/model/cluster-api.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { A_COMMIT } from '../lib/render/fixture.ts';
import { configMap, type Rig, statusOf, widget, withRig } from '../lib/sync/rig.ts';

const rigs = withRig();
const ms = expect.any(Number);
const denied: ApplyResult = { status: 'refused', reason: 'invalid', message: 'denied', causes: [] };
const healthy = { status: 'Healthy', message: '' };

/** What is found out of the head; absent before 0.3.0. */
function found(revision: string | undefined) {
  return { revision, commit: A_COMMIT, seen: { revision, at: expect.any(String) } };
}

/** What the steps before the plan have written. */
function upToRender(revision: string | undefined) {
  return {
    'lease#0': { state: { tries: 0, status: 'held' } },
    resolve: { value: { ...found(revision), specHash: expect.any(String) }, ms },
    render: {
      value: {
        renderedKey: expect.stringMatching(/^rendered\//),
        inputs: [{ path: 'deploy', oid: expect.any(String) }],
        objects: expect.any(Number),
      },
      ms,
    },
  };
}

const summary = { created: 0, configured: 0, recreated: 0, unchanged: 0, deleted: 0, skipped: 0, refused: 0 };

test('of a deployment', async () => {
  const rig = await rigs.open();
  const outcome = await rig.deploy(configMap('a'));
  expect(rig.results(1)).toEqual({
    ...upToRender(outcome?.revision),
    plan: { value: { planKey: 'plans/shop/1', summary: { ...summary, created: 1 }, refused: 0 }, ms },
    'apply:0': { value: { refusals: [] }, ms },
    prune: { value: { deleted: 0 }, ms },
    conclude: {},
  });
});

test('of a deployment that is waited for, and that alarms watch over', async () => {
  const rig = await rigs.open();
  await rig.configure({}, { rollback: { alarms: ['shop-5xx'], bakeTimeSeconds: 600 } });
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Ready', object) : undefined);
  await rig.deploy(widget('w'));
  await rig.deploy(widget('w', '2'));
  expect(rig.results(2)).toMatchObject({
    plan: { value: { planKey: 'plans/shop/2', summary: { ...summary, configured: 1 }, refused: 0, alarmsBefore: [] } },
    'wait:0#0': { state: { looks: 1, sinceMs: ms, end: { status: 'healthy', health: healthy } } },
  });
});

test('of an operation that has nothing to deploy', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  const outcome = await rig.deploy(configMap('a'));
  const over = { status: 'unchanged', message: outcome?.message };
  expect(rig.results(2)).toEqual({
    'lease#0': { state: { tries: 0, status: 'held' } },
    resolve: { value: { over, ...found(outcome?.revision) }, ms },
    conclude: {},
  });
});

test('of an operation that may not deploy', async () => {
  const rig = await rigs.open({ mode: 'manual' });
  const outcome = await rig.deploy(configMap('a'));
  const over = { status: 'refused', message: outcome?.message, error: outcome?.error };
  expect(rig.results(1)).toMatchObject({ resolve: { value: { over } }, conclude: {} });
});

test('of a rollback, and of a commit that is rendered as what was rolled back', async () => {
  const rig = await rigs.open();
  const first = await rig.deploy(configMap('a'));
  const second = await rig.deploy(configMap('a', '2'));
  await rig.run(await rig.ask({ kind: 'rollback', undo: second?.revision ?? '' }));
  const { renderedKey } = (await rig.operation(1)) ?? {};
  const stored = { renderedKey, inputs: [{ path: 'deploy', oid: expect.any(String) }] };
  expect(rig.results(3)).toMatchObject({
    resolve: { value: { revision: first?.revision, repair: 'rollback', stored, undone: second?.revision } },
    render: { value: { ...stored, objects: 1 } },
  });
  const held = await rig.deploy(configMap('a', '2'));
  const over = { status: 'refused', message: held?.message, error: held?.error };
  expect(rig.results(4)).toEqual({
    'lease#0': { state: { tries: 0, status: 'held' } },
    resolve: { value: { ...found(held?.revision), specHash: expect.any(String) }, ms },
    render: { value: { over }, ms },
    conclude: {},
  });
});

test('of an operation whose plan is refused', async () => {
  const rig = await rigs.open();
  rig.cluster.refuse('ConfigMap/store/a', denied);
  const outcome = await rig.deploy(configMap('a'));
  expect(rig.results(1)).toEqual({
    ...upToRender(outcome?.revision),
    plan: { value: { planKey: 'plans/shop/1', summary: { ...summary, refused: 1 }, refused: 1 }, ms },
    conclude: {},
  });
});

test('of an operation whose objects are refused when they are applied, and whose hooks for that run', async () => {
  const rig = await rigs.open();
  const onFailure: KubeObject = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'tell', annotations: { 'argocd.argoproj.io/hook': 'SyncFail' } },
    spec: {},
  };
  rig.cluster.controller = ({ kind }) =>
    kind === 'Job' ? { conditions: [{ type: 'Complete', status: 'True' }] } : undefined;
  rig.cluster.before = (request) => {
    if (request === 'APPLY ConfigMap/store/a') rig.cluster.refuse('ConfigMap/store/a', denied);
  };
  await rig.deploy(configMap('a'), onFailure);
  const refusal = expect.objectContaining({ message: 'denied' });
  expect(rig.results(1)).toMatchObject({
    'apply:0': { value: { refusals: [refusal] }, ms },
    'fail-hooks:0': { value: {}, ms },
    'wait-fail-hooks:0#0': { state: { looks: 1, end: { status: 'healthy', health: healthy } } },
    conclude: {},
  });
});

test('of an operation that a newer one overtakes between two stages', async () => {
  const rig = await rigs.open();
  rig.commit(widget('w'));
  const resolve = async (): Promise<string> => {
    await rig.clock.advance(2_000);
    const newer = rig.commit(widget('w', '2'));
    await rig.ask();
    return newer;
  };
  await rig.run(await rig.ask(), undefined, { git: { ...rig.ports.git, resolve } });
  expect(rig.results(1)).toMatchObject({ render: undefined, conclude: {} });
  expect(rig.results(1)).toHaveProperty('render');
  expect(rig.results(1)).not.toHaveProperty('plan');
});

test('of an operation that a newer one overtakes while it waits', async () => {
  const rig = await rigs.open();
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Reconciling', object) : undefined);
  rig.commit(widget('w'));
  const seq = await rig.ask();
  rig.cluster.before = async (request) => {
    if (request !== 'APPLY Widget/store/w') return;
    rig.commit(widget('w', '2'));
    await rig.ask();
  };
  await rig.run(seq);
  expect(rig.results(1)).toMatchObject({
    'wait:0#0': { state: { looks: 1, sinceMs: ms, end: { status: 'superseded' } } },
    conclude: {},
  });
});

test('of an operation that does not become healthy', async () => {
  const rig: Rig = await rigs.open();
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Stalled', object, 'broken') : undefined);
  await rig.deploy(widget('w'));
  const health = { status: 'Degraded', message: 'Widget/store/w: broken' };
  expect(rig.results(1)).toMatchObject({
    'wait:0#0': { state: { looks: 1, sinceMs: ms, end: { status: 'degraded', health } } },
    conclude: {},
  });
});
