// Whose the objects are that an operation finds: the label of the deployer, other deployers, and what an older version left.
import { scanAll } from '../../../lib/drift/scan-all.ts';
import type { StateStore } from '../../../lib/ports/store.ts';
import { outboxOf } from '../../fakes/outbox.ts';
import { configMap, type Rig, withRig } from './rig.ts';

const rigs = withRig();

const DEPLOYER = 'driftless.dev/deployer';
const labelsOf = (rig: Rig, ref: string) => rig.cluster.find(ref).metadata.labels;

/** The ports of a version that knows no deployers. */
function olderPorts(rig: Rig) {
  const state: StateStore = new Proxy(rig.state, {
    get: (target, name) => (name === 'noteDeployer' ? async () => undefined : Reflect.get(target, name)),
  });
  return { state, deployer: undefined as unknown as string };
}

async function deployedBefore(rig: Rig, ...names: readonly string[]): Promise<void> {
  rig.commit(...names.map((name) => configMap(name)));
  await rig.run(await rig.ask(), undefined, olderPorts(rig));
}

function driftPorts(rig: Rig) {
  const outbox = outboxOf(rig.state, { log: rig.ports.log, notify: async () => undefined });
  return { ...rig.ports, outbox, metrics: { put: () => undefined } };
}

test('what is written carries the identity of its deployer beside the application', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  expect(labelsOf(rig, 'ConfigMap/store/a')).toEqual({ 'driftless.dev/app': 'shop', [DEPLOYER]: 'test' });
});

test('an upgrade writes nothing: objects without the label stay as they are, and have not drifted', async () => {
  const rig = await rigs.open();
  await deployedBefore(rig, 'a', 'b');
  expect(labelsOf(rig, 'ConfigMap/store/a')).toEqual({ 'driftless.dev/app': 'shop' });
  rig.requests();
  expect(await rig.run(await rig.ask('manual'))).toMatchObject({ status: 'unchanged' });
  const { clusters } = await scanAll({}, driftPorts(rig));
  expect(clusters).toMatchObject([{ status: 'scanned', objectsDrifted: 0, corrections: 0 }]);
  expect(rig.requests().filter((request) => /^(APPLY|DELETE|OWN)/.test(request))).toEqual([]);
  // A full comparison, by dry-runs with the label, comes to the same result.
  rig.cluster.edit('ConfigMap/store/a', (live) => ({
    ...live,
    metadata: { ...live.metadata, annotations: { x: 'y' } },
  }));
  expect(await rig.run(await rig.ask('manual'))).toMatchObject({ status: 'unchanged' });
  expect(labelsOf(rig, 'ConfigMap/store/a')).toEqual({ 'driftless.dev/app': 'shop' });
});

test('the label comes with the next write of an object, and is no line of the plan', async () => {
  const rig = await rigs.open();
  await deployedBefore(rig, 'a', 'b');
  await rig.deploy(configMap('a', '2'), configMap('b'));
  expect(labelsOf(rig, 'ConfigMap/store/a')).toMatchObject({ [DEPLOYER]: 'test' });
  expect(labelsOf(rig, 'ConfigMap/store/b')).toEqual({ 'driftless.dev/app': 'shop' });
});

test('what an older version deployed is pruned by its recorded uid', async () => {
  const rig = await rigs.open();
  await deployedBefore(rig, 'a', 'b');
  await rig.deploy(configMap('a'));
  expect(Object.keys(rig.cluster.contents())).toEqual(['ConfigMap/store/a', 'Namespace/store']);
});

test.each([
  ['of the same application', 'shop'],
  ['of another application', 'blog'],
])('D7: an object that another deployer owns is refused by name, %s', async (_what, app) => {
  const rig = await rigs.open();
  const labels = { 'driftless.dev/app': app, [DEPLOYER]: 'west' };
  rig.cluster.put({ ...configMap('a'), metadata: { name: 'a', namespace: 'store', labels } }, 'driftless');
  expect(await rig.deploy(configMap('a', '2'))).toMatchObject({
    status: 'refused',
    message: expect.stringContaining(
      `belongs to deployer "west" (application ${app}); remove it there, or take it over: driftless adopt shop --from west`,
    ),
  });
  expect(rig.cluster.find('ConfigMap/store/a')).toMatchObject({ data: { value: '1' }, metadata: { labels } });
});

test('D7: an object that another deployer has taken over is neither written, corrected nor pruned', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'), configMap('b'));
  const taken = { 'driftless.dev/app': 'shop', [DEPLOYER]: 'west' };
  for (const name of ['a', 'b'])
    rig.cluster.edit(`ConfigMap/store/${name}`, (live) => ({
      ...live,
      data: { value: 'theirs' },
      metadata: { ...live.metadata, labels: taken },
    }));
  expect(await rig.run(await rig.ask('manual'))).toMatchObject({ status: 'refused' });
  await rig.deploy(configMap('c'));
  expect(Object.keys(rig.cluster.contents())).toEqual([
    'ConfigMap/store/a',
    'ConfigMap/store/b',
    'ConfigMap/store/c',
    'Namespace/store',
  ]);
});

test('a deployer whose identity is not the noted one deploys and scans nothing, and says both', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  rig.requests();
  rig.commit(configMap('a', '2'));
  const refused = await rig.run(await rig.ask(), undefined, { deployer: 'another' });
  expect(refused).toMatchObject({
    status: 'refused',
    error: { code: 'DeployerChanged' },
    message: expect.stringMatching(/deployer "another".*deployer "test".*adopt --all --from test/),
  });
  const { clusters } = await scanAll({}, { ...driftPorts(rig), deployer: 'another' });
  expect(clusters).toMatchObject([{ status: 'failed', reason: refused?.message }]);
  expect(rig.requests()).toEqual([]);
  await rig.state.noteDeployer('another', 'test');
  expect(await rig.run(await rig.ask('manual'), undefined, { deployer: 'another' })).toMatchObject({
    status: 'refused',
  });
});
