import { byConditions, type Step } from '../by-conditions.ts';
import type { Rule } from '../rule.ts';
import { flux } from './flux.ts';

const READY: readonly Step[] = [
  ['Ready=False', 'Degraded'],
  ['Ready=True', 'Healthy'],
];

const ready = byConditions('not ready yet', ...READY);

/** One that is valid stays so while it is renewed. `Ready` is False before `Issuing` is written, and again and again while the issuer is tried. */
const certificate = byConditions(
  'not issued yet',
  ['Ready=True', 'Healthy'],
  ['Issuing=True', 'Progressing'],
  ['Issuing=False:Failed', 'Degraded'],
  ['Ready=False', 'Degraded', 'lasting'],
);

/** Kinds that differ from the generic rule only in the meaning of their conditions; the first condition that matches decides. */
export const CONDITION_RULES: Readonly<Record<string, Rule>> = {
  'apiregistration.k8s.io/APIService': byConditions(
    'not available yet',
    ['Available=True', 'Healthy'],
    ['Available=False', 'Degraded', 'lasting'],
  ),
  'argoproj.io/ApplicationSet': byConditions(
    'its applications are not generated yet',
    ['ErrorOccurred=True', 'Degraded'],
    ['ResourcesUpToDate=False', 'Degraded'],
    ['RolloutProgressing=True', 'Progressing'],
    ['ResourcesUpToDate=True', 'Healthy'],
  ),
  'bitnami.com/SealedSecret': byConditions(
    'not decrypted yet',
    ['Synced=False', 'Degraded'],
    ['Synced=True', 'Healthy'],
  ),
  'cert-manager.io/Certificate': certificate,
  'cert-manager.io/ClusterIssuer': ready,
  'cert-manager.io/Issuer': ready,
  'external-secrets.io/ClusterExternalSecret': ready,
  'external-secrets.io/ClusterSecretStore': ready,
  'external-secrets.io/PushSecret': ready,
  'external-secrets.io/SecretStore': ready,
  'gateway.networking.k8s.io/GatewayClass': byConditions(
    'not accepted yet',
    ['Accepted=False', 'Degraded'],
    ['Accepted=True', 'Healthy'],
  ),
  'karpenter.k8s.aws/EC2NodeClass': ready,
  'karpenter.sh/NodeClaim': byConditions('no node launched yet', ['Disrupting=True', 'Suspended'], ...READY),
  'karpenter.sh/NodePool': ready,
  'keda.sh/ScaledJob': byConditions('no scaler created yet', ['Paused=True', 'Suspended'], ...READY),
  'keda.sh/ScaledObject': byConditions(
    'no autoscaler created yet',
    // New pods have no metrics at first, and the conditions of KEDA have no times.
    ['Ready=False:HPAMetricsUnavailable', 'Progressing'],
    ['Ready=False', 'Degraded'],
    ['Fallback=True', 'Degraded'],
    ['Paused=True', 'Suspended'],
    ['Ready=True', 'Healthy'],
  ),
};

/** Crossplane: `Synced` reports the last call to the provider, the others report the object; each kind has one of them. */
const crossplane = byConditions(
  'being provisioned',
  ['Synced=False:ReconcilePaused', 'Suspended'],
  ['LastAsyncOperation=False', 'Degraded'],
  ['Synced=False', 'Degraded'],
  ['Ready=True', 'Healthy'],
  ['Healthy=True', 'Healthy'],
  ['RevisionHealthy=True', 'Healthy'],
  ['Offered=True', 'Healthy'],
  ['Established=True', 'Healthy'],
  ['ValidPipeline=True', 'Healthy'],
  ['Healthy=False', 'Degraded', 'lasting'],
);

const WITHOUT_STATUS = [
  'ClusterProviderConfig',
  'Composition',
  'CompositionRevision',
  'ControllerConfig',
  'DeploymentRuntimeConfig',
  'EnvironmentConfig',
  'ProviderConfig',
  'ProviderConfigUsage',
];

/** Controllers older than the condition `Ready` have `ACK.ResourceSynced`. */
const ack = byConditions(
  'not ready yet',
  ['ACK.Terminal=True', 'Degraded'],
  ['Ready=False', 'Progressing'],
  ['Ready=True', 'Healthy'],
  ['ACK.ResourceSynced=False', 'Progressing'],
  ['ACK.ResourceSynced=True', 'Healthy'],
);

/** Rules for all kinds of the groups that end so, except kinds without a status. */
export const GROUP_RULES: readonly {
  readonly groups: string;
  readonly rule: Rule;
  readonly except: readonly string[];
}[] = [
  { groups: '.services.k8s.aws', rule: ack, except: [] },
  { groups: '.toolkit.fluxcd.io', rule: flux, except: ['Alert', 'Provider'] },
  { groups: '.crossplane.io', rule: crossplane, except: WITHOUT_STATUS },
  { groups: '.upbound.io', rule: crossplane, except: WITHOUT_STATUS },
];
