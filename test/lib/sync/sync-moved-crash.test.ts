// D9: a worker may end at any moment of a move; another one goes on with the same journal, and the end is the same.
import { FakeCluster } from '../../fakes/cluster.ts';
import { configMap, type Rig, withRig } from './rig.ts';

const rigs = withRig();

const STEPS = ['lease#0', 'resolve', 'render', 'plan', 'apply:0', 'prune', 'moved#0', 'conclude'];
const WRITES = [
  'APPLY ConfigMap/store/x',
  'APPLY ConfigMap/store/z',
  'DELETE ConfigMap/store/x',
  'DELETE ConfigMap/store/z',
];

async function open(): Promise<{ readonly rig: Rig; readonly seq: number; readonly b: FakeCluster }> {
  const rig = await rigs.open();
  const [a, b] = [rig.cluster.identify('a'), new FakeCluster('store').identify('b')];
  rig.named = (name) => (name === 'b' ? b : a);
  await rig.configure({}, { destination: { cluster: 'a', namespace: 'store' } });
  await rig.deploy(configMap('x'), configMap('z'), configMap('kept', '1', { 'driftless.dev/prune': 'false' }));
  await rig.configure({}, { destination: { cluster: 'b', namespace: 'store' } });
  return { rig, b, seq: await rig.ask('config') };
}

async function endOf(rig: Rig, b: FakeCluster) {
  const { outcome, plan, phase } = (await rig.operation(2)) ?? {};
  const { lease, waiting, moved = [], place } = (await rig.state.application('shop')) ?? {};
  const names = [];
  for (const { generation, chunks, cluster } of moved) {
    const entries = (await rig.state.inventories([{ app: 'shop', generation, chunks }])).get('shop') ?? [];
    names.push([cluster, ...entries.map(({ name }) => name)]);
  }
  const inventory = (await rig.state.inventory('shop')).map(({ name, uid }) => [name, uid === undefined]).toSorted();
  return {
    operation: { outcome, plan, phase },
    record: { lease, waiting, names, place, inventory },
    contents: [Object.keys(rig.cluster.contents()), Object.keys(b.contents())],
  };
}

let undisturbed: Awaited<ReturnType<typeof endOf>>;

beforeAll(async () => {
  const { rig, seq, b } = await open();
  expect((await rig.run(seq))?.message).toMatch(
    /^3 created, cluster "a", the destination before: 2 pruned, 1 left \(Con/,
  );
  expect(rig.moments(seq)).toEqual(STEPS.flatMap((step) => [`before the end of ${step}`, `after the end of ${step}`]));
  undisturbed = await endOf(rig, b);
  expect(undisturbed.record.names).toEqual([['a', 'kept']]);
  expect(undisturbed.contents).toEqual([
    ['ConfigMap/store/kept', 'Namespace/store'],
    ['ConfigMap/store/kept', 'ConfigMap/store/x', 'ConfigMap/store/z', 'Namespace/store'],
  ]);
});

test.each([
  ...STEPS.flatMap((step) => [`before the end of ${step}`, `after the end of ${step}`]),
  ...WRITES.flatMap((write) => [`before ${write}`, `after ${write}`]),
])('D9: a move that crashes %s ends as if it had not', async (crashAt) => {
  const { rig, seq, b } = await open();
  expect(await rig.run(seq, crashAt)).toBeUndefined();
  expect(await rig.run(seq)).toEqual(undisturbed.operation.outcome);
  expect(await endOf(rig, b)).toEqual(undisturbed);
});

test.each(['plan', 'apply:0', 'prune', 'moved#0'])(
  'D9: a move that was overtaken by the way back while it was down after %s loses nothing',
  async (step) => {
    const { rig, seq, b } = await open();
    await rig.run(seq, `after the end of ${step}`);
    await rig.configure({}, { destination: { cluster: 'a', namespace: 'store' } });
    const back = await rig.ask('config');
    await rig.run(seq);
    await rig.run(back);
    const [inA, inB] = [Object.keys(rig.cluster.contents()), Object.keys(b.contents())];
    expect(inA).toEqual(['ConfigMap/store/kept', 'ConfigMap/store/x', 'ConfigMap/store/z', 'Namespace/store']);
    expect(inB.filter((ref) => ref !== 'ConfigMap/store/kept')).toEqual(['Namespace/store']);
    expect((await rig.state.inventory('shop')).map(({ name }) => name).toSorted()).toEqual(['kept', 'x', 'z']);
  },
);
