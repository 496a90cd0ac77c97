import type { GroupKind } from '../model/kube-object.ts';
import { kindKey } from '../model/kube-object.ts';

/** Kinds of the API server that are Healthy once they exist, so that they need not be read again. */
const KINDS = new Set([
  '/ConfigMap',
  '/Secret',
  '/ServiceAccount',
  '/LimitRange',
  '/ResourceQuota',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'networking.k8s.io/NetworkPolicy',
  'networking.k8s.io/IngressClass',
  'scheduling.k8s.io/PriorityClass',
  'node.k8s.io/RuntimeClass',
  'storage.k8s.io/StorageClass',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
]);

/** Whether objects of a kind can be anything but Healthy once they exist. */
export function hasHealth(kind: GroupKind): boolean {
  return !KINDS.has(kindKey(kind));
}
