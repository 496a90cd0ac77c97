// A project on a real API server, from the push to the object: the rule refuses, and what it permits is written by the project's user.
import type { Project } from '../../lib/model/configuration.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { projectRights } from '../../lib/projects/project-rights.ts';
import { type Harness, startHarness } from './harness.ts';
import type { AppUnderTest } from './harness-app.ts';
import { configMap, yaml } from './harness-manifests.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.stop());

/** What an administrator does with the output of `driftless rbac`. */
async function giveRights(project: Pick<Project, 'name' | 'destinations'>): Promise<void> {
  const objects = projectRights({ sourceRepos: ['*'], ...project }, 'driftless', 'local');
  for (const object of objects.filter(({ kind }) => kind === 'ClusterRole')) await harness.kube.create(object);
}

async function openApp(files: (namespace: string) => Readonly<Record<string, string>>): Promise<AppUnderTest> {
  const app = await harness.app();
  const destinations = [{ cluster: 'local', namespace: app.name }];
  await giveRights({ name: app.name, destinations });
  await app.configure({ project: { destinations } });
  await app.repository.push(files(app.name));
  return app;
}

const binding = (namespace: string): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: `${namespace}-admins` },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ kind: 'ServiceAccount', namespace, name: 'default' }],
});
const inNamespace = (namespace: string): KubeObject => ({ ...configMap('x'), metadata: { name: 'x', namespace } });

test('T1: what lies outside of the project is refused as a whole, with the lines that would permit it', async () => {
  const app = await openApp((namespace) => ({
    'a.yaml': yaml(configMap('a')),
    'b.yaml': yaml(inNamespace('kube-system')),
    'c.yaml': yaml(binding(namespace)),
    'd.yaml': yaml({ apiVersion: 'v1', kind: 'List', items: [inNamespace('default')] }),
  }));
  const { outcome } = await app.settled();
  expect(outcome).toMatchObject({ status: 'refused', error: { code: 'ProjectForbids' } });
  expect(outcome?.message).toContain('3 refused');
  expect(await app.live('v1', 'ConfigMap', 'a')).toBeUndefined();
});

test('T1: what lies in it is deployed by the project’s user, whose binding comes with the namespace', async () => {
  const app = await openApp(() => ({ 'a.yaml': yaml(configMap('a')), 'b.yaml': yaml(configMap('b')) }));
  expect((await app.settled()).outcome).toMatchObject({ status: 'synced' });
  const binding = await app.live('rbac.authorization.k8s.io/v1', 'RoleBinding', `driftless:project:${app.name}`);
  expect(binding).toBeDefined();
  await app.repository.push({ 'b.yaml': undefined });
  expect((await app.settled()).outcome).toMatchObject({ status: 'synced' });
  expect(await app.live('v1', 'ConfigMap', 'b')).toBeUndefined();
});
