// What a real API server says of fields that cannot change, and what the client makes of it.
import { kubeUnderTest } from './kube-cluster.ts';

const NAMESPACE = 'kube-immutable-test';
const kube = kubeUnderTest(NAMESPACE);

const containers = (image: string) => [{ name: 'c', image }];

const job = (image: string) =>
  kube.object('batch/v1', 'Job', 'fixed', {
    spec: { template: { spec: { restartPolicy: 'Never', containers: containers(image) } } },
  });
const service = (spec: object) => kube.object('v1', 'Service', 'fixed', { spec: { ports: [{ port: 80 }], ...spec } });
const claim = (accessMode: string) =>
  kube.object('v1', 'PersistentVolumeClaim', 'fixed', {
    spec: { accessModes: [accessMode], resources: { requests: { storage: '1Gi' } } },
  });
const binding = (name: string) =>
  kube.object('rbac.authorization.k8s.io/v1', 'RoleBinding', 'fixed', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  });
const storageClass = (reclaimPolicy: string) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: NAMESPACE },
  provisioner: 'example.com/none',
  reclaimPolicy,
});
const priorityClass = (value: number) => ({
  apiVersion: 'scheduling.k8s.io/v1',
  kind: 'PriorityClass',
  metadata: { name: NAMESPACE },
  value,
});

test.each([
  ['the selector of a Deployment', kube.workload('Deployment', 'a'), kube.workload('Deployment', 'b'), 'spec.selector'],
  ['the selector of a DaemonSet', kube.workload('DaemonSet', 'a'), kube.workload('DaemonSet', 'b'), 'spec.selector'],
  [
    'the service of a StatefulSet',
    kube.workload('StatefulSet', 'a', { serviceName: 'x' }),
    kube.workload('StatefulSet', 'a', { serviceName: 'y' }),
    'spec',
  ],
  ['the template of a Job', job('a'), job('b'), 'spec.template'],
  ['the cluster IP of a Service', service({}), service({ clusterIP: 'None' }), 'spec.clusterIPs[0]'],
  ['the access mode of a PersistentVolumeClaim', claim('ReadWriteOnce'), claim('ReadWriteMany'), 'spec'],
  ['the role of a RoleBinding', binding('view'), binding('edit'), 'roleRef'],
  ['the policy of a StorageClass', storageClass('Delete'), storageClass('Retain'), 'reclaimPolicy'],
  ['the value of a PriorityClass', priorityClass(1), priorityClass(2), 'value'],
  [
    'the contents of an immutable ConfigMap',
    kube.configMap('fixed', { immutable: true, data: { a: '1' } }),
    kube.configMap('fixed', { immutable: true, data: { a: '2' } }),
    'data',
  ],
  [
    'the contents of an immutable Secret',
    kube.object('v1', 'Secret', 'fixed', { immutable: true, stringData: { a: '1' } }),
    kube.object('v1', 'Secret', 'fixed', { immutable: true, stringData: { a: '2' } }),
    'data',
  ],
])('%s is immutable', async (_what, before, after, field) => {
  expect(await kube.apply(before)).toMatchObject({ status: 'applied' });
  // A Job's fields get a second owner at once, its controller; whether they may change is another question.
  expect(await kube.apply(after, { dryRun: true, force: true })).toMatchObject({
    status: 'refused',
    reason: 'immutable',
    causes: [{ field }],
  });
});

test('a wrong field beside an immutable one is merely invalid', async () => {
  const name = { metadata: { name: 'both', namespace: NAMESPACE } };
  await kube.apply({ ...kube.workload('Deployment', 'a'), ...name });
  const result = await kube.apply({ ...kube.workload('Deployment', 'b', { replicas: -1 }), ...name }, { dryRun: true });
  expect(result).toMatchObject({ status: 'refused', reason: 'invalid' });
});
