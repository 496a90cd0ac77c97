// A project's user on a real API server: what the rule of projects would let through by mistake, the API server refuses.
import { createCluster, type OpenCluster } from '../../lib/kube/cluster.ts';
import type { Project } from '../../lib/model/configuration.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { projectUser } from '../../lib/model/project-user.ts';
import type { Cluster } from '../../lib/ports/cluster.ts';
import { projectRights } from '../../lib/projects/project-rights.ts';
import { RecordingLog } from '../fakes/recording-log.ts';
import { clusterWideAttempts } from './escalation-attempts.ts';
import { openKube } from './harness-kube.ts';
import { eventually, kubeUnderTest, PATIENCE_MS, testClock } from './kube-cluster.ts';

const NAMESPACE = 'escalation-project';
const NAME = 'esc-owner';
const RBAC = 'rbac.authorization.k8s.io';
const kube = kubeUnderTest(NAMESPACE);
const PROJECT: Project = {
  name: 'team-a',
  sourceRepos: ['*'],
  destinations: [{ cluster: 'local', namespace: `${NAMESPACE}*` }],
  clusterResources: { allow: [{ group: '', kind: 'Namespace', name: `${NAMESPACE}-git` }] },
};
const account = { kind: 'ServiceAccount', name: 'deployer', namespace: NAMESPACE };

let deployer: OpenCluster;
let team: Cluster;

/** A deployer with no more rights than to read, and to act as the project's user. */
beforeAll(async () => {
  for (const object of projectRights(PROJECT, NAME, 'local'))
    expect(await kube.apply(object)).toMatchObject({ status: 'applied' });
  await kube.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace: NAMESPACE } });
  for (const role of ['view', `${NAME}:project:team-a:deployer`]) {
    const metadata = { name: `${NAME}-${role.replaceAll(':', '-')}` };
    const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: role };
    const object = { apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', metadata, roleRef, subjects: [account] };
    expect(await kube.apply(object)).toMatchObject({ status: 'applied' });
  }
  deployer = createCluster(await accessOf(), { clock: testClock, log: new RecordingLog(), version: 'test' });
  team = deployer.as(projectUser(NAME, 'team-a'));
  // A new account needs a moment until the API server knows it.
  await eventually(() => applied(team, configMap(NAMESPACE)).catch(() => undefined));
}, PATIENCE_MS);
afterAll(() => deployer.close());

async function accessOf() {
  const { clientCert: _, ...access } = kube.access;
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: { name: '' }, spec: {} };
  const admin = openKube(kube.access);
  const of = { apiVersion: 'v1', ...account };
  const { status } = await admin.create(request, { of, name: 'token' });
  await admin.close();
  const { token } = Object(status);
  return { ...access, auth: async () => ({ authorization: `Bearer ${token}` }) };
}

async function applied(cluster: Cluster, object: KubeObject, dryRun = true): Promise<string> {
  const result = await cluster.apply(await kube.kindOf(object), object, { dryRun });
  return result.status === 'refused' ? `${result.reason}: ${result.message}` : result.status;
}

const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const configMap = (where: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: where },
});

test('T1: the deployer itself writes nothing, and its project’s user in the project’s namespaces', async () => {
  expect(await applied(deployer, configMap(NAMESPACE))).toMatch(/^forbidden/);
  expect(await applied(team, configMap(NAMESPACE))).toBe('applied');
  expect(await applied(team, configMap(NAMESPACE), false)).toBe('applied');
});

test('T1: a namespace that does not exist yet is created, and bound to the project', async () => {
  const fresh = `${NAMESPACE}-${Date.now().toString(36)}`;
  expect(await applied(team, configMap(fresh))).toBe(`namespaceMissing: namespaces "${fresh}" not found`);
  await kube.apply(namespace(fresh));
  expect(await applied(team, configMap(fresh), false)).toBe('applied');
  const live = await kube.get({ ...configMap(fresh) });
  const [kind, id] = [
    await kube.kindOf(configMap(fresh)),
    { group: '', kind: 'ConfigMap', namespace: fresh, name: 'a' },
  ];
  expect(await team.delete(kind, { ...id, uid: live?.metadata.uid ?? '' }, {})).toEqual({ status: 'deleted' });
});

test('T1: a Namespace of the project’s list is its user’s to write, another one is not', async () => {
  const labelled = (name: string) => ({ ...namespace(name), metadata: { name, labels: { a: 'b' } } });
  expect(await applied(team, labelled(`${NAMESPACE}-git`))).toBe('applied');
  expect(await applied(team, labelled(`${NAMESPACE}-other`))).toContain(
    'apply what `driftless rbac --config DIR --project team-a` prints',
  );
});

test('T2: a push of a project makes nothing more of itself', async () => {
  const attempts = clusterWideAttempts({ deployer: `${NAME}:project:team-a`, namespace: NAMESPACE });
  // kube-system is not the project's by its destinations; what a glob without limits would permit is bound by the first write.
  const { 'a Pod in kube-system': _pod, 'a Secret in kube-system': _secret, ...others } = attempts;
  const ends = await Promise.all(Object.entries(others).map(async ([what, one]) => [what, await applied(team, one)]));
  expect(ends.filter(([, end]) => !end?.startsWith('forbidden'))).toEqual([]);
});

test('T1: the deployer may act as no other user, and no other group', async () => {
  for (const user of [
    projectUser(NAME, 'team-b'),
    projectUser('other', 'team-a'),
    { ...projectUser(NAME, 'team-a'), group: 'system:masters' },
    { ...projectUser(NAME, 'team-a'), user: 'kubernetes-admin' },
  ])
    await expect(applied(deployer.as(user), configMap(NAMESPACE))).rejects.toMatchObject({
      code: 'ClusterAccessDenied',
      message: expect.stringContaining('apply what `driftless rbac --config DIR --project'),
    });
});

test('T2: the binding of a project is for its user alone, also where the deployer writes it', async () => {
  const member = kube.open({ 'impersonate-user': `${NAME}:sync`, 'impersonate-group': NAME });
  const metadata = { name: `${NAME}:project:team-a`, namespace: NAMESPACE };
  const roleRef = { apiGroup: RBAC, kind: 'ClusterRole', name: `${NAME}:project:team-a` };
  const bindingOf = (subjects: readonly object[], role = roleRef): KubeObject => ({
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: role,
    subjects,
  });
  const own = [{ apiGroup: RBAC, kind: 'User', name: `${NAME}:project:team-a` }];
  expect(await applied(member, bindingOf(own))).toBe('applied');
  const denied = "the binding of a project is for the project's user alone";
  // A new policy needs a moment until it is asked.
  await eventually(async () => ((await applied(member, bindingOf([account]))).includes(denied) ? true : undefined));
  const renamed = { ...bindingOf(own), metadata: { ...metadata, name: 'x' } };
  expect(await applied(member, renamed)).toMatch(/^forbidden/);
  await member.close();
});

test('T1: a project whose rights are not in the cluster fails with the command that prints them', async () => {
  const admin = createCluster(kube.access, { clock: testClock, log: new RecordingLog(), version: 'test' });
  await expect(applied(admin.as(projectUser('esc-nobody', 'team-x')), configMap(NAMESPACE))).rejects.toMatchObject({
    code: 'ClusterAccessDenied',
    message:
      'Project/team-x: its user "esc-nobody:project:team-x" has no rights in the cluster; apply what `driftless rbac --config DIR --project team-x` prints',
  });
  await admin.close();
});
