// Names and marks that somebody else may give: the name of an application that was removed, labels in manifests and on live objects, the mark of a hook's run.
import type { Application } from '../../../lib/model/application.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { openMemoryStore } from '../../fakes/memory-state-store.ts';
import type { FolderOf } from './pair-files.ts';
import { PairRig } from './pair-rig.ts';
import { configMap, withRig } from './rig.ts';

const rigs = withRig();

async function opened(more: FolderOf = () => []): Promise<PairRig> {
  const { store: state, clock } = await openMemoryStore();
  const choose = (limit: number) => (limit === 20 ? 2 : 0);
  const commits = [
    { a: ['x'], b: ['z'] },
    { a: [], b: ['z'] },
  ];
  const rig = new PairRig({ state, clock }, { commits, repos: 1, choose, more });
  rig.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } });
  const all = { sourceRepos: ['*'], destinations: [{ cluster: '*', namespace: '*' }] };
  rig.projects.projects = [
    { ...all, name: 'default' },
    { ...all, name: 'two' },
  ];
  await rig.begin();
  return rig;
}

const refs = (rig: PairRig) => Object.keys(rig.cluster.contents()).filter((ref) => ref.startsWith('ConfigMap'));
const ownerOf = (rig: PairRig, name: string) =>
  rig.cluster.find(`ConfigMap/store/${name}`).metadata.labels?.['driftless.dev/app'];

/** `a` is removed; later an application of another folder and namespace has its name. */
async function replaced(rig: PairRig, project: string): Promise<void> {
  const [, b] = rig.applications as [Application, Application];
  await rig.configure([b]);
  await rig.settle();
  await rig.configure([b, { ...b, name: 'a', project, destination: { ...b.destination, namespace: 'other' } }]);
  await rig.settle();
}

test('an application of another project under the name of one that was removed deletes nothing of that one', async () => {
  const rig = await opened();
  await replaced(rig, 'two');
  expect(refs(rig)).toContain('ConfigMap/store/x');
  expect((await rig.state.inventory('a')).map(({ namespace }) => namespace)).toEqual(['other', 'other']);
  expect(await rig.state.application('a')).toMatchObject({ lastSync: { seq: 2 } });
});

test('it shows none of the history of that one, and goes back to nothing of it', async () => {
  const rig = await opened();
  await replaced(rig, 'two');
  expect(await rig.history('a')).toEqual(['config synced: 2 created']);
  expect(await rig.state.operation('a', 1)).toBeUndefined();
  const { seq } = await rig.state.request('a', { trigger: { kind: 'rollback', toSeq: 1 } });
  await rig.start('a', seq);
  expect((await rig.history('a')).at(-1)).toContain('operation 1 has no deployment to roll back to');
});

test('D2: an application that is renamed to a name with a history goes on with its own alone', async () => {
  const rig = await opened();
  const [a, b] = rig.applications as [Application, Application];
  await rig.configure([a]);
  await rig.configure([{ ...a, name: 'b' }]);
  await rig.settle();
  expect(await rig.history('b')).toEqual([
    'push synced: 2 created',
    expect.stringMatching(/^config synced: 2 configured/),
  ]);
  expect(await rig.state.operation('b', 1)).toMatchObject({ app: 'a' });
  await rig.configure([
    { ...a, name: 'b' },
    { ...b, name: 'a' },
  ]);
  await rig.settle();
  expect(await rig.history('a')).toEqual([expect.stringMatching(/^config synced: 2 configured/)]);
});

test('an application of the same project that comes back goes on with what it had', async () => {
  const rig = await opened();
  await replaced(rig, 'default');
  expect(refs(rig)).not.toContain('ConfigMap/store/x');
});

test('labels of a manifest make it nobody else’s', async () => {
  const labels = { 'driftless.dev/app': 'b', 'driftless.dev/deployer': 'another' };
  const forged = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'forged', labels } };
  const rig = await opened((app) => (app === 'a' ? [forged] : []));
  expect(rig.cluster.find('ConfigMap/store/forged').metadata.labels).toEqual({
    'driftless.dev/app': 'a',
    'driftless.dev/deployer': 'test',
  });
});

test('labels on live objects delete nothing: neither a stranger’s, nor one of another application', async () => {
  const rig = await opened();
  const labelled = (name: string, app: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'store', labels: { 'driftless.dev/app': app, 'driftless.dev/deployer': 'test' } },
  });
  for (const object of [labelled('stranger', 'a'), labelled('x', 'b'), labelled('z', 'a')]) rig.cluster.put(object);
  await rig.push();
  await rig.settle();
  expect(refs(rig)).toEqual(expect.arrayContaining(['stranger', 'x', 'z'].map((name) => `ConfigMap/store/${name}`)));
  expect((await rig.history('a')).at(-1)).toContain('ConfigMap/store/x belongs to application b now');
});

test('D2: a hook of an application that is renamed replaces its earlier run', async () => {
  const annotations = { 'argocd.argoproj.io/hook': 'PreSync' };
  const hook = (place: number) => configMap('seed', String(place), annotations);
  const rig = await opened((app, place) => (app === 'a' ? [hook(place)] : []));
  const [a, b] = rig.applications as [Application, Application];
  rig.commit();
  await rig.configure([{ ...a, name: 'new' }, b]);
  await rig.settle();
  expect((await rig.history('new')).at(-1)).toMatch(/^config synced: /);
  expect(ownerOf(rig, 'seed')).toBe('new');
});

test('the mark of a run on the object of somebody else is no run', async () => {
  const rig = await rigs.open();
  const hook = configMap('seed', '1', { 'argocd.argoproj.io/hook': 'PostSync' });
  rig.cluster.before = (request) => {
    if (request !== 'APPLY ConfigMap/store/a') return;
    const marked = configMap('seed', 'theirs', { 'driftless.dev/operation': 'shop-1' });
    rig.cluster.put({ ...marked, metadata: { ...marked.metadata, namespace: 'store' } });
  };
  const outcome = await rig.deploy(configMap('a'), hook);
  expect(outcome).toMatchObject({ status: 'refused' });
  expect(outcome?.message).toContain('no earlier run of this hook made it');
});

test('D2: a name that is taken by an application that no configuration declared is no rename; the old one is removed', async () => {
  const rig = await opened();
  const [a, b] = rig.applications as [Application, Application];
  const origin = { kind: 'preview', parent: 'b', request: '7' } as const;
  await rig.state.putApplication({ ...a, name: 'new' }, 'preview', origin);
  await rig.configure([{ ...a, name: 'new' }, b]);
  await rig.settle();
  expect((await rig.state.applications()).map(({ app }) => app.name)).toEqual(['b', 'new']);
  expect(refs(rig)).toContain('ConfigMap/store/x');
});
