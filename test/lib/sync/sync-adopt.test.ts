// The order to take over what the rules refuse: objects of another deployer, and of applications that are not configured, or did not deploy them.
import { scanAll } from '../../../lib/drift/scan-all.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { outboxOf } from '../../fakes/outbox.ts';
import { configMap, type Rig, withRig } from './rig.ts';

const rigs = withRig();

const APP = 'driftless.dev/app';
const DEPLOYER = 'driftless.dev/deployer';
const WEST = { kind: 'adopt', by: 'ada', from: 'west' } as const;

function put(rig: Rig, object: KubeObject, labels: Readonly<Record<string, string>>): string | undefined {
  const { annotations } = object.metadata;
  const metadata = { name: object.metadata.name, namespace: 'store', labels, ...(annotations && { annotations }) };
  rig.cluster.put({ ...object, metadata }, 'driftless');
  return rig.cluster.find(`${object.kind}/store/${object.metadata.name}`).metadata.uid;
}

function jobOf(name: string, parallelism: number, annotations?: Readonly<Record<string, string>>): KubeObject {
  const spec = { parallelism, template: { spec: { containers: [{ name: 'a', image: 'a' }] } } };
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: { name, ...(annotations && { annotations }) }, spec };
}

async function adopt(rig: Rig, trigger: Parameters<Rig['ask']>[0] = WEST) {
  return rig.run(await rig.ask(trigger));
}

test.each([
  ['of the same application, unchanged', { [APP]: 'shop', [DEPLOYER]: 'west' }, '1'],
  ['of another application', { [APP]: 'blog', [DEPLOYER]: 'west' }, '2'],
  ['without an application', { [DEPLOYER]: 'west' }, '1'],
])('D7: adopt --from takes over an object of that deployer, with its uid: %s', async (_what, labels, value) => {
  const rig = await rigs.open();
  const uid = put(rig, configMap('a'), labels);
  put(rig, configMap('beyond'), { [APP]: 'shop', [DEPLOYER]: 'west' });
  expect(await rig.deploy(configMap('a', value), configMap('b'))).toMatchObject({ status: 'refused' });
  const outcome = await adopt(rig);
  expect(outcome).toMatchObject({
    status: 'synced',
    message: expect.stringContaining('ConfigMap/store/a is taken over from deployer "west"'),
  });
  expect(rig.cluster.find('ConfigMap/store/a')).toMatchObject({
    data: { value },
    metadata: { uid, labels: { [APP]: 'shop', [DEPLOYER]: 'test' } },
  });
  expect(rig.cluster.find('ConfigMap/store/beyond').metadata.labels).toMatchObject({ [DEPLOYER]: 'west' });
  expect(await adopt(rig)).toMatchObject({ status: 'unchanged' });
  await rig.deploy(configMap('b'));
  expect(Object.keys(rig.cluster.contents())).toEqual([
    'ConfigMap/store/b',
    'ConfigMap/store/beyond',
    'Namespace/store',
  ]);
});

test.each([
  ['another deployer than the named one', { [APP]: 'shop', [DEPLOYER]: 'east' }, WEST],
  ['a deployer where none is named', { [APP]: 'shop', [DEPLOYER]: 'west' }, { kind: 'adopt' } as const],
  ['an application where a deployer is named', { [APP]: 'gone' }, WEST],
])('an object of %s is refused', async (_what, labels, trigger) => {
  const rig = await rigs.open();
  put(rig, configMap('a'), labels);
  rig.commit(configMap('a', '2'));
  expect(await adopt(rig, trigger)).toMatchObject({ status: 'refused' });
  expect(rig.cluster.find('ConfigMap/store/a')).toMatchObject({ data: { value: '1' }, metadata: { labels } });
});

test('adopt takes over an object of an application that is not configured and was never recorded', async () => {
  const rig = await rigs.open();
  const uid = put(rig, configMap('a'), { [APP]: 'gone' });
  expect(await rig.deploy(configMap('a', '2'))).toMatchObject({
    status: 'refused',
    message: expect.stringContaining('take it over: driftless adopt shop'),
  });
  expect(await adopt(rig, 'adopt')).toMatchObject({
    status: 'synced',
    message: expect.stringContaining('ConfigMap/store/a is taken over from application gone'),
  });
  expect(rig.cluster.find('ConfigMap/store/a').metadata).toMatchObject({
    uid,
    labels: { [APP]: 'shop', [DEPLOYER]: 'test' },
  });
});

test('what would have to be recreated is refused, since its uid would be lost', async () => {
  const rig = await rigs.open({ recreate: true });
  const uid = put(rig, jobOf('a', 1), { [APP]: 'shop', [DEPLOYER]: 'west' });
  rig.commit(jobOf('a', 2));
  expect(await adopt(rig)).toMatchObject({
    status: 'refused',
    message: expect.stringContaining('belongs to deployer "west" and would be deleted, so remove it there first'),
  });
  expect(rig.cluster.find('Job/store/a').metadata.uid).toBe(uid);
});

const HOOK = { 'argocd.argoproj.io/hook': 'PreSync' };

test("the Job of another deployer's hook is replaced only by the order that names it", async () => {
  const rig = await rigs.open();
  const hook = jobOf('migrate', 1, HOOK);
  const uid = put(rig, hook, { [APP]: 'shop', [DEPLOYER]: 'west' });
  expect(await rig.deploy(configMap('a'), hook)).toMatchObject({ status: 'refused' });
  expect(rig.cluster.find('Job/store/migrate').metadata.uid).toBe(uid);
  await adopt(rig);
  expect(rig.cluster.find('Job/store/migrate').metadata.labels).toMatchObject({ [DEPLOYER]: 'test' });
  expect(rig.cluster.find('Job/store/migrate').metadata.uid).not.toBe(uid);
});

test('scans leave the objects of another deployer alone, and list only their own orphans', async () => {
  const rig = await rigs.open();
  await rig.deploy(configMap('a'));
  put(rig, configMap('theirs'), { [APP]: 'shop', [DEPLOYER]: 'west' });
  put(rig, configMap('gone'), { [APP]: 'gone', [DEPLOYER]: 'west' });
  put(rig, configMap('own'), { [APP]: 'gone', [DEPLOYER]: 'test' });
  put(rig, configMap('old'), { [APP]: 'gone' });
  const outbox = outboxOf(rig.state, { log: rig.ports.log, notify: async () => undefined });
  const { clusters } = await scanAll({}, { ...rig.ports, outbox, metrics: { put: () => undefined } });
  expect(clusters).toMatchObject([{ status: 'scanned', objectsDrifted: 0, orphans: 2 }]);
  expect((await rig.state.cluster('prod'))?.orphans.map(({ app, name }) => `${app} ${name}`).toSorted()).toEqual([
    'gone old',
    'gone own',
  ]);
});

test.each(['holds', 'wants'])(
  'what another application of this deployer %s is not taken, whatever its labels say',
  async (how) => {
    const rig = await rigs.open();
    const { app } = (await rig.state.application('shop')) ?? {};
    if (app === undefined) throw new Error('shop is configured');
    await rig.state.putApplication({ ...app, name: 'blog' }, 'hash');
    const { seq } = await rig.state.request('blog', { trigger: { kind: 'push' } });
    const acquired = await rig.state.acquire('blog', seq, 60);
    if (acquired.status !== 'acquired') throw new Error('no other operation has the lease');
    const id = { group: '', kind: 'ConfigMap', namespace: 'store', name: 'a' };
    if (how === 'holds') await rig.state.putInventory(acquired.lease, [{ ...id, apiVersion: 'v1', uid: 'u' }]);
    else await rig.state.putWants(acquired.lease, { wanted: [id] });
    const labels = { [APP]: 'shop', [DEPLOYER]: 'west' };
    put(rig, configMap('a'), labels);
    rig.commit(configMap('a', '2'));
    expect(await adopt(rig)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('belongs to deployer "west", and application blog holds or wants it'),
    });
    expect(rig.cluster.find('ConfigMap/store/a').metadata.labels).toEqual(labels);
  },
);
