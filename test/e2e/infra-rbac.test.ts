// The rights that the stack's manifests give, asked of a real API server as a member of the group that the access entry names.
import type { KubeObject } from '../../lib/model/kube-object.ts';
import type { Cluster } from '../../lib/ports/cluster.ts';
import { kubeUnderTest, PATIENCE_MS } from './kube-cluster.ts';
import { letIn, letReaderIn } from './tenancy-user.ts';

const NAMESPACE = 'infra-rbac-test';
const kube = kubeUnderTest(NAMESPACE);

/** How an apply of these objects ends, without it being done. */
async function tryAll(deployer: Cluster, objects: readonly KubeObject[]): Promise<readonly string[]> {
  const tries = objects.map(async (object) => {
    const result = await deployer.apply(await kube.kindOf(object), object, { dryRun: true });
    return result.status === 'refused' ? result.reason : result.status;
  });
  return Promise.all(tries);
}

const group = 'rbac.authorization.k8s.io';
const rule = (verbs: readonly string[]) => ({ apiGroups: [''], resources: ['pods'], verbs });
const role = (verbs: readonly string[]) => kube.object(`${group}/v1`, 'Role', 'theirs', { rules: [rule(verbs)] });
const namespaceOf = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const elsewhere: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } };

test(
  'a deployer for the whole cluster deploys everywhere, and hands out no rights',
  async () => {
    const deployer = await letIn(kube, 'rbac-wide', 'cluster');
    const allowed = [kube.configMap('a'), elsewhere, namespaceOf('rbac-wide-new')];
    expect(await tryAll(deployer, allowed)).toEqual(['applied', 'applied', 'applied']);
    expect(await tryAll(deployer, [role(['get', 'delete']), role(['impersonate'])])).toEqual([
      'forbidden',
      'forbidden',
    ]);
    await deployer.close();
  },
  PATIENCE_MS,
);

test(
  'a deployer for one namespace deploys there, and nowhere else',
  async () => {
    const deployer = await letIn(kube, 'rbac-tenant', { namespaces: [NAMESPACE] });
    expect(await tryAll(deployer, [kube.configMap('a'), role(['get'])])).toEqual(['applied', 'applied']);
    expect(await tryAll(deployer, [elsewhere, namespaceOf('rbac-tenant-new')])).toEqual(['forbidden', 'forbidden']);

    const configMaps = await kube.kindOf(elsewhere);
    const listed = await deployer.list({ kind: configMaps, namespace: NAMESPACE, content: 'metadata' });
    expect(listed.items.length).toBeGreaterThan(0);
    await expect(deployer.list({ kind: configMaps, content: 'metadata' })).rejects.toMatchObject({
      code: 'ClusterAccessDenied',
    });
    const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };
    await deployer.list({ kind: await kube.kindOf(definition), content: 'metadata' });
    await deployer.close();
  },
  PATIENCE_MS,
);

/** Whether each kind can be listed. */
async function listsOf(reader: Cluster, types: readonly (readonly [string, string])[], where: object): Promise<string> {
  const lists = types.map(async ([apiVersion, name]) => {
    const kind = await kube.kindOf({ apiVersion, kind: name });
    return reader.list({ kind, content: 'full', ...where }).then(
      () => `${name} yes`,
      ({ code }) => `${name} ${code}`,
    );
  });
  return (await Promise.all(lists)).join();
}

const SHOWN = [
  ['v1', 'Pod'],
  ['v1', 'ConfigMap'],
  ['v1', 'Event'],
  ['apps/v1', 'Deployment'],
  ['discovery.k8s.io/v1', 'EndpointSlice'],
] as const;

test(
  'S6: the reader of live objects reads what a tree and logs need, no Secret, and writes nothing',
  async () => {
    const reader = await letReaderIn(kube, 'rbac-reads', 'cluster');
    expect(await listsOf(reader, SHOWN, {})).toBe('Pod yes,ConfigMap yes,Event yes,Deployment yes,EndpointSlice yes');
    expect(await listsOf(reader, [['v1', 'Secret']], { namespace: NAMESPACE })).toBe('Secret ClusterAccessDenied');
    expect(await tryAll(reader, [kube.configMap('a'), role(['get'])])).toEqual(['forbidden', 'forbidden']);
    const query = { namespace: NAMESPACE, pod: 'none', container: 'none', limitBytes: 1_000 };
    expect(await reader.podLog(query)).toMatchObject({ status: 'unavailable', message: 'pods "none" not found' });
    await reader.close();
  },
  PATIENCE_MS,
);

test(
  'S6: the reader beside a deployer for one namespace reads there, and nowhere else',
  async () => {
    const reader = await letReaderIn(kube, 'rbac-reads-one', { namespaces: [NAMESPACE] });
    const all = 'Pod yes,ConfigMap yes,Event yes,Deployment yes,EndpointSlice yes';
    expect(await listsOf(reader, SHOWN, { namespace: NAMESPACE })).toBe(all);
    expect(await listsOf(reader, SHOWN, { namespace: 'default' })).toBe(all.replaceAll('yes', 'ClusterAccessDenied'));
    await reader.close();
  },
  PATIENCE_MS,
);
