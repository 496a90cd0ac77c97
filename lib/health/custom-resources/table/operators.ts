import { type KindTable, kinds } from '../kinds.ts';
import { conditions, otherwiseHealthy, rule, stoppedBy, words } from '../status-rule.ts';

const NO_STATUS = 'no status yet';

const ready = rule('not ready yet', conditions(['Ready=False', 'Degraded'], ['Ready=True', 'Healthy']));

/** https://cloud.google.com/config-connector/docs/troubleshooting: these reasons of `Ready` False are no failures. */
const configConnector = rule(
  'not created yet',
  conditions(
    ['Ready=True', 'Healthy'],
    ['Ready=False:Updating', 'Progressing'],
    ['Ready=False:Creating', 'Progressing'],
    ['Ready=False:Deleting', 'Progressing'],
    ['Ready=False:DependencyNotReady', 'Progressing'],
    ['Ready=False', 'Degraded'],
  ),
);

const reconciled = rule(
  'not reconciled yet',
  conditions(
    ['ReconcileError=True', 'Degraded'],
    ['ReconcileSuccess=True', 'Healthy'],
    ['ReconcileSuccessful=True', 'Healthy'],
  ),
);

const sap = rule(
  'not created yet',
  conditions(['Failed=True', 'Degraded'], ['Ready=True', 'Healthy'], ['Succeeded=False', 'Degraded']),
);

/** Operators, and what they make of clouds and services. */
export const OPERATORS: KindTable = {
  ...kinds(
    'operators.coreos.com',
    'ClusterServiceVersion',
    rule(
      NO_STATUS,
      words('status.phase', { Healthy: 'Succeeded', Degraded: 'Failed', Progressing: '*' }, 'status.message'),
    ),
  ),
  ...kinds(
    'operators.coreos.com',
    'Subscription',
    rule(
      'no install plan yet',
      conditions(
        ['CatalogSourcesUnhealthy=True', 'Degraded'],
        ['InstallPlanFailed=True', 'Degraded'],
        ['ResolutionFailed=True', 'Degraded'],
        ['InstallPlanMissing=True:ReferencedInstallPlanNotFound', 'Progressing'],
        ['InstallPlanMissing=True', 'Degraded'],
        ['InstallPlanPending=True:RequiresApproval', 'Suspended'],
        ['InstallPlanPending=True', 'Progressing'],
      ),
      words('status.state', { Progressing: 'UpgradePending', Degraded: 'UpgradeFailed' }),
      otherwiseHealthy,
    ),
  ),
  ...kinds(
    'operators.coreos.com',
    'InstallPlan',
    rule(
      NO_STATUS,
      words(
        'status.phase',
        { Healthy: 'Complete', Degraded: 'Failed', Suspended: 'RequiresApproval', Progressing: '*' },
        'status.message',
      ),
    ),
  ),
  ...kinds(
    'operators.coreos.com',
    'CatalogSource',
    rule(
      'not connected yet',
      words('status.connectionState.lastObservedState', {
        Healthy: 'READY',
        Degraded: 'TRANSIENT_FAILURE|SHUTDOWN',
        Progressing: '*',
      }),
    ),
  ),
  ...kinds('*.cnrm.cloud.google.com', '*', configConnector),
  ...kinds('services.cloud.sap.com', 'ServiceBinding ServiceInstance', sap),
  ...kinds('redhatcop.redhat.io', '*', reconciled),
  ...kinds('atlas.mongodb.com', '*', ready),
  ...kinds(
    'argocd-image-updater.argoproj.io',
    'ImageUpdater',
    rule('not run yet', conditions(['Error=True', 'Degraded'], ['Ready=False', 'Degraded'], ['Ready=True', 'Healthy'])),
  ),
  ...kinds('promoter.argoproj.io', '*', ready),
  ...kinds(
    'core.humio.com',
    'HumioCluster',
    rule(
      NO_STATUS,
      words('status.state', { Healthy: 'Running', Degraded: 'ConfigError', Progressing: '*' }, 'status.message'),
    ),
  ),
  ...kinds(
    'policy.open-cluster-management.io',
    'CertificatePolicy ConfigurationPolicy OperatorPolicy Policy',
    rule(
      'not evaluated yet',
      stoppedBy('spec.disabled'),
      words('status.compliant', {
        Healthy: 'Compliant',
        Degraded: 'NonCompliant',
        Progressing: 'Pending|UnknownCompliancy',
      }),
    ),
  ),
};
