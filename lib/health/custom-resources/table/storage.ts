import { type KindTable, kinds } from '../kinds.ts';
import { conditions, otherwiseHealthy, present, rule, stoppedBy, words } from '../status-rule.ts';

const NO_STATUS = 'no status yet';

/** https://kubernetes.io/docs/concepts/storage/volume-snapshots/ */
const snapshot = rule(
  'not ready to use yet',
  present('status.readyToUse', 'Healthy', 'ReadyToUse'),
  present('status.error', 'Degraded', 'SnapshotFailed'),
);

const rook = rule(
  NO_STATUS,
  words(
    'status.phase',
    { Healthy: 'Ready|Connected|Created', Degraded: 'Failure|Failed|Error|ReconcileFailed', Progressing: '*' },
    'status.message',
  ),
);

const run = rule(
  'not started yet',
  words(
    'status.phase',
    {
      Healthy: 'Completed|Processed',
      Degraded: 'Failed*|PartiallyFailed|FinalizingPartiallyFailed|WaitingForPluginOperationsPartiallyFailed',
      Progressing: '*',
    },
    'status.failureReason',
    'status.message',
    'status.validationErrors.0',
  ),
);

/** Volumes, object stores and backups. */
export const STORAGE: KindTable = {
  ...kinds('snapshot.storage.k8s.io', 'VolumeSnapshot VolumeSnapshotContent', snapshot),
  ...kinds('groupsnapshot.storage.k8s.io', 'VolumeGroupSnapshot VolumeGroupSnapshotContent', snapshot),
  ...kinds(
    'ceph.rook.io',
    'CephCluster',
    rule(
      NO_STATUS,
      words('status.ceph.health', { Degraded: 'HEALTH_ERR|HEALTH_WARN' }),
      words(
        'status.state',
        { Degraded: 'Error', Progressing: 'Creating|Updating|Upgrading|Connecting' },
        'status.message',
      ),
      words('status.ceph.health', { Healthy: 'HEALTH_OK' }),
    ),
  ),
  ...kinds(
    'ceph.rook.io',
    'CephBlockPool CephBlockPoolRadosNamespace CephClient CephFilesystem CephFilesystemMirror CephFilesystemSubVolumeGroup CephNFS CephObjectStore CephObjectStoreUser CephObjectZone CephRBDMirror',
    rook,
  ),
  ...kinds(
    'objectbucket.io',
    'ObjectBucketClaim',
    rule('not bound yet', words('status.phase', { Healthy: 'Bound', Degraded: 'Failed', Progressing: '*' })),
  ),
  ...kinds(
    'minio.min.io',
    'Tenant',
    rule(
      NO_STATUS,
      words('status.currentState', {
        Healthy: 'Initialized',
        Degraded:
          'Statefulset not controlled by operator|Another MinIO Tenant already exists in the namespace|Different versions across MinIO Pools',
        Progressing: 'Provisioning*|Waiting*|Updating*|Restarting*|Decommissioning*',
        Unknown: '*',
      }),
    ),
  ),
  ...kinds('velero.io', 'Backup DeleteBackupRequest DownloadRequest PodVolumeBackup PodVolumeRestore Restore', run),
  ...kinds(
    'velero.io',
    'BackupStorageLocation',
    rule(
      'not validated yet',
      words('status.phase', { Healthy: 'Available', Degraded: 'Unavailable' }, 'status.message'),
    ),
  ),
  ...kinds(
    'velero.io',
    'Schedule',
    rule(
      'not validated yet',
      stoppedBy('spec.paused'),
      words(
        'status.phase',
        { Healthy: 'Enabled', Degraded: 'FailedValidation', Progressing: 'New' },
        'status.validationErrors.0',
      ),
    ),
  ),
  ...kinds(
    'velero.io',
    'BackupRepository',
    rule(
      'not initialized yet',
      words('status.phase', { Healthy: 'Ready', Degraded: 'NotReady', Progressing: 'New' }, 'status.message'),
    ),
  ),
  ...kinds(
    'longhorn.io',
    'Volume',
    rule(
      NO_STATUS,
      words('status.robustness', { Degraded: 'faulted|degraded' }),
      words('status.state', { Healthy: 'attached|detached', Progressing: '*' }),
    ),
  ),
  ...kinds(
    'trident.netapp.io',
    'TridentOrchestrator',
    rule(
      'not installed yet',
      words('status.status', { Healthy: 'Installed', Degraded: 'Failed|Error', Progressing: '*' }, 'status.message'),
    ),
  ),
  ...kinds(
    'trident.netapp.io',
    'TridentBackendConfig',
    rule(
      'not bound yet',
      words('status.lastOperationStatus', { Degraded: 'Failed' }, 'status.message'),
      words('status.phase', { Healthy: 'Bound', Degraded: 'Lost|Failed', Progressing: '*' }, 'status.message'),
    ),
  ),
  ...kinds(
    'autoscaling.k8s.io',
    'VerticalPodAutoscaler',
    rule(
      'no recommendation yet',
      conditions(
        ['ConfigUnsupported=True', 'Degraded'],
        ['NoPodsMatched=True', 'Degraded'],
        ['FetchingHistory=True', 'Progressing'],
        ['RecommendationProvided=True', 'Healthy'],
        ['RecommendationProvided=False', 'Progressing'],
      ),
      otherwiseHealthy,
    ),
  ),
};
