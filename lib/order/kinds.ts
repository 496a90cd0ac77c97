/**
 * The order of kinds within a wave: a tier is applied at once, the next one when it is through. Argo CD's order, with CRDs moved up beside
 * Namespaces, since whatever needs them cannot even be planned before. A kind that is not named stands in OTHERS.
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

/** Where a kind stands: the tier, and its place within. */
export type Rank = { readonly tier: number; readonly place: number };

/** Ranks a kind; as in Argo CD the group is not looked at. */
export function rankOf(kind: string): Rank {
  return RANKS.get(kind) ?? { tier: OTHERS, place: 0 };
}
