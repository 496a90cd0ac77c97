import { type KindTable, kinds } from '../kinds.ts';
import { conditions, rule, stoppedBy, words } from '../status-rule.ts';

/** https://nightlies.apache.org/flink/flink-kubernetes-operator-docs-stable/docs/concepts/architecture: a job that runs and may be rolled back is not stable yet. */
const flink = rule(
  'not deployed yet',
  words(
    'status.lifecycleState',
    { Healthy: 'STABLE', Degraded: 'FAILED|ROLLED_BACK', Suspended: 'SUSPENDED', Progressing: '*' },
    'status.error',
    'status.reconciliationStatus.error',
  ),
  words(
    'status.jobManagerDeploymentStatus',
    { Healthy: 'READY', Degraded: 'ERROR', Progressing: '*' },
    'status.error',
    'status.reconciliationStatus.error',
  ),
);

/** https://github.com/kubeflow/spark-operator/blob/master/docs/api-docs.md */
const spark = rule(
  'not submitted yet',
  stoppedBy('spec.suspend'),
  words(
    'status.applicationState.state',
    {
      Healthy: 'RUNNING|COMPLETED',
      Degraded: 'FAILED|FAILING|SUBMISSION_FAILED',
      Suspended: 'SUSPENDED|SUSPENDING',
      Progressing: '*',
    },
    'status.applicationState.errorMessage',
  ),
);

/** Data processing, machine learning and queues for it. */
export const PROCESSING: KindTable = {
  ...kinds('flink.apache.org', 'FlinkDeployment FlinkSessionJob', flink),
  ...kinds(
    'flinkoperator.k8s.io',
    'FlinkCluster',
    rule(
      'no status yet',
      words('status.state', { Healthy: 'Running|Stopped', Degraded: 'PartiallyStopped', Progressing: '*' }),
    ),
  ),
  ...kinds('sparkoperator.k8s.io', 'SparkApplication', spark),
  ...kinds(
    'sparkoperator.k8s.io',
    'ScheduledSparkApplication',
    rule(
      'not validated yet',
      stoppedBy('spec.suspend'),
      words(
        'status.scheduleState',
        { Healthy: 'Scheduled', Degraded: 'FailedValidation', Progressing: 'Validating' },
        'status.reason',
      ),
    ),
  ),
  ...kinds(
    'ray.io',
    'RayCluster',
    rule(
      'not ready yet',
      stoppedBy('spec.suspend'),
      words(
        'status.state',
        { Healthy: 'ready', Degraded: 'failed|unhealthy', Suspended: 'suspended' },
        'status.reason',
      ),
    ),
  ),
  ...kinds(
    'ray.io',
    'RayJob',
    rule(
      'not started yet',
      stoppedBy('spec.suspend'),
      words('status.jobStatus', { Healthy: 'SUCCEEDED', Degraded: 'FAILED' }, 'status.message'),
      words(
        'status.jobDeploymentStatus',
        { Healthy: 'Complete', Degraded: 'Failed', Suspended: 'Suspended', Progressing: '*' },
        'status.message',
      ),
    ),
  ),
  ...kinds(
    'ray.io',
    'RayService',
    rule(
      'not serving yet',
      conditions(['Ready=True', 'Healthy'], ['UpgradeInProgress=True', 'Progressing']),
      words('status.serviceStatus', { Healthy: 'Running', Degraded: 'Failed*' }),
    ),
  ),
  ...kinds(
    'kueue.x-k8s.io',
    'ClusterQueue LocalQueue AdmissionCheck',
    rule('not active yet', conditions(['Active=False', 'Degraded'], ['Active=True', 'Healthy'])),
  ),
  ...kinds(
    'workload.codeflare.dev',
    'AppWrapper',
    rule(
      'not queued yet',
      stoppedBy('spec.suspend'),
      words('status.phase', {
        Healthy: 'Running|Succeeded',
        Degraded: 'Failed',
        Suspended: 'Suspended',
        Progressing: '*',
      }),
    ),
  ),
};
