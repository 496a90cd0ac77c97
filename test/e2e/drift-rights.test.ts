import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { type Harness, startHarness } from './harness.ts';
import { type DriftUnderTest, driftUnderTest } from './harness-drift.ts';
import { type Kube, openKube } from './harness-kube.ts';
import { configMap, yaml } from './harness-manifests.ts';

const account = { name: `scanner-${randomBytes(3).toString('hex')}`, namespace: 'default' };
const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' };
const role = { ...rbac, kind: 'ClusterRole', name: account.name };
const binding = { ...rbac, kind: 'ClusterRoleBinding', name: account.name };

let kube: Kube;
let harness: Harness;
let drift: DriftUnderTest;

beforeAll(async () => {
  kube = openKube(await readKubeconfig({ path: kubeconfigPath() }));
  await kube.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
  const of = { apiVersion: 'v1', kind: 'ServiceAccount', ...account };
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: { name: '' }, spec: {} };
  const { status } = await kube.create(request, { of, name: 'token' });
  const metadata = { name: account.name };
  await kube.create({ ...rbac, kind: 'ClusterRole', metadata, rules: rulesFor('configmaps', 'secrets', 'namespaces') });
  const subjects = [{ kind: 'ServiceAccount', ...account }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: account.name };
  await kube.create({ ...rbac, kind: 'ClusterRoleBinding', metadata, roleRef, subjects });
  harness = await startHarness({ token: z.object({ token: z.string() }).parse(status).token });
  drift = driftUnderTest(harness);
});

afterAll(async () => {
  await harness.stop();
  for (const what of [binding, role, { apiVersion: 'v1', kind: 'ServiceAccount', ...account }]) await kube.delete(what);
  await kube.close();
});

function rulesFor(...resources: readonly string[]) {
  return [{ apiGroups: [''], resources, verbs: ['get', 'list', 'watch', 'create', 'patch', 'update', 'delete'] }];
}

/** Rights take a moment to be known to the authorizer. */
async function untilForbidden(): Promise<void> {
  const deadline = performance.now() + 50_000;
  const cluster = await harness.deployer.clusters.open('local');
  const kind = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };
  while (performance.now() < deadline) {
    try {
      await cluster.list({ kind, content: 'metadata', labelSelector: 'none' });
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the rights are still there');
}

test('a kind that must not be listed makes the applications that have it Unknown, nothing missing; with rights in a namespace it is seen there', async () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' } };
  const report = { drift: { mode: 'report' } };
  const [one, two, plain] = [
    await harness.app({ 'all.yaml': yaml(secret, configMap('a')) }, report),
    await harness.app({ 'all.yaml': yaml(secret) }, report),
    await harness.app({ 'a.yaml': yaml(configMap('a')) }, report),
  ];
  for (const app of [one, two, plain]) await app.settled();
  await kube.edit(role, { rules: rulesFor('configmaps', 'namespaces') });
  const metadata = { name: 'scanner', namespace: two.name };
  await kube.create({ ...rbac, kind: 'Role', metadata, rules: rulesFor('secrets') });
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'scanner' };
  const subjects = [{ kind: 'ServiceAccount', ...account }];
  await kube.create({ ...rbac, kind: 'RoleBinding', metadata, roleRef, subjects });
  await untilForbidden();
  await kube.edit({ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: one.name }, { data: { value: '2' } });

  expect(await drift.drifted(one.name)).toEqual([
    `ConfigMap/${one.name}/a modified by kubectl-edit (Update): data.value: 2 → 1`,
  ]);
  expect(await drift.record(one.name)).toMatchObject({
    status: 'Unknown',
    reason: expect.stringContaining(`cannot list resource "secrets" in API group "" in the namespace "${one.name}"`),
  });
  for (const { name } of [two, plain]) expect(await harness.deployer.state.drift(name)).toBeUndefined();
});
