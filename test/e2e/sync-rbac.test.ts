import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { readKubeconfig } from '../../cli/kubeconfig/kubeconfig.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { type Harness, startHarness } from './harness.ts';
import { type Kube, openKube } from './harness-kube.ts';
import { configMap, yaml } from './harness-manifests.ts';

const account = { name: `deployer-${randomBytes(3).toString('hex')}`, namespace: 'default' };
const user = `system:serviceaccount:default:${account.name}`;

let kube: Kube;
let harness: Harness;

/** Everything the deployer is in the cluster is this account, which has no rights at first. */
beforeAll(async () => {
  kube = openKube(await readKubeconfig({ path: kubeconfigPath() }));
  await kube.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account });
  const of = { apiVersion: 'v1', kind: 'ServiceAccount', ...account };
  const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: { name: '' }, spec: {} };
  const { status } = await kube.create(request, { of, name: 'token' });
  harness = await startHarness({ token: z.object({ token: z.string() }).parse(status).token });
});

afterAll(async () => {
  await harness.stop();
  await kube.delete({ apiVersion: 'v1', kind: 'ServiceAccount', ...account });
  await kube.close();
});

/** A namespace in which the account may do this with ConfigMaps. */
async function grantedNamespace(...verbs: readonly string[]): Promise<string> {
  const namespace = await harness.namespace();
  const metadata = { name: 'deployer', namespace };
  const [apiVersion, apiGroup] = ['rbac.authorization.k8s.io/v1', 'rbac.authorization.k8s.io'];
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs }];
  await kube.create({ apiVersion, kind: 'Role', metadata, rules });
  const subjects = [{ kind: 'ServiceAccount', ...account }];
  const roleRef = { apiGroup, kind: 'Role', name: 'deployer' };
  await kube.create({ apiVersion, kind: 'RoleBinding', metadata, roleRef, subjects });
  return namespace;
}

const files = { 'a.yaml': yaml(configMap('a')) };

test('whoever may not even read fails, with what to grant', async () => {
  const namespace = await harness.namespace();
  const app = await harness.app(files, { destination: { namespace }, sync: { createNamespace: false } });
  const { outcome } = await app.settled();

  expect(outcome).toMatchObject({
    status: 'failed',
    message: expect.stringContaining(
      `User "${user}" cannot list resource "configmaps" in API group "" in the namespace "${namespace}"`,
    ),
    error: { code: 'ClusterAccessDenied', hint: 'grant the deployer the named permission' },
  });
});

test('whoever may not make the namespace fails, with what to grant', async () => {
  const namespace = await grantedNamespace('list', 'get', 'patch', 'create');
  const app = await harness.app(files, { destination: { namespace } });
  const { outcome } = await app.settled();

  expect(outcome?.message).toContain(`User "${user}" cannot get resource "namespaces" in API group ""`);
});

test('whoever may read but not write is refused in the plan, object by object', async () => {
  const namespace = await grantedNamespace('list', 'get', 'watch');
  const app = await harness.app(files, { destination: { namespace }, sync: { createNamespace: false } });
  const operation = await app.settled();

  expect(operation.outcome?.status).toBe('refused');
  expect(await app.refusals(operation)).toEqual([
    `ConfigMap/${namespace}/a: configmaps "a" is forbidden: User "${user}" cannot patch resource "configmaps" in API group "" in the namespace "${namespace}" (a.yaml:1)`,
  ]);
});

test('whoever may do what is needed deploys', async () => {
  const namespace = await grantedNamespace('list', 'get', 'watch', 'patch', 'create');
  const app = await harness.app(files, { destination: { namespace }, sync: { createNamespace: false } });

  expect((await app.settled()).outcome?.status).toBe('synced');
});
