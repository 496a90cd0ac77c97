import type { IgnoreRule } from '../model/application.ts';

/** A rule that holds for every application. */
export type BuiltInRule = Omit<IgnoreRule, 'name' | 'managers' | 'fields'> & {
  readonly title: string;
  readonly fields: readonly string[];
  /** Holds only for what an autoscaler scales, or what is aggregated. */
  readonly only?: 'autoscaled' | 'aggregated';
};

/** Fields that controllers are meant to change after a deployment; docs/drift.md gives the reason for each, and a test compares. */
export const BUILT_IN_RULES: readonly BuiltInRule[] = [
  { title: 'autoscaled-replicas', fields: ['spec.replicas'], only: 'autoscaled' },
  {
    title: 'webhook-ca-bundle',
    group: 'admissionregistration.k8s.io',
    kind: '*WebhookConfiguration',
    fields: ['webhooks[*].clientConfig.caBundle'],
  },
  { title: 'api-service-ca-bundle', group: 'apiregistration.k8s.io', kind: 'APIService', fields: ['spec.caBundle'] },
  {
    title: 'conversion-ca-bundle',
    group: 'apiextensions.k8s.io',
    kind: 'CustomResourceDefinition',
    fields: ['spec.conversion.webhook.clientConfig.caBundle'],
  },
  {
    title: 'aggregated-rules',
    group: 'rbac.authorization.k8s.io',
    kind: 'ClusterRole',
    fields: ['rules'],
    only: 'aggregated',
  },
  {
    title: 'deployment-revision',
    group: 'apps',
    kind: 'Deployment',
    fields: ['metadata.annotations["deployment.kubernetes.io/revision"]'],
  },
  { title: 'service-account-secrets', group: '', kind: 'ServiceAccount', fields: ['secrets'] },
  { title: 'bound-volume', group: '', kind: 'PersistentVolumeClaim', fields: ['spec.volumeName'] },
];
