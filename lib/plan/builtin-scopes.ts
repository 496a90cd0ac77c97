import type { ServedKind } from '../model/cluster-api.ts';
import { groupOf } from '../model/kube-object.ts';

/** The kinds of the API server that are not in a namespace, as of Kubernetes 1.36; for rendering without a cluster. */
const CLUSTER_SCOPED = new Set([
  '/ComponentStatus',
  '/Namespace',
  '/Node',
  '/PersistentVolume',
  'admissionregistration.k8s.io/MutatingAdmissionPolicy',
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'authentication.k8s.io/SelfSubjectReview',
  'authentication.k8s.io/TokenReview',
  'authorization.k8s.io/SelfSubjectAccessReview',
  'authorization.k8s.io/SelfSubjectRulesReview',
  'authorization.k8s.io/SubjectAccessReview',
  'certificates.k8s.io/CertificateSigningRequest',
  'certificates.k8s.io/ClusterTrustBundle',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'internal.apiserver.k8s.io/StorageVersion',
  'networking.k8s.io/IPAddress',
  'networking.k8s.io/IngressClass',
  'networking.k8s.io/ServiceCIDR',
  'node.k8s.io/RuntimeClass',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'resource.k8s.io/DeviceClass',
  'resource.k8s.io/DeviceTaintRule',
  'resource.k8s.io/ResourceSlice',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
  'storage.k8s.io/VolumeAttributesClass',
  'storagemigration.k8s.io/StorageVersionMigration',
]);

/** A group of the API server itself: without a dot, or of k8s.io. */
const BUILT_IN = /^[^.]*$|\.k8s\.io$/;

/** Whether the API server itself serves a group. */
export function isBuiltInGroup(group: string): boolean {
  return BUILT_IN.test(group);
}

/** A kind as any cluster serves it. Undefined for a kind that is not built in: a CRD in the same rendering may define it. */
export function builtinKind(apiVersion: string, kind: string): ServedKind | undefined {
  if (!isBuiltInGroup(groupOf(apiVersion))) return undefined;
  return offlineKind(apiVersion, kind);
}

/** The same, but a kind that is not built in counts as namespaced, as most are. */
export function offlineKind(apiVersion: string, kind: string): ServedKind {
  const group = groupOf(apiVersion);
  const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
  return { group, version, kind, plural: '', namespaced: !CLUSTER_SCOPED.has(`${group}/${kind}`) };
}
