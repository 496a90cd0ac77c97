import { type KindTable, kinds } from '../kinds.ts';
import { flag } from '../parts.ts';
import { conditions, otherwiseHealthy, rule, words } from '../status-rule.ts';

const ready = rule('not ready yet', conditions(['Ready=False', 'Degraded'], ['Ready=True', 'Healthy']));

/** https://developer.hashicorp.com/vault/docs/deploy/kubernetes/vso/api-reference: newer versions write conditions. */
const vaultSecret = rule(
  'not synced yet',
  conditions(['Ready=False', 'Degraded'], ['SecretSynced=False', 'Degraded'], ['Healthy=False', 'Degraded']),
  otherwiseHealthy,
);

const vaultAccess = rule(
  'not validated yet',
  conditions(['Ready=False', 'Degraded']),
  flag('status.valid', 'Invalid', 'status.error'),
);

/** Policies, secrets and identities. */
export const SECURITY: KindTable = {
  ...kinds('kyverno.io', 'ClusterPolicy Policy', ready),
  ...kinds('secrets.hashicorp.com', 'VaultAuth VaultAuthGlobal VaultConnection', vaultAccess),
  ...kinds(
    'secrets.hashicorp.com',
    'HCPVaultSecretsApp VaultDynamicSecret VaultPKISecret VaultStaticSecret',
    vaultSecret,
  ),
  ...kinds(
    'k8s.keycloak.org',
    'Keycloak',
    rule(
      'not ready yet',
      conditions(['HasErrors=True', 'Degraded'], ['RollingUpdate=True', 'Progressing'], ['Ready=True', 'Healthy']),
    ),
  ),
  ...kinds(
    'k8s.keycloak.org',
    'KeycloakRealmImport',
    rule('not imported yet', conditions(['HasErrors=True', 'Degraded'], ['Done=True', 'Healthy'])),
  ),
  ...kinds(
    'keycloak.org',
    'Keycloak KeycloakClient KeycloakRealm KeycloakUser',
    rule(
      'not ready yet',
      words('status.phase', { Degraded: 'failing|failed' }, 'status.message'),
      flag('status.ready', 'NotReady', 'status.message'),
    ),
  ),
  ...kinds('onepassword.com', 'OnePasswordItem', ready),
  ...kinds('addons.projectcapsule.dev', 'GlobalSopsSecret SopsProvider SopsSecret', ready),
};
