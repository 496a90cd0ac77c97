/**
 * The order of kinds within a wave: a tier is applied at once, the next one after it. Argo CD's order, with CRDs moved up beside Namespaces, since their objects
 * cannot even be planned before. A kind that is not listed is in OTHERS.
 */
const TIERS: readonly (readonly string[])[] = [
  ['Namespace'],
  ['CustomResourceDefinition'],
  ['NetworkPolicy', 'ResourceQuota', 'LimitRange', 'PodDisruptionBudget', 'PriorityClass', 'RuntimeClass'],
  [
    'ServiceAccount',
    'Secret',
    'ConfigMap',
    'StorageClass',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'IngressClass',
  ],
  ['ClusterRole', 'Role'],
  ['ClusterRoleBinding', 'RoleBinding'],
  ['Service'],
  [
    'DaemonSet',
    'Pod',
    'ReplicationController',
    'ReplicaSet',
    'Deployment',
    'HorizontalPodAutoscaler',
    'StatefulSet',
    'Job',
    'CronJob',
  ],
  ['Ingress'],
  [],
  ['APIService', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
];

const OTHERS = TIERS.findIndex((tier) => tier.length === 0);

const RANKS = new Map(
  TIERS.flatMap((kinds, tier) => kinds.map((kind, place): [string, Rank] => [kind, { tier, place }])),
);

/** The place of a kind: its tier, and its place within. */
export type Rank = { readonly tier: number; readonly place: number };

/** Ranks a kind; as in Argo CD, the group does not matter. */
export function rankOf(kind: string): Rank {
  return RANKS.get(kind) ?? { tier: OTHERS, place: 0 };
}
