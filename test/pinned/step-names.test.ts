// Names of the durable steps of every kind of operation, in their order. An execution that another version has begun is replayed by them.
import { DriftlessError } from '../../lib/errors.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { recordDrift } from '../lib/sync/drifted.ts';
import { configMap, type Rig, statusOf, unreachable, widget, withRig } from '../lib/sync/rig.ts';

const rigs = withRig();

/**
 * What the flow in memory remembers of an operation. The durable service is told the same names, except that all runs of a poll and the pauses between
 * them are one name there: `wait:0` for `wait:0#0`, `wait:0#0 pause`, `wait:0#1`.
 */
function steps(rig: Rig, seq: number): readonly string[] {
  const before = 'before the end of ';
  return rig.moments(seq).flatMap((moment) => (moment.startsWith(before) ? [moment.slice(before.length)] : []));
}

const UNTIL_PLAN = ['lease#0', 'resolve', 'render', 'plan'];
const UNTIL_APPLY = [...UNTIL_PLAN, 'apply:0'];
const UNTIL_WAIT = [...UNTIL_APPLY, 'wait:0#0'];
const DEPLOYED = [...UNTIL_APPLY, 'prune', 'conclude'];

const UNWRITTEN = ['lease#0', 'resolve', 'render', 'plan', 'prune', 'conclude'];
const PRUNED = ['lease#0', 'resolve', 'render', 'plan', 'release', 'prune', 'conclude'];

const job = (name: string, phase: string, ends: 'Complete' | 'Failed', policy: string): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: {
    name,
    annotations: { 'argocd.argoproj.io/hook': phase, 'argocd.argoproj.io/hook-delete-policy': policy },
  },
  spec: { template: { image: ends } },
});

const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { kind: 'Gadget', plural: 'gadgets' },
    versions: [{ name: 'v1', served: true, storage: true }],
  },
};

/** A controller that ends Jobs as their image says, and reports what the value of a Widget says. */
async function open(sync = {}): Promise<Rig> {
  const rig = await rigs.open(sync);
  rig.cluster.controller = (object) => {
    const spec = JSON.stringify(object.spec);
    if (object.kind === 'Job')
      return { conditions: [{ type: spec.includes('Failed') ? 'Failed' : 'Complete', status: 'True' }] };
    if (object.kind === 'Widget') return statusOf(spec.includes('Ready') ? 'Ready' : 'Reconciling', object);
    return object.status;
  };
  return rig;
}

test('an operation that creates and one that changes have the same steps; one that only prunes applies nothing', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'), configMap('b'));
  await rig.deploy(configMap('a', '2'), configMap('b'));
  await rig.deploy(configMap('a', '2'));
  expect([steps(rig, 1), steps(rig, 2), steps(rig, 3)]).toEqual([DEPLOYED, DEPLOYED, PRUNED]);
});

test('a commit that changes no input ends after it was resolved', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'));
  await rig.deploy(configMap('a'));
  expect(steps(rig, 2)).toEqual(['lease#0', 'resolve', 'conclude']);
});

test('a plan that writes nothing leaves out applying; where the health is not known, it is looked at', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'), widget('w', 'Ready'));
  await rig.run(await rig.ask('manual'));
  expect(steps(rig, 2)).toEqual(UNWRITTEN);
  await rig.run(await rig.ask({ kind: 'rollback', toSeq: 99 }));
  expect(steps(rig, 3)).toEqual(['lease#0', 'resolve', 'conclude']);
  const failing = async () => Promise.reject(new DriftlessError('GitAccessDenied', 'no'));
  await rig.run(await rig.ask('manual'), undefined, { git: { resolve: failing, open: failing } });
  expect(steps(rig, 4)).toEqual(['lease#0', 'resolve', 'conclude']);
  await rig.run(await rig.ask('manual'));
  expect(steps(rig, 5)).toEqual(['lease#0', 'resolve', 'render', 'plan', 'wait#0', 'prune', 'conclude']);
});

test('a plan that is refused ends there; a refusal while applying ends with the hooks for it', async () => {
  const rig = await open();
  const denied = { status: 'refused', reason: 'invalid', message: 'denied', causes: [] } as const;
  rig.cluster.refuse('ConfigMap/store/a', denied);
  await rig.deploy(configMap('a'));
  expect(steps(rig, 1)).toEqual(['lease#0', 'resolve', 'render', 'plan', 'conclude']);
  rig.cluster.refuse('ConfigMap/store/a', undefined);
  rig.cluster.before = (request) => {
    if (request === 'APPLY ConfigMap/store/a') rig.cluster.refuse('ConfigMap/store/a', denied);
  };
  await rig.deploy(configMap('a', '2'), job('failure', 'SyncFail', 'Complete', 'HookFailed'));
  expect(steps(rig, 2)).toEqual([
    ...UNTIL_APPLY,
    'fail-hooks:0',
    'wait-fail-hooks:0#0',
    'hooks:HookFailed',
    'conclude',
  ]);
});

test('a definition and what it defines are applied in one step', async () => {
  const rig = await open();
  await rig.deploy(definition, { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'g' } });
  expect(steps(rig, 1)).toEqual([...UNTIL_WAIT, 'prune', 'conclude']);
});

test('hooks and waves are stages of their own, counted from 0', async () => {
  const rig = await open();
  await rig.deploy(
    job('before', 'PreSync', 'Complete', 'BeforeHookCreation'),
    configMap('a'),
    configMap('b', '1', { 'argocd.argoproj.io/sync-wave': '1' }),
    job('after', 'PostSync', 'Complete', 'HookSucceeded'),
  );
  expect(steps(rig, 1)).toEqual([
    ...UNTIL_WAIT,
    'apply:1',
    'apply:2',
    'apply:3',
    'wait:3#0',
    'hooks:HookSucceeded',
    'prune',
    'conclude',
  ]);
});

test('a hook that fails has the hooks for that case run', async () => {
  const rig = await open();
  await rig.deploy(
    job('before', 'PreSync', 'Failed', 'HookFailed'),
    configMap('a'),
    job('failure', 'SyncFail', 'Complete', 'BeforeHookCreation'),
  );
  expect(steps(rig, 1)).toEqual([...UNTIL_WAIT, 'fail-hooks:0', 'wait-fail-hooks:0#0', 'hooks:HookFailed', 'conclude']);
});

test('waiting for health is a poll of each stage, with a pause after each look', async () => {
  const rig = await open({ timeoutSeconds: 40 });
  await rig.deploy(widget('w', 'Reconciling'));
  expect(steps(rig, 1)).toEqual([
    ...UNTIL_APPLY,
    ...['0', '1', '2', '3'].flatMap((n) => [`wait:0#${n}`, `wait:0#${n} pause`]),
    'wait:0#4',
    'conclude',
  ]);
});

test('an operation that waits for another one polls the lease', async () => {
  const rig = await open();
  rig.commit(configMap('a'));
  await rig.run(await rig.ask(), 'after the end of plan');
  await rig.run(await rig.ask('manual'));
  const waited = steps(rig, 2);
  expect(waited.slice(0, 6)).toEqual([
    'lease#0',
    'lease#0 pause',
    'lease#1',
    'lease#1 pause',
    'lease#2',
    'lease#2 pause',
  ]);
  expect(waited.filter((name) => !name.startsWith('lease#'))).toEqual(DEPLOYED.slice(1));
});

test('an operation that was overtaken before it began ends with its poll of the lease', async () => {
  const rig = await open();
  rig.commit(configMap('a'));
  await rig.ask();
  await rig.ask('manual');
  await rig.run(1);
  expect(steps(rig, 1)).toEqual(['lease#0']);
});

test('an operation that is overtaken ends with the step that it would have gone on with', async () => {
  const rig = await open();
  rig.commit(widget('w', 'Reconciling'));
  const overtakenAt = async (start: string, seq: number): Promise<readonly string[]> => {
    rig.cluster.before = async (request) => {
      if (!request.startsWith(start)) return;
      rig.cluster.before = () => undefined;
      await rig.ask('manual');
    };
    await rig.run(seq);
    return steps(rig, seq);
  };
  expect(await overtakenAt('DRY-RUN', await rig.ask())).toEqual([...UNTIL_WAIT, 'conclude']);
  expect(await overtakenAt('WATCH', 2)).toEqual([...UNTIL_PLAN, 'wait#0', 'conclude']);
});

test('a rollback and a correction of drift have the steps of a push', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'));
  const second = await rig.deploy(configMap('a', '2'));
  await rig.run(await rig.ask({ kind: 'rollback', by: 'shop-5xx', undo: second?.revision ?? '' }));
  expect(steps(rig, 3)).toEqual(DEPLOYED);
  rig.cluster.put({ ...configMap('a', 'by hand'), metadata: { name: 'a', namespace: 'store' } });
  await recordDrift(rig, [configMap('a')]);
  await rig.run(await rig.ask({ kind: 'drift', by: 'scan-1' }));
  expect(steps(rig, 4)).toEqual(DEPLOYED);
});

test('an operation that fails ends with its conclusion; a fault that passes leaves no step of its own', async () => {
  const rig = await open();
  rig.cluster.before = () => {
    throw new DriftlessError('ClusterAccessDenied', 'may not list configmaps');
  };
  await rig.deploy(configMap('a'));
  expect(steps(rig, 1)).toEqual(['lease#0', 'resolve', 'render', 'plan', 'conclude']);
  let faults = 2;
  rig.cluster.before = () => {
    if (faults-- > 0) throw unreachable();
  };
  await rig.run(await rig.ask('manual'));
  expect(steps(rig, 2)).toEqual(DEPLOYED);
});

test('an application that is suspended, or synced by hand, ends after it was resolved', async () => {
  const rig = await open();
  await rig.state.suspend('shop', { reason: 'freeze', at: '2026-01-01T00:00:00.000Z' });
  await rig.deploy(configMap('a'));
  expect(steps(rig, 1)).toEqual(['lease#0', 'resolve', 'conclude']);
});
