import type { Step } from '../../by-conditions.ts';
import { type KindTable, kinds } from '../kinds.ts';
import { bound, solo } from '../parts.ts';
import { alwaysHealthy, conditions, rule, words } from '../status-rule.ts';

const ACCEPTED: readonly Step[] = [
  ['ResolvedRefs=False', 'Degraded'],
  ['Accepted=False', 'Degraded'],
  ['Accepted=Unknown', 'Progressing'],
  ['Programmed=False', 'Progressing'],
  ['Accepted=True', 'Healthy'],
];

/** https://gateway-api.sigs.k8s.io/geps/gep-713: a policy has a status for each ancestor of its target. */
const policy = rule('not accepted by a controller yet', bound('status.ancestors', 'ancestor', ACCEPTED));

const acme = rule(
  'not started yet',
  words(
    'status.state',
    { Healthy: 'valid', Degraded: 'invalid|errored|expired', Progressing: 'pending|processing|ready|unknown' },
    'status.reason',
  ),
);

const istio = rule('not installed yet', conditions(['Reconciled=False', 'Degraded'], ['Ready=True', 'Healthy']));

/** Routes, gateways, policies of traffic, certificates. */
export const NETWORK: KindTable = {
  ...kinds('gateway.networking.k8s.io', 'BackendTLSPolicy', policy),
  ...kinds('gateway.networking.x-k8s.io', 'XBackendTrafficPolicy', policy),
  ...kinds(
    'gateway.envoyproxy.io',
    'BackendTrafficPolicy ClientTrafficPolicy EnvoyExtensionPolicy EnvoyPatchPolicy SecurityPolicy',
    policy,
  ),
  ...kinds('gateway.networking.k8s.io', 'ListenerSet', rule('not accepted yet', conditions(...ACCEPTED))),
  ...kinds('gateway.networking.x-k8s.io', 'XListenerSet', rule('not accepted yet', conditions(...ACCEPTED))),
  ...kinds(
    'projectcontour.io',
    'HTTPProxy',
    rule(
      'not evaluated yet',
      words('status.currentStatus', { Healthy: 'valid', Degraded: 'invalid|orphaned' }, 'status.description'),
    ),
  ),
  ...kinds(
    'gateway.solo.io',
    'Gateway MatchableHttpGateway RouteOption RouteTable VirtualHostOption VirtualService',
    rule('no status yet', solo),
  ),
  ...kinds('gloo.solo.io', 'Proxy Settings Upstream UpstreamGroup', rule('no status yet', solo)),
  ...kinds(
    'install.istio.io',
    'IstioOperator',
    rule(
      'not installed yet',
      words(
        'status.status',
        { Healthy: 'HEALTHY', Degraded: 'ERROR|ACTION_REQUIRED', Progressing: '*' },
        'status.message',
      ),
    ),
  ),
  ...kinds('sailoperator.io', 'Istio IstioCNI IstioRevision ZTunnel', istio),
  ...kinds(
    'cilium.io',
    'CiliumClusterwideNetworkPolicy CiliumNetworkPolicy',
    rule('no status yet', conditions(['Valid=False', 'Degraded']), alwaysHealthy),
  ),
  ...kinds('acme.cert-manager.io', 'Challenge Order', acme),
  ...kinds(
    'cert-manager.io',
    'CertificateRequest',
    rule(
      'not approved yet',
      conditions(
        ['Denied=True', 'Degraded'],
        ['InvalidRequest=True', 'Degraded'],
        ['Ready=False:Failed', 'Degraded'],
        ['Ready=False:Denied', 'Degraded'],
        ['Ready=False', 'Progressing'],
        ['Ready=True', 'Healthy'],
      ),
    ),
  ),
  ...kinds(
    'trust.cert-manager.io',
    'Bundle',
    rule('not synced yet', conditions(['Synced=False', 'Degraded'], ['Synced=True', 'Healthy'])),
  ),
  ...kinds(
    'networking.gke.io',
    'ManagedCertificate',
    rule(
      'not provisioned yet',
      words('status.certificateStatus', {
        Healthy: 'Active',
        Degraded: 'ProvisioningFailed*|RenewalFailed',
        Progressing: '*',
      }),
    ),
  ),
};
