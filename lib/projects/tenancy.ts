// In: what a deployer may deploy to a cluster. Out: the objects that give its Kubernetes group that right, and refuse what would make more of it.
import { denial } from './admission.ts';
import { bindingTo, CORE_RESOURCES, type RbacRule, type RightsObject, role } from './rbac-object.ts';

/**
 * `admin`: everything, also to hand out rights that the deployer does not have. `cluster`: what cannot become more than it is. Or everything in some namespaces.
 */
export type Tenancy =
  | 'admin'
  | 'cluster'
  | { readonly cluster: { readonly apiGroups: readonly string[] } }
  | { readonly namespaces: readonly string[] };

const EVERYTHING: RbacRule = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };

/** Kinds of the API server that hand out no rights: no roles, tokens, webhooks, API services, certificates and nodes. */
const HARMLESS: readonly (readonly [string, readonly string[]])[] = [
  ['', [...CORE_RESOURCES, 'secrets'].sort()],
  ['apps', ['daemonsets', 'deployments', 'replicasets', 'statefulsets']],
  ['autoscaling', ['horizontalpodautoscalers']],
  ['batch', ['cronjobs', 'jobs']],
  ['coordination.k8s.io', ['leases']],
  ['discovery.k8s.io', ['endpointslices']],
  ['networking.k8s.io', ['ingressclasses', 'ingresses', 'networkpolicies']],
  ['node.k8s.io', ['runtimeclasses']],
  ['policy', ['poddisruptionbudgets']],
  ['scheduling.k8s.io', ['priorityclasses']],
  ['storage.k8s.io', ['csidrivers', 'csistoragecapacities', 'storageclasses', 'volumeattributesclasses']],
  ['apiextensions.k8s.io', ['customresourcedefinitions']],
];

/** API groups that hand out rights, which no list of groups adds. */
const HANDING_OUT = [
  '*',
  '',
  'rbac.authorization.k8s.io',
  'admissionregistration.k8s.io',
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
];

/** Whether a group may be added to the tenancy `cluster`. */
export function isHarmlessGroup(group: string): boolean {
  return !HANDING_OUT.includes(group);
}

/** Namespaces whose ServiceAccounts have the rights of the control plane. */
const CONTROL_PLANE = ['kube-system', 'kube-public', 'kube-node-lease'];

/** What lets a deployer do what its tenancy says. */
export function deployerRights(group: string, tenancy: Tenancy): readonly RightsObject[] {
  if (tenancy === 'admin') return clusterWide(group, [EVERYTHING, { nonResourceURLs: ['*'], verbs: ['*'] }]);
  if (typeof tenancy === 'object' && 'namespaces' in tenancy) return inNamespaces(group, tenancy.namespaces);
  const apiGroups = tenancy === 'cluster' ? [] : tenancy.cluster.apiGroups;
  return [...clusterWide(group, harmless(apiGroups)), ...protections(group)];
}

function clusterWide(group: string, rules: readonly RbacRule[]): readonly RightsObject[] {
  return [role({ name: group }, rules), bindingTo({ name: group }, { kind: 'Group', name: group })];
}

function harmless(apiGroups: readonly string[]): readonly RbacRule[] {
  const verbs = ['create', 'update', 'patch', 'delete'];
  return [
    { apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] },
    ...HARMLESS.map(([group, resources]) => ({ apiGroups: [group], resources, verbs })),
    ...(apiGroups.length > 0 ? [{ apiGroups, resources: ['*'], verbs }] : []),
  ];
}

function inNamespaces(group: string, namespaces: readonly string[]): readonly RightsObject[] {
  const subject = { kind: 'Group', name: group } as const;
  return [
    ...clusterWide(group, [
      { apiGroups: [''], resources: ['namespaces'], resourceNames: namespaces, verbs: ['get'] },
      {
        apiGroups: ['apiextensions.k8s.io'],
        resources: ['customresourcedefinitions'],
        verbs: ['get', 'list', 'watch'],
      },
    ]),
    ...namespaces.flatMap((namespace) => [
      role({ name: group, namespace }, [EVERYTHING]),
      bindingTo({ name: group, namespace }, subject),
    ]),
  ];
}

/** A Pod in a namespace of the control plane may use its ServiceAccounts, which can become anything. */
function protections(group: string): readonly RightsObject[] {
  const namespaces = { key: 'kubernetes.io/metadata.name', operator: 'In', values: CONTROL_PLANE };
  const rule = { apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE', 'UPDATE', 'DELETE'], resources: ['*'] };
  return denial(group, {
    name: `${group}-control-plane`,
    matched: { namespaceSelector: { matchExpressions: [namespaces] }, resourceRules: [rule] },
    unless: 'false',
    message: `the tenancy cluster writes nothing to ${CONTROL_PLANE.join(', ')}; use the tenancy admin`,
  });
}
