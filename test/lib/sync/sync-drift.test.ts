// A correction writes the drifted objects; all others stay as they are.
import { DriftlessError } from '../../../lib/errors.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import type { SyncPorts } from '../../../lib/sync/operation/run.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { recordDrift } from './drifted.ts';
import { configMap, type Rig, statusOf, widget, withRig } from './rig.ts';

const rigs = withRig();
const DRIFT = { kind: 'drift', by: 'scan-1' } as const;

const gone = (): Promise<never> => Promise.reject(new DriftlessError('GitAccessDenied', 'no Git server'));
const WITHOUT_GIT: Partial<SyncPorts> = { git: { resolve: gone, open: gone } };

const hook: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate', annotations: { 'argocd.argoproj.io/hook': 'PreSync' } },
  spec: { template: { image: 'v1' } },
};

async function deployed(...objects: readonly KubeObject[]): Promise<Rig> {
  const rig = await rigs.open();
  rig.cluster.controller = (object) => {
    if (object.kind === 'Widget') return statusOf('Ready', object);
    return object.kind === 'Job' ? { conditions: [{ type: 'Complete', status: 'True' }] } : undefined;
  };
  await rig.deploy(...objects);
  rig.requests();
  return rig;
}

/** Changes the value of these manually. */
function change(rig: Rig, ...names: readonly string[]): void {
  for (const name of names) rig.cluster.put({ ...configMap(name, 'by hand'), metadata: { name, namespace: 'store' } });
}

function writes(rig: Rig): readonly string[] {
  return rig.requests().filter((request) => /^(APPLY|DELETE) /.test(request));
}

test('drift is corrected against the manager that caused it, without a Git server', async () => {
  const rig = await deployed(configMap('a'), configMap('b'), configMap('c'));
  change(rig, 'a');
  rig.cluster.edit('ConfigMap/store/b', () => undefined);
  await recordDrift(rig, [configMap('a'), configMap('b')]);
  const before = await rig.state.application('shop');
  expect(await rig.run(await rig.ask(DRIFT), undefined, WITHOUT_GIT)).toEqual({
    status: 'synced',
    revision: before?.lastSync?.revision,
    message: 'drift was corrected: 1 created, 1 configured',
  });
  expect(writes(rig)).toEqual(['APPLY ConfigMap/store/a', 'APPLY ConfigMap/store/b']);
  expect([rig.cluster.find('ConfigMap/store/a').data, rig.cluster.find('ConfigMap/store/b').data]).toEqual([
    { value: '1' },
    { value: '1' },
  ]);
  const after = await rig.state.application('shop');
  expect(after).toMatchObject({ lastSync: { ...before?.lastSync, seq: 2 }, health: { status: 'Healthy' } });
  expect((await rig.operation(2))?.plan).toMatchObject({ created: 1, configured: 1, unchanged: 0, deleted: 0 });
});

test('a correction leaves alone drift that is only reported or not recorded, hooks, and objects that Git has dropped', async () => {
  const rig = await deployed(hook, configMap('a'), configMap('b'), configMap('c'));
  change(rig, 'a', 'b', 'c');
  await recordDrift(rig, [configMap('a'), configMap('b'), hook], (object) =>
    object.metadata.name === 'b' ? 'report' : 'correct',
  );
  const inventory = await rig.state.inventory('shop');
  expect(await rig.run(await rig.ask(DRIFT))).toMatchObject({ status: 'synced' });
  expect(writes(rig)).toEqual(['APPLY ConfigMap/store/a']);
  const others = (entries: typeof inventory) => entries.filter(({ name }) => name !== 'a');
  expect(others(await rig.state.inventory('shop'))).toEqual(others(inventory));
});

test('a correction that finds no drift ends as unchanged', async () => {
  const rig = await deployed(configMap('a'));
  await recordDrift(rig, [configMap('a')]);
  expect(await rig.run(await rig.ask(DRIFT))).toMatchObject({
    status: 'unchanged',
    message: 'no drift to correct',
  });
  expect(writes(rig)).toEqual([]);
});

test('before the first deployment there is nothing to correct, and the head is not deployed instead', async () => {
  const rig = await rigs.open();
  rig.commit(configMap('a'));
  expect(await rig.run(await rig.ask(DRIFT))).toMatchObject({
    status: 'unchanged',
    message: 'no drift to correct: nothing is deployed yet',
  });
  expect(rig.requests()).toEqual([]);
});

test('drift is corrected wave by wave, each healthy before the next', async () => {
  const wave = (n: number) => ({ 'argocd.argoproj.io/sync-wave': String(n) });
  const objects = [widget('late', '1', wave(2)), widget('early', '1', wave(1))];
  const rig = await deployed(...objects);
  for (const { metadata } of objects) rig.cluster.edit(`Widget/store/${metadata.name}`, () => undefined);
  await recordDrift(rig, objects);
  await rig.run(await rig.ask(DRIFT));
  expect(rig.requests().filter((request) => /^(APPLY|LIST) W/.test(request))).toEqual([
    'LIST Widget',
    'APPLY Widget/store/early',
    'LIST Widget',
    'APPLY Widget/store/late',
    'LIST Widget',
  ]);
});

test('a corrected object that does not become healthy makes the application degraded, so that the next commit is always planned', async () => {
  const rig = await deployed(widget('w'));
  rig.cluster.edit('Widget/store/w', () => undefined);
  rig.cluster.controller = (object) => statusOf('Stalled', object, 'broken');
  await recordDrift(rig, [widget('w')]);
  expect(await rig.run(await rig.ask(DRIFT))).toMatchObject({ status: 'degraded', message: 'Widget/store/w: broken' });
  expect(await rig.state.application('shop')).toMatchObject({
    lastSync: { status: 'degraded' },
    health: { status: 'Degraded' },
  });
});

test('a correction hides neither a refused commit nor one that failed from the sweep', async () => {
  const rig = await deployed(configMap('a'), configMap('b'));
  rig.cluster.before = (request) => {
    if (request === 'LIST ConfigMap') throw new DriftlessError('ClusterAccessDenied', 'no');
  };
  expect(await rig.deploy(configMap('a', '2'), configMap('b'))).toMatchObject({ status: 'failed' });
  rig.cluster.before = () => undefined;
  change(rig, 'b');
  await recordDrift(rig, [configMap('b')]);
  expect(await rig.run(await rig.ask(DRIFT))).toMatchObject({ status: 'synced' });
  expect(rig.cluster.find('ConfigMap/store/a').data).toEqual({ value: '1' });
  await sweep(rig.ports);
  expect(rig.started).toEqual([]);
  await rig.clock.advance(5 * 60_000 + 1);
  await sweep(rig.ports);
  expect(rig.started).toEqual(['shop-4']);
  expect(await rig.run(4)).toMatchObject({ status: 'synced', message: '1 configured, 1 unchanged' });
});

test('a refused commit is not requested again after each correction', async () => {
  const rig = await deployed(configMap('a'), configMap('b'));
  rig.cluster.refuse('ConfigMap/store/a', { status: 'refused', reason: 'invalid', message: 'denied', causes: [] });
  expect(await rig.deploy(configMap('a', '2'), configMap('b'))).toMatchObject({ status: 'refused' });
  change(rig, 'b');
  await recordDrift(rig, [configMap('b')]);
  expect(await rig.run(await rig.ask(DRIFT))).toMatchObject({ status: 'synced' });
  await rig.clock.advance(60 * 60_000);
  await sweep(rig.ports);
  expect(rig.started).toEqual([]);
});

test('a commit that came meanwhile takes over from a correction', async () => {
  const rig = await deployed(configMap('a'));
  change(rig, 'a');
  await recordDrift(rig, [configMap('a')]);
  const seq = await rig.ask(DRIFT);
  rig.commit(configMap('a', '2'));
  await rig.ask();
  expect(await rig.run(seq)).toMatchObject({ status: 'superseded' });
  expect(writes(rig)).toEqual([]);
});
