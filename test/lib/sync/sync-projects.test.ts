import type { Project } from '../../../lib/model/configuration.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { sweep } from '../../../lib/triggers/sweep.ts';
import { configMap, type Rig, withRig } from './rig.ts';

const rigs = withRig();
const RBAC = 'rbac.authorization.k8s.io/v1';

const STORE: Project = {
  name: 'default',
  sourceRepos: ['*'],
  destinations: [{ cluster: '*', namespace: 'store' }],
};

/** With a namespace beside the application's own. */
async function unlimited(): Promise<Rig> {
  const rig = await rigs.open();
  rig.cluster.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-b' } });
  return rig;
}

async function open(limits: Partial<Project> = {}): Promise<Rig> {
  const rig = await unlimited();
  rig.projects.projects = [{ ...STORE, ...limits }];
  return rig;
}

const elsewhere = (namespace: string): KubeObject => ({
  ...configMap('x'),
  metadata: { name: `in-${namespace}`, namespace },
});
const binding: KubeObject = {
  apiVersion: RBAC,
  kind: 'ClusterRoleBinding',
  metadata: { name: 'admins' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'ServiceAccount', namespace: 'store', name: 'default' }],
};
const list: KubeObject = {
  apiVersion: 'v1',
  kind: 'List',
  metadata: { name: '' },
  items: [elsewhere('team-b')],
};

test('T1: one object that the project does not permit refuses all of them, before anything is read or written', async () => {
  const rig = await open();
  const outcome = await rig.deploy(configMap('a'), elsewhere('kube-system'), list);
  expect(outcome).toMatchObject({ status: 'refused', error: { code: 'ProjectForbids' } });
  expect(outcome?.message).toContain(
    '2 refused: ConfigMap/kube-system/in-kube-system: Project/default does not permit',
  );
  expect(outcome?.message).toContain('ConfigMap/team-b/in-team-b');
  expect(rig.requests()).toEqual([]);
});

test('T1: a hook is held against the project as any other object is', async () => {
  const rig = await open();
  const hook = elsewhere('team-b');
  const annotations = { 'argocd.argoproj.io/hook': 'PreSync' };
  const outcome = await rig.deploy(configMap('a'), { ...hook, metadata: { ...hook.metadata, annotations } });
  expect(outcome).toMatchObject({ status: 'refused', error: { code: 'ProjectForbids' } });
});

test('T1: what is permitted is deployed, and createNamespace needs no entry of its own', async () => {
  const rig = await open();
  expect(await rig.deploy(configMap('a'))).toMatchObject({ status: 'synced', message: '1 created' });
});

test('T1: what a tightened project no longer permits is not deleted, and is named', async () => {
  const rig = await open({ destinations: [{ cluster: '*', namespace: '*' }] });
  await rig.deploy(configMap('a'), elsewhere('team-b'));
  rig.projects.projects = [STORE];
  rig.requests();
  const outcome = await rig.deploy(configMap('a', '2'));
  expect(outcome).toMatchObject({ status: 'synced' });
  expect(Object.keys(rig.cluster.contents())).toContain('ConfigMap/team-b/in-team-b');
  expect(rig.requests().filter((request) => request.includes('team-b'))).toEqual([]);
  const inventory = await rig.state.inventory('shop');
  expect(inventory.map(({ namespace, name }) => `${namespace}/${name}`).sort()).toEqual([
    'store/a',
    'team-b/in-team-b',
  ]);
  expect(outcome?.message).toContain('1 skipped');
});

test('T1: an application whose repository is not permitted ends before Git is asked', async () => {
  const rig = await open({ sourceRepos: ['https://example.com/other'] });
  rig.commit(configMap('a'));
  const git = { resolve: () => Promise.reject(new Error('asked')), open: () => Promise.reject(new Error('asked')) };
  const outcome = await rig.run(await rig.ask(), undefined, { git });
  expect(outcome).toMatchObject({ status: 'refused', error: { code: 'ProjectForbids' } });
  expect(outcome?.message).toContain('add to its spec.sourceRepos: - https://');
});

test('T1: a project that is not declared permits nothing', async () => {
  const rig = await open();
  await rig.configure({}, { project: 'gone' });
  expect(await rig.deploy(configMap('a'))).toMatchObject({
    status: 'refused',
    message: 'Application/shop: Project/gone is not declared; declare it as kind: Project',
  });
});

test('T1: a default that is not declared permits everything', async () => {
  const rig = await unlimited();
  expect(await rig.deploy(configMap('a'), elsewhere('team-b'))).toMatchObject({ status: 'synced' });
});

test('T1: a rollback deploys nothing that the project does not permit any more', async () => {
  const rig = await open({ destinations: [{ cluster: '*', namespace: '*' }] });
  await rig.deploy(configMap('a'), elsewhere('team-b'));
  await rig.deploy(configMap('a', '2'));
  rig.projects.projects = [STORE];
  const outcome = await rig.run(await rig.ask({ kind: 'rollback', toSeq: 1 }));
  expect(outcome).toMatchObject({ status: 'refused', error: { code: 'ProjectForbids' } });
});

test('T1: writes and dry-runs are the project’s, by its name', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'));
  expect([...rig.projects.written]).toEqual(['default']);
});

test('T1: once the project permits what was refused, the sweep asks again', async () => {
  const rig = await open();
  await rig.deploy(configMap('a'), elsewhere('team-b'));
  await sweep(rig.ports);
  expect(rig.started).toEqual([]);
  rig.projects.projects = [{ ...STORE, destinations: [{ cluster: '*', namespace: '*' }] }];
  rig.projects.changedAt = rig.clock.now() + 1;
  await sweep(rig.ports);
  expect(rig.started).toEqual(['shop-2']);
  expect(await rig.run(2)).toMatchObject({ status: 'synced' });
});

test('T1: a cluster-scoped object is refused unless its kind is listed', async () => {
  const rig = await open();
  expect(await rig.deploy(configMap('a'), binding)).toMatchObject({ status: 'refused' });
});
