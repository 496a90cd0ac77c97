import { healthOf } from '../../../lib/health/health.ts';
import { condition, judged, kind, type Row } from './objects.ts';

const conditions = (...list: readonly unknown[]) => ({ status: { conditions: list } });

/** Each kind that only its conditions tell of: a condition, and what it means. */
const meanings: Readonly<Record<string, Readonly<Record<string, Row[2]>>>> = {
  'argoproj.io/v1alpha1/ApplicationSet': {
    'ErrorOccurred=True': 'Degraded',
    'ResourcesUpToDate=False': 'Degraded',
    'RolloutProgressing=True': 'Progressing',
    'ResourcesUpToDate=True': 'Healthy',
  },
  'bitnami.com/v1alpha1/SealedSecret': { 'Synced=False': 'Degraded', 'Synced=True': 'Healthy' },
  'cert-manager.io/v1/Certificate': {
    'Issuing=True': 'Progressing',
    'Ready=False': 'Degraded',
    'Ready=True': 'Healthy',
  },
  'cert-manager.io/v1/ClusterIssuer': { 'Ready=False': 'Degraded', 'Ready=True': 'Healthy' },
  'cert-manager.io/v1/Issuer': { 'Ready=False': 'Degraded', 'Ready=True': 'Healthy' },
  'external-secrets.io/v1/ExternalSecret': { 'Ready=False': 'Degraded', 'Ready=True': 'Healthy' },
  'external-secrets.io/v1/SecretStore': { 'Ready=False': 'Degraded', 'Ready=True': 'Healthy' },
  'external-secrets.io/v1/ClusterSecretStore': { 'Ready=False': 'Degraded', 'Ready=True': 'Healthy' },
  'external-secrets.io/v1/ClusterExternalSecret': { 'Ready=False': 'Degraded', 'Ready=True': 'Healthy' },
  'external-secrets.io/v1alpha1/PushSecret': { 'Ready=False': 'Degraded', 'Ready=True': 'Healthy' },
  'gateway.networking.k8s.io/v1/GatewayClass': { 'Accepted=False': 'Degraded', 'Accepted=True': 'Healthy' },
  'karpenter.k8s.aws/v1/EC2NodeClass': {
    'Ready=False': 'Degraded',
    'Ready=True': 'Healthy',
    'Ready=Unknown': 'Progressing',
  },
  'karpenter.sh/v1/NodePool': { 'Ready=False': 'Degraded', 'Ready=True': 'Healthy' },
  'karpenter.sh/v1/NodeClaim': {
    'Disrupting=True': 'Suspended',
    'Ready=False': 'Degraded',
    'Ready=True': 'Healthy',
  },
  'keda.sh/v1alpha1/ScaledJob': { 'Paused=True': 'Suspended', 'Ready=False': 'Degraded', 'Ready=True': 'Healthy' },
  'keda.sh/v1alpha1/ScaledObject': {
    'Ready=False': 'Degraded',
    'Fallback=True': 'Degraded',
    'Paused=True': 'Suspended',
    'Ready=True': 'Healthy',
  },
  's3.services.k8s.aws/v1alpha1/Bucket': {
    'ACK.Terminal=True': 'Degraded',
    'Ready=False': 'Progressing',
    'Ready=True': 'Healthy',
    'ACK.ResourceSynced=False': 'Progressing',
    'ACK.ResourceSynced=True': 'Healthy',
  },
  'rds.aws.upbound.io/v1beta1/Instance': {
    'LastAsyncOperation=False': 'Degraded',
    'Synced=False': 'Degraded',
    'Ready=True': 'Healthy',
    'Ready=False': 'Progressing',
  },
  'pkg.crossplane.io/v1/Provider': { 'Healthy=True': 'Healthy', 'Healthy=False': 'Degraded' },
  'kustomize.toolkit.fluxcd.io/v1/Kustomization': {
    'Stalled=True': 'Degraded',
    'Ready=False': 'Degraded',
    'Reconciling=True': 'Progressing',
    'Ready=True': 'Healthy',
    'Ready=Unknown': 'Progressing',
  },
  'helm.toolkit.fluxcd.io/v2/HelmRelease': { 'Ready=False': 'Degraded', 'Ready=True': 'Healthy' },
};

const rows = Object.entries(meanings).flatMap(([key, steps]) => {
  const make = kind(key.slice(0, key.lastIndexOf('/')), key.slice(key.lastIndexOf('/') + 1));
  return Object.entries(steps).map(([assignment, status]) => [key, assignment, status, make] as const);
});

test.each(rows)('%s with %s is %s', (_kind, assignment, status, make) => {
  const object = make(conditions(condition(assignment, '', 'why')));
  const [health, wanted] = judged(['', object, status, status === 'Healthy' ? '' : 'why']);
  expect(health).toEqual(wanted);
});

test.each(Object.keys(meanings))('%s without a status is Progressing', (key) => {
  const make = kind(key.slice(0, key.lastIndexOf('/')), key.slice(key.lastIndexOf('/') + 1));
  const [health] = judged(['', make({}), 'Progressing', '']);
  expect(health).toEqual({ status: 'Progressing', message: expect.stringMatching(/yet$|^being provisioned$/) });
});

test.each(rows)('%s with an outdated %s is not %s but Progressing', (_kind, assignment, _status, make) => {
  const outdated = { ...condition(assignment, '', 'why'), observedGeneration: 1 };
  const [health] = judged(['', make(conditions(outdated)), 'Progressing', '']);
  expect(health.status).toBe('Progressing');
});

const NOW = Date.UTC(2026, 5, 1, 12);

/** What a controller writes at first, too: a failure only if it lasts for more than 5 minutes. */
test.each([
  ['apiregistration.k8s.io/v1', 'APIService', 'Available=False'],
  ['autoscaling/v2', 'HorizontalPodAutoscaler', 'ScalingActive=False'],
  ['cert-manager.io/v1', 'Certificate', 'Ready=False'],
  ['pkg.crossplane.io/v1', 'Provider', 'Healthy=False'],
  ['platform.acme.example/v1', 'XDatabase', 'Synced=False'],
  ['platform.acme.example/v1', 'Service', 'Available=False'],
  ['platform.acme.example/v1', 'Service', 'Deployed=False'],
])('%s %s with %s is Degraded only if that lasts', (apiVersion, name, assignment) => {
  const judgedAt = (lastTransitionTime: string) =>
    healthOf(kind(apiVersion, name)(conditions({ ...condition(assignment, 'X', 'why'), lastTransitionTime })), {
      now: NOW,
    });
  expect(judgedAt('2026-06-01T11:55:30Z')).toEqual({ status: 'Progressing', message: 'why', reason: 'X' });
  expect(judgedAt('2026-06-01T11:54:30Z')).toEqual({ status: 'Degraded', message: 'why', reason: 'X' });
});
