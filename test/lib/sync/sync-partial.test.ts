// The history counts what an operation did, also where it did not do all of its plan.
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import type { PlanSummary } from '../../../lib/model/operation.ts';
import { gadget, gadgets } from './gadget.ts';
import { configMap, type Rig, statusOf, widget, withRig } from './rig.ts';

const rigs = withRig();

const NOTHING: PlanSummary = {
  created: 0,
  configured: 0,
  recreated: 0,
  unchanged: 0,
  deleted: 0,
  skipped: 0,
  refused: 0,
};

const later = (name: string, wave: number, value = '1'): KubeObject =>
  configMap(name, value, { 'argocd.argoproj.io/sync-wave': String(wave) });
const denied = { status: 'refused', reason: 'other', message: 'denied', causes: [] } as const;

/** The counts of an operation of these objects. */
async function counted(
  rig: Rig,
  ...objects: readonly KubeObject[]
): Promise<readonly [string | undefined, PlanSummary | undefined]> {
  const outcome = await rig.deploy(...objects);
  const { desiredSeq = 0 } = (await rig.state.application('shop')) ?? {};
  return [outcome?.status, (await rig.operation(desiredSeq))?.plan];
}

test('P11: a definition that is never established counts as created, and what had to wait for it does not', async () => {
  const rig = await rigs.open({ timeoutSeconds: 60 });
  rig.cluster.establishes = false;
  expect(await counted(rig, gadgets, gadget, configMap('a'))).toEqual(['failed', { ...NOTHING, created: 1 }]);
});

test('P11: a stage that does not become healthy: later stages are not counted, nor what was to be deleted', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('old'), later('b', 2));
  rig.cluster.controller = (object) => (object.kind === 'Widget' ? statusOf('Stalled', object) : undefined);
  expect(await counted(rig, widget('w'), later('b', 2, '2'), later('c', 2))).toEqual([
    'degraded',
    { ...NOTHING, created: 1 },
  ]);
});

test('P11: a refusal that the plan could not foresee', async () => {
  const rig = await rigs.open();
  rig.cluster.before = (request) => {
    if (request === 'APPLY ConfigMap/store/b') rig.cluster.refuse('ConfigMap/store/b', denied);
  };
  expect(await counted(rig, configMap('a'), later('b', 1), later('c', 2))).toEqual([
    'refused',
    { ...NOTHING, created: 1 },
  ]);
});

test('P11: an API server that goes away in between', async () => {
  const rig = await rigs.open();
  rig.cluster.before = (request) => {
    if (request === 'APPLY ConfigMap/store/b') throw new Error('gone');
  };
  expect(await counted(rig, configMap('a'), later('b', 1), later('c', 2))).toEqual([
    'failed',
    { ...NOTHING, created: 1 },
  ]);
});

test('P11: a plan with refusals says what it would have done, and a whole one what it did', async () => {
  const rig = await rigs.open();
  expect(await counted(rig, configMap('a'), configMap('b'))).toEqual(['synced', { ...NOTHING, created: 2 }]);
  rig.cluster.refuse('ConfigMap/store/a', denied);
  expect(await counted(rig, configMap('a', '2'))).toMatchObject(['refused', { refused: 1 }]);
});
