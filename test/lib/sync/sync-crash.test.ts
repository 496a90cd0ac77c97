// A worker may end at any moment; another one goes on with the same journal.
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { configMap, type Rig, statusOf, widget, withRig } from './rig.ts';

const rigs = withRig();

const hook: KubeObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'migrate-', generateName: 'migrate-', annotations: { 'argocd.argoproj.io/hook': 'PreSync' } },
  spec: { template: { image: 'v1' } },
};
const namespace: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'extra' } };
const inExtra: KubeObject = { ...configMap('deferred'), metadata: { name: 'deferred', namespace: 'extra' } };
const before = [configMap('a'), configMap('b'), widget('w'), configMap('gone')];
const after = [hook, namespace, inExtra, configMap('a', '2'), configMap('b'), configMap('new'), widget('w', '2')];

async function open(): Promise<Rig> {
  const rig = await rigs.open();
  rig.cluster.controller = (object) => {
    if (object.kind === 'Widget') return statusOf('Ready', object);
    return object.kind === 'Job' ? { conditions: [{ type: 'Complete', status: 'True' }] } : undefined;
  };
  await rig.deploy(...before);
  rig.requests();
  rig.commit(...after);
  await rig.ask();
  return rig;
}

/** What must be the same, whatever happened on the way. */
async function endOf(rig: Rig) {
  const { trigger, phase, plan, outcome, revision } = (await rig.operation(2)) ?? {};
  const inventory = (await rig.state.inventory('shop')).map(({ uid: _u, resourceVersion: _v, ...entry }) => entry);
  return {
    operation: { trigger, phase, plan, outcome, revision },
    contents: rig.cluster.contents(),
    inventory: inventory.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    lease: (await rig.state.application('shop'))?.lease,
  };
}

/** How often each write was sent. */
function writesOf(rig: Rig): ReadonlyMap<string, number> {
  const writes = rig.requests().filter((request) => /^(APPLY|DELETE) /.test(request));
  return new Map([...Map.groupBy(writes, (write) => write)].map(([write, all]) => [write, all.length]));
}

/** Every step that has an end of its own, in order. */
const STEPS = [
  'lease#0',
  'resolve',
  'render',
  'plan',
  'apply:0',
  'wait:0#0',
  'apply:1',
  'wait:1#0',
  'prune',
  'conclude',
];

/** Every write to the cluster, in order. */
const WRITES = [
  'APPLY Job/store/migrate-7f16cc94',
  'APPLY Namespace/extra',
  'APPLY ConfigMap/extra/deferred',
  'APPLY ConfigMap/store/a',
  'APPLY ConfigMap/store/new',
  'APPLY Widget/store/w',
  'DELETE ConfigMap/store/gone',
];

let undisturbed: Awaited<ReturnType<typeof endOf>>;

beforeAll(async () => {
  const rig = await open();
  expect(await rig.run(2)).toMatchObject({ status: 'synced' });
  expect([...writesOf(rig)]).toEqual(WRITES.map((write) => [write, 1]));
  expect(rig.moments(2)).toEqual(STEPS.flatMap((step) => [`before the end of ${step}`, `after the end of ${step}`]));
  undisturbed = await endOf(rig);
});

test.each([
  ...STEPS.flatMap((step) => [`before the end of ${step}`, `after the end of ${step}`]),
  ...WRITES.map((write) => `after ${write}`),
  'before APPLY Job/store/migrate-7f16cc94',
])('a crash %s changes nothing of the end', async (crashAt) => {
  const rig = await open();
  expect(await rig.run(2, crashAt)).toBeUndefined();
  expect(await rig.run(2)).toEqual(undisturbed.operation.outcome);
  expect(await endOf(rig)).toEqual(undisturbed);
  const sent = writesOf(rig);
  expect([...sent.keys()].toSorted()).toEqual(WRITES.toSorted());
  // A hook does work, so it must not run twice.
  expect(sent.get('APPLY Job/store/migrate-7f16cc94')).toBe(1);
});

test.each(['resolve', 'plan', 'apply:0', 'wait:0#0', 'apply:1'])(
  'an operation that was overtaken while it was down after %s writes nothing more, and starts its successor',
  async (step) => {
    const rig = await open();
    await rig.run(2, `after the end of ${step}`);
    rig.commit(...before);
    await rig.ask();
    rig.requests();
    expect(await rig.run(2)).toMatchObject({ status: 'superseded' });
    expect([writesOf(rig), rig.started]).toEqual([new Map(), ['shop-3']]);
    expect(await rig.run(3)).toMatchObject({ status: expect.stringMatching(/synced|unchanged/) });
    expect((await rig.operation(2))?.outcome?.status).toBe('superseded');
    const stays = Object.keys(rig.cluster.contents()).filter((ref) => !ref.startsWith('Namespace/'));
    expect(stays).toEqual(['ConfigMap/store/a', 'ConfigMap/store/b', 'ConfigMap/store/gone', 'Widget/store/w']);
  },
);
