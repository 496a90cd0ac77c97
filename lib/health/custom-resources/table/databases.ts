import { type KindTable, kinds } from '../kinds.ts';
import {
  conditions,
  counts,
  otherwiseHealthy,
  present,
  rule,
  stoppedBy,
  stoppedByAnnotation,
  words,
} from '../status-rule.ts';

const NO_STATUS = 'no status yet';

/** https://cloudnative-pg.io/documentation/current/cloudnative-pg.v1/: the phases are sentences. */
const cloudNativePg = rule(
  NO_STATUS,
  stoppedByAnnotation('cnpg.io/reconciliationLoop', 'disabled'),
  // The phase stays healthy although the instances are stopped.
  stoppedByAnnotation('cnpg.io/fencedInstances', /\w|\*/),
  conditions(['cnpg.io/hibernation=True', 'Suspended']),
  words(
    'status.phase',
    {
      Healthy: 'Cluster in healthy state',
      Degraded:
        'Cluster is unrecoverable and needs manual intervention|Unable to create required cluster objects|Cluster has incomplete or invalid image catalog|Cluster cannot proceed to reconciliation due to an unknown plugin being required|Cluster cannot execute instance online upgrade due to missing architecture binary|Waiting for user action|Not enough disk space',
      Progressing: '*',
    },
    'status.phaseReason',
  ),
);

const perconaState = words(
  'status.state',
  { Healthy: 'ready', Suspended: 'paused', Degraded: 'error', Progressing: 'initializing|stopping|unknown' },
  'status.message',
);

const percona = rule(NO_STATUS, perconaState);

const perconaBackup = rule(
  'not started yet',
  words(
    'status.state',
    { Healthy: 'ready|Succeeded', Degraded: 'error|Failed|rejected', Progressing: '*' },
    'status.error',
    'status.comments',
    'status.lasterror',
  ),
);

const mongoPhase = words(
  'status.phase',
  {
    Healthy: 'Running|Updated',
    Degraded: 'Failed|Unsupported',
    Suspended: 'Disabled',
    Progressing: 'Pending|Reconciling',
  },
  'status.message',
);

const mongo = rule(NO_STATUS, mongoPhase);

/** `Ready` False while it is being set up; the reason tells a failure. */
const mariaDb = rule(
  'not ready yet',
  stoppedBy('spec.suspend'),
  conditions(
    ['Ready=True', 'Healthy'],
    ['Ready=False:Failed', 'Degraded'],
    ['Complete=False:JobFailed', 'Degraded'],
    ['Complete=True', 'Healthy'],
  ),
);

const applied = rule(
  'not applied yet',
  present('status.applied', 'Healthy', 'Applied'),
  present('status.message', 'Degraded', 'NotApplied'),
);

/** Databases, their backups and what is in them. */
export const DATABASES: KindTable = {
  ...kinds('postgresql.cnpg.io', 'Cluster', cloudNativePg),
  ...kinds(
    'postgresql.cnpg.io',
    'Backup',
    rule(
      'not started yet',
      words(
        'status.phase',
        { Healthy: 'completed', Degraded: 'failed|walArchivingFailing|invalid backup definition', Progressing: '*' },
        'status.error',
      ),
    ),
  ),
  ...kinds('postgresql.cnpg.io', 'ScheduledBackup', rule(NO_STATUS, stoppedBy('spec.suspend'), otherwiseHealthy)),
  ...kinds(
    'postgresql.cnpg.io',
    'Pooler',
    rule(NO_STATUS, counts('spec.instances', ['status.instances', 'instances exist', 'ScalingUp']), otherwiseHealthy),
  ),
  ...kinds('postgresql.cnpg.io', 'Database Publication Subscription', applied),
  ...kinds(
    'acid.zalan.do',
    'postgresql',
    rule(
      NO_STATUS,
      words('status.PostgresClusterStatus', { Healthy: 'Running', Progressing: 'Creating|Updating', Degraded: '*' }),
    ),
  ),
  ...kinds('mongodbcommunity.mongodb.com', 'MongoDBCommunity', mongo),
  ...kinds('mongodb.com', 'MongoDB MongoDBMultiCluster MongoDBUser', mongo),
  ...kinds(
    'mongodb.com',
    'MongoDBOpsManager',
    rule(
      NO_STATUS,
      words('status.applicationDatabase.phase', { Degraded: 'Failed' }, 'status.applicationDatabase.message'),
      words(
        'status.opsManager.phase',
        { Healthy: 'Running', Degraded: 'Failed|Unsupported', Suspended: 'Disabled', Progressing: '*' },
        'status.opsManager.message',
      ),
    ),
  ),
  ...kinds('psmdb.percona.com', 'PerconaServerMongoDB', percona),
  ...kinds('pxc.percona.com', 'PerconaXtraDBCluster', percona),
  ...kinds('pgv2.percona.com', 'PerconaPGCluster', percona),
  ...kinds('ps.percona.com', 'PerconaServerMySQL', percona),
  ...kinds('psmdb.percona.com', 'PerconaServerMongoDBBackup PerconaServerMongoDBRestore', perconaBackup),
  ...kinds('pxc.percona.com', 'PerconaXtraDBClusterBackup PerconaXtraDBClusterRestore', perconaBackup),
  ...kinds('pgv2.percona.com', 'PerconaPGBackup PerconaPGRestore', perconaBackup),
  ...kinds(
    'clickhouse.altinity.com',
    'ClickHouseInstallation',
    rule(
      NO_STATUS,
      stoppedBy('spec.suspend'),
      words(
        'status.status',
        { Healthy: 'Completed', Progressing: 'InProgress|Terminating', Degraded: '*' },
        'status.error',
      ),
    ),
  ),
  ...kinds(
    'clickhouse-keeper.altinity.com',
    'ClickHouseKeeperInstallation',
    rule(
      NO_STATUS,
      words(
        'status.status',
        { Healthy: 'Completed', Progressing: 'InProgress|Terminating', Degraded: '*' },
        'status.error',
      ),
    ),
  ),
  ...kinds(
    'k8s.mariadb.com',
    'MariaDB MaxScale Backup Restore Connection Database Grant User SqlJob PhysicalBackup',
    mariaDb,
  ),
  ...kinds(
    'cassandra.datastax.com',
    'CassandraDatacenter',
    rule(
      NO_STATUS,
      conditions(['Stopped=True', 'Suspended'], ['Valid=False', 'Degraded']),
      words('status.cassandraOperatorProgress', { Healthy: 'Ready', Progressing: '*' }),
    ),
  ),
  ...kinds(
    'opensearch.opster.io',
    'OpenSearchCluster',
    rule(
      NO_STATUS,
      words('status.health', { Degraded: 'red' }),
      words('status.phase', { Healthy: 'RUNNING', Degraded: 'FAILED', Progressing: '*' }),
    ),
  ),
  ...kinds(
    'db.atlasgo.io',
    'AtlasMigration AtlasSchema',
    rule(
      'not applied yet',
      conditions(['Ready=True', 'Healthy'], ['Ready=False:Reconciling', 'Progressing'], ['Ready=False', 'Degraded']),
    ),
  ),
  ...kinds(
    'starrocks.com',
    'StarRocksCluster',
    rule(
      NO_STATUS,
      words('status.phase', { Healthy: 'running', Degraded: 'failed', Progressing: '*' }, 'status.reason'),
    ),
  ),
};
