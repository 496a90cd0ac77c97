import { condition, judged, kind, type Row } from './objects.ts';

const conditions = (...list: readonly unknown[]) => ({ status: { conditions: list } });

const ready = condition('Ready=True', 'Succeeded', 'all is well');
const failed = condition('Ready=False', 'Failed', 'no such bucket');

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
  'pkg.crossplane.io/v1/Provider': { 'Healthy=True': 'Healthy', 'Healthy=False': 'Progressing' },
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

const composed: readonly Row[] = [
  [
    'Certificate that is issued anew',
    kind(
      'cert-manager.io/v1',
      'Certificate',
    )(conditions(failed, condition('Issuing=True', 'DoesNotExist', 'Issuing certificate'))),
    'Progressing',
    'Issuing certificate',
  ],
  [
    'ScaledObject that is paused',
    kind('keda.sh/v1alpha1', 'ScaledObject')(conditions(ready, condition('Paused=True', '', 'ScaledObject is paused'))),
    'Suspended',
    'ScaledObject is paused',
  ],
  [
    'ScaledObject that fell back',
    kind('keda.sh/v1alpha1', 'ScaledObject')(conditions(ready, condition('Fallback=True', '', 'no metrics'))),
    'Degraded',
    'no metrics',
  ],
  [
    'ScaledObject that works',
    kind('keda.sh/v1alpha1', 'ScaledObject')(conditions(ready, condition('Fallback=False'), condition('Paused=False'))),
    'Healthy',
    '',
  ],
  [
    'ACK resource that can never be',
    kind(
      's3.services.k8s.aws/v1alpha1',
      'Bucket',
    )(conditions(failed, condition('ACK.Terminal=True', '', 'AccessDenied'))),
    'Degraded',
    'AccessDenied',
  ],
  [
    'Crossplane resource whose call failed',
    kind(
      's3.aws.upbound.io/v1beta1',
      'Bucket',
    )(conditions(ready, condition('Synced=False', 'ReconcileError', 'AccessDenied'))),
    'Degraded',
    'AccessDenied',
  ],
  [
    'Crossplane ProviderConfig',
    kind('aws.upbound.io/v1beta1', 'ProviderConfig')({ status: { users: 3 } }),
    'Healthy',
    '',
  ],
  [
    'Flux Kustomization that retries',
    kind(
      'kustomize.toolkit.fluxcd.io/v1',
      'Kustomization',
    )(conditions(failed, condition('Reconciling=True', 'ProgressingWithRetry', 'retrying'))),
    'Degraded',
    'no such bucket',
  ],
  ['Flux Alert', kind('notification.toolkit.fluxcd.io/v1beta3', 'Alert')({}), 'Healthy', ''],
  [
    'Flux HelmRepository of a registry',
    kind(
      'source.toolkit.fluxcd.io/v1',
      'HelmRepository',
    )({ spec: { type: 'oci' }, status: { observedGeneration: -1 } }),
    'Healthy',
    '',
  ],
  [
    'Flux HelmRepository that was just created',
    kind('source.toolkit.fluxcd.io/v1', 'HelmRepository')({ spec: {}, status: { observedGeneration: -1 } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'Flux HelmRelease that is suspended before it is observed',
    kind('helm.toolkit.fluxcd.io/v2', 'HelmRelease')({ spec: { suspend: true }, status: { observedGeneration: 1 } }),
    'Suspended',
    'suspended by spec.suspend',
  ],
  [
    'ExternalSecret that was synced before the change',
    kind(
      'external-secrets.io/v1',
      'ExternalSecret',
    )({ status: { syncedResourceVersion: '1-0f3a', conditions: [ready] } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'ExternalSecret that was synced after the change',
    kind(
      'external-secrets.io/v1',
      'ExternalSecret',
    )({ status: { syncedResourceVersion: '2-0f3a', conditions: [ready] } }),
    'Healthy',
    '',
  ],
  [
    'ExternalSecret that is fetched only once',
    kind(
      'external-secrets.io/v1',
      'ExternalSecret',
    )({ spec: { refreshPolicy: 'CreatedOnce' }, status: { syncedResourceVersion: '1-0f3a', conditions: [ready] } }),
    'Healthy',
    '',
  ],
];

test.each(composed)('a %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
