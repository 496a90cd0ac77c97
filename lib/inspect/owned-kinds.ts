// Which kinds the controllers of a kind make, so that a tree lists these and no others. Secrets are in no row: they are never listed.
import { type GroupKind, kindKey } from '../model/kube-object.ts';

/** A kind, in the version that it is listed in. */
export type ListedType = { readonly apiVersion: string; readonly kind: string };

const POD: ListedType = { apiVersion: 'v1', kind: 'Pod' };
const JOB: ListedType = { apiVersion: 'batch/v1', kind: 'Job' };
const REPLICA_SET: ListedType = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };
const CLAIM: ListedType = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };

const OWNED: Readonly<Record<string, readonly ListedType[]>> = {
  'apps/Deployment': [REPLICA_SET],
  'apps/ReplicaSet': [POD],
  'apps/StatefulSet': [POD, CLAIM],
  'apps/DaemonSet': [POD],
  '/ReplicationController': [POD],
  '/Pod': [CLAIM],
  '/Service': [{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice' }],
  'batch/CronJob': [JOB],
  'batch/Job': [POD],
  'argoproj.io/Rollout': [
    REPLICA_SET,
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun' },
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'Experiment' },
  ],
  'argoproj.io/Experiment': [REPLICA_SET, { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun' }],
  'argoproj.io/CronWorkflow': [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' }],
  'argoproj.io/Workflow': [POD],
  'cert-manager.io/Certificate': [{ apiVersion: 'cert-manager.io/v1', kind: 'CertificateRequest' }],
  'cert-manager.io/CertificateRequest': [{ apiVersion: 'acme.cert-manager.io/v1', kind: 'Order' }],
  'acme.cert-manager.io/Order': [{ apiVersion: 'acme.cert-manager.io/v1', kind: 'Challenge' }],
  'networking.k8s.io/Ingress': [{ apiVersion: 'cert-manager.io/v1', kind: 'Certificate' }],
  'serving.knative.dev/Service': [
    { apiVersion: 'serving.knative.dev/v1', kind: 'Configuration' },
    { apiVersion: 'serving.knative.dev/v1', kind: 'Route' },
  ],
  'serving.knative.dev/Configuration': [{ apiVersion: 'serving.knative.dev/v1', kind: 'Revision' }],
  'serving.knative.dev/Revision': [{ apiVersion: 'apps/v1', kind: 'Deployment' }],
  'postgresql.cnpg.io/Cluster': [POD, CLAIM, JOB, { apiVersion: 'v1', kind: 'Service' }],
  'kafka.strimzi.io/Kafka': [
    { apiVersion: 'core.strimzi.io/v1beta2', kind: 'StrimziPodSet' },
    { apiVersion: 'apps/v1', kind: 'Deployment' },
  ],
  'core.strimzi.io/StrimziPodSet': [POD],
  'monitoring.coreos.com/Prometheus': [{ apiVersion: 'apps/v1', kind: 'StatefulSet' }],
  'monitoring.coreos.com/Alertmanager': [{ apiVersion: 'apps/v1', kind: 'StatefulSet' }],
};

/** What controllers make of objects of a kind. */
export function ownedKindsOf(kind: GroupKind): readonly ListedType[] {
  return OWNED[kindKey(kind)] ?? [];
}
