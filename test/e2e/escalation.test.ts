// Each tenancy on a real API server, as a member of the group that the access entry names: what would make more of a push than it is, is refused where
// docs/security.md says so, and applied where it says that.
import { z } from 'zod';
import type { OpenCluster } from '../../lib/kube/cluster.ts';
import type { KubeObject } from '../../lib/model/kube-object.ts';
import { type ApiServer, openApiServer } from './api-server.ts';
import { kubeconfigPath } from './control-plane-under-test.ts';
import { clusterWideAttempts, namespacedAttempts, REQUESTS } from './escalation-attempts.ts';
import { eventually, kubeUnderTest, PATIENCE_MS } from './kube-cluster.ts';
import { letIn } from './tenancy-user.ts';

const NAMESPACE = 'escalation-test';
const kube = kubeUnderTest(NAMESPACE);
let server: ApiServer;

beforeAll(() => {
  server = openApiServer(kubeconfigPath());
});
afterAll(() => server.close());

/** How an apply ends, without being done: `applied`, or the server's words. */
async function tried(deployer: OpenCluster, object: KubeObject): Promise<string> {
  const result = await deployer.apply(await kube.kindOf(object), object, { dryRun: true });
  return result.status === 'refused' ? result.message : result.status;
}

async function outcomes(deployer: OpenCluster, attempts: Readonly<Record<string, KubeObject>>) {
  const ends = Object.entries(attempts).map(async ([what, object]) => [what, await tried(deployer, object)] as const);
  return Object.fromEntries(await Promise.all(ends));
}

const Review = z.object({ status: z.object({ allowed: z.boolean() }) });

async function may(name: string, namespace: string): Promise<readonly string[]> {
  const asked = REQUESTS.map(async ([verb, path, group]) => {
    const [resource, subresource] = path.split('/');
    const resourceAttributes = { verb, resource, subresource, group, namespace };
    const spec = { user: `${name}:${name}-sync`, groups: [name], resourceAttributes };
    const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', spec };
    const { body } = await server.create('/apis/authorization.k8s.io/v1/subjectaccessreviews', review);
    return Review.parse(body).status.allowed ? [`${verb} ${path}`] : [];
  });
  return (await Promise.all(asked)).flat();
}

/** A new policy needs a moment until it is asked. */
async function untilProtected(deployer: OpenCluster): Promise<void> {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'probe', namespace: 'kube-system' } };
  await eventually(async () => ((await tried(deployer, object)).includes('the tenancy cluster') ? true : undefined));
}

test(
  'T2: a push to a deployer of the tenancy cluster can make nothing more of itself',
  async () => {
    const target = { deployer: 'esc-wide', namespace: NAMESPACE };
    const deployer = await letIn(kube, 'esc-wide', 'cluster');
    await untilProtected(deployer);
    const ends = await outcomes(deployer, { ...clusterWideAttempts(target), ...namespacedAttempts(target) });
    expect(Object.entries(ends).filter(([, end]) => end === 'applied')).toEqual([]);
    expect(ends['a binding of the own role']).toContain(
      "add the rule {apiGroups: ['rbac.authorization.k8s.io'], resources: [clusterrolebindings], verbs: [get, list, watch, create, patch, delete]} to its role",
    );
    expect(ends['a Pod in kube-system']).toContain('the tenancy cluster writes nothing to kube-system');
    expect(await may('esc-wide', NAMESPACE)).toEqual([]);
    const own = { 'a ConfigMap': kube.configMap('a'), 'a Deployment': kube.workload('Deployment', 'x') };
    expect(await outcomes(deployer, own)).toEqual({ 'a ConfigMap': 'applied', 'a Deployment': 'applied' });
    await deployer.close();
  },
  PATIENCE_MS,
);

test(
  'T3: a push to a deployer for namespaces becomes everything there, and nothing elsewhere',
  async () => {
    const target = { deployer: 'esc-tenant', namespace: NAMESPACE };
    const deployer = await letIn(kube, 'esc-tenant', { namespaces: [NAMESPACE] });
    const wide = await outcomes(deployer, clusterWideAttempts(target));
    expect(Object.entries(wide).filter(([, end]) => end === 'applied')).toEqual([]);
    const ends = await outcomes(deployer, namespacedAttempts(target));
    expect(Object.entries(ends).filter(([, end]) => end !== 'applied')).toEqual([]);
    expect(await may('esc-tenant', 'default')).toEqual([]);
    await deployer.close();
  },
  PATIENCE_MS,
);

test(
  'T3: a deployer of the tenancy admin deploys all of it',
  async () => {
    const target = { deployer: 'esc-admin', namespace: NAMESPACE };
    const deployer = await letIn(kube, 'esc-admin', 'admin');
    const ends = await outcomes(deployer, { ...clusterWideAttempts(target), ...namespacedAttempts(target) });
    expect(Object.entries(ends).filter(([, end]) => end !== 'applied')).toEqual([]);
    await deployer.close();
  },
  PATIENCE_MS,
);
