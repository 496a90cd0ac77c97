import { judged, kind, type Row } from './objects.ts';

const service = kind('v1', 'Service');
const claim = kind('v1', 'PersistentVolumeClaim');
const namespace = kind('v1', 'Namespace');

const address = { loadBalancer: { ingress: [{ hostname: 'k8s-shop-api.elb.eu-west-1.amazonaws.com' }] } };

const services: readonly Row[] = [
  ['has only an address in the cluster', service({ spec: { type: 'ClusterIP' } }), 'Healthy', ''],
  ['names no type', service({ spec: {} }), 'Healthy', ''],
  ['has its load balancer', service({ spec: { type: 'LoadBalancer' }, status: address }), 'Healthy', ''],
  [
    'waits for its load balancer',
    service({ spec: { type: 'LoadBalancer' }, status: { loadBalancer: {} } }),
    'Progressing',
    'no load balancer address yet',
  ],
  ['has no status', service({ spec: { type: 'LoadBalancer' } }), 'Progressing', 'no load balancer address yet'],
  [
    'has an empty list of addresses',
    service({ spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [] } } }),
    'Progressing',
    'no load balancer address yet',
  ],
  [
    'has null for a list of addresses',
    service({ spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: null } } }),
    'Progressing',
    'no load balancer address yet',
  ],
];

test.each(services)('a Service that %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});

const ingresses: readonly Row[] = ['networking.k8s.io/v1', 'extensions/v1beta1'].flatMap((version): readonly Row[] => [
  ['has its address', kind(version, 'Ingress')({ status: address }), 'Healthy', ''],
  [
    'waits for its address',
    kind(version, 'Ingress')({ status: { loadBalancer: {} } }),
    'Progressing',
    'no load balancer address yet',
  ],
]);

test.each(ingresses)('an Ingress that %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});

const asked = (annotation: string) => ({ annotations: { [annotation]: 'ebs.csi.aws.com' } });
const unasked = 'not bound yet: no pod uses it, or no volume matches';
const provisioned = 'its volume is being provisioned';

const claims: readonly Row[] = [
  ['is bound', claim({ status: { phase: 'Bound' } }), 'Healthy', ''],
  ['has no status', claim({}), 'Progressing', 'no status yet'],
  [
    'waits for its first consumer',
    claim({ spec: { storageClassName: 'gp3' }, status: { phase: 'Pending' } }),
    'Healthy',
    unasked,
  ],
  [
    'has got a node for its first consumer',
    claim({ metadata: asked('volume.kubernetes.io/selected-node'), status: { phase: 'Pending' } }),
    'Progressing',
    provisioned,
  ],
  [
    'is being provisioned',
    claim({ metadata: asked('volume.kubernetes.io/storage-provisioner'), status: { phase: 'Pending' } }),
    'Progressing',
    provisioned,
  ],
  [
    'is being provisioned by an old cluster',
    claim({ metadata: asked('volume.beta.kubernetes.io/storage-provisioner'), status: { phase: 'Pending' } }),
    'Progressing',
    provisioned,
  ],
  ['has lost its volume', claim({ status: { phase: 'Lost' } }), 'Degraded', 'its volume is lost'],
  ['is in a phase that nobody knows', claim({ status: { phase: 'Odd' } }), 'Unknown', 'phase Odd'],
];

test.each(claims)('a PersistentVolumeClaim that %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});

const namespaces: readonly Row[] = [
  ['is active', namespace({ status: { phase: 'Active' } }), 'Healthy', ''],
  ['has no status', namespace({}), 'Healthy', ''],
  ['is terminating', namespace({ status: { phase: 'Terminating' } }), 'Progressing', 'being deleted'],
];

test.each(namespaces)('a Namespace that %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
