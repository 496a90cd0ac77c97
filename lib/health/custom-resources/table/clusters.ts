import { type KindTable, kinds } from '../kinds.ts';
import { bound } from '../parts.ts';
import { alwaysHealthy, conditions, counts, otherwiseHealthy, rule, stoppedBy, words } from '../status-rule.ts';

const NO_STATUS = 'no status yet';

/** https://github.com/openshift/enhancements/blob/master/dev-guide/cluster-version-operator/dev/clusteroperator.md */
const clusterOperator = conditions(
  ['Failing=True', 'Degraded'],
  ['Degraded=True', 'Degraded'],
  ['DeploymentReplicasAllAvailable=False', 'Progressing'],
  ['Progressing=True', 'Progressing'],
  ['Available=False', 'Degraded'],
  ['Available=True', 'Healthy'],
);

const machinePhase = words(
  'status.phase',
  { Healthy: 'Running', Degraded: 'Failed', Progressing: '*' },
  'status.failureMessage',
  'status.errorMessage',
);

const machines = rule(
  NO_STATUS,
  stoppedBy('spec.paused'),
  words('status.phase', { Degraded: 'Failed', Progressing: 'ScalingUp|ScalingDown' }, 'status.failureMessage'),
  counts(
    'spec.replicas',
    ['status.updatedReplicas', 'machines are new', 'RollingOut'],
    ['status.readyReplicas', 'machines are ready', 'MachinesNotReady'],
  ),
  otherwiseHealthy,
);

/** Clusters, machines, virtual machines, and the parts of OpenShift. */
export const CLUSTERS: KindTable = {
  ...kinds(
    'cluster.x-k8s.io',
    'Cluster',
    rule(
      'not provisioned yet',
      stoppedBy('spec.paused'),
      words(
        'status.phase',
        { Degraded: 'Failed', Progressing: 'Pending|Provisioning|Deleting|Unknown' },
        'status.failureMessage',
      ),
      conditions(['Available=False', 'Degraded'], ['Ready=False', 'Degraded']),
      words('status.phase', { Healthy: 'Provisioned' }),
    ),
  ),
  ...kinds('cluster.x-k8s.io', 'Machine', rule('not provisioned yet', machinePhase)),
  ...kinds('cluster.x-k8s.io', 'MachineDeployment', machines),
  ...kinds(
    'cluster.x-k8s.io',
    'MachineSet',
    rule(
      NO_STATUS,
      counts('spec.replicas', ['status.readyReplicas', 'machines are ready', 'MachinesNotReady']),
      otherwiseHealthy,
    ),
  ),
  ...kinds(
    'cluster.x-k8s.io',
    'MachinePool',
    rule(
      'not provisioned yet',
      words(
        'status.phase',
        { Healthy: 'Running|Provisioned', Degraded: 'Failed', Progressing: '*' },
        'status.failureMessage',
      ),
    ),
  ),
  ...kinds(
    'cluster.x-k8s.io',
    'MachineHealthCheck',
    rule(
      NO_STATUS,
      conditions(['RemediationAllowed=False', 'Degraded']),
      counts('status.expectedMachines', ['status.currentHealthy', 'machines are healthy', 'MachinesUnhealthy']),
      otherwiseHealthy,
    ),
  ),
  ...kinds(
    'controlplane.cluster.x-k8s.io',
    'KubeadmControlPlane',
    rule(
      NO_STATUS,
      counts(
        'spec.replicas',
        ['status.updatedReplicas', 'machines are new', 'RollingOut'],
        ['status.readyReplicas', 'machines are ready', 'MachinesNotReady'],
      ),
      conditions(['Available=False', 'Degraded']),
      otherwiseHealthy,
    ),
  ),
  ...kinds(
    'addons.cluster.x-k8s.io',
    'ClusterResourceSet',
    rule('not applied yet', conditions(['ResourcesApplied=False', 'Degraded'], ['ResourcesApplied=True', 'Healthy'])),
  ),
  ...kinds(
    'kubevirt.io',
    'VirtualMachine',
    rule(
      NO_STATUS,
      conditions(['Paused=True', 'Suspended'], ['Failure=True', 'Degraded']),
      words('status.printableStatus', {
        Healthy: 'Running',
        Suspended: 'Stopped|Paused',
        Degraded: 'Err*|ImagePullBackOff|CrashLoopBackOff|DataVolumeError|PvcNotFound|Unschedulable',
        Progressing: '*',
      }),
      conditions(['Ready=True', 'Healthy']),
    ),
  ),
  ...kinds(
    'kubevirt.io',
    'VirtualMachineInstance',
    rule(
      NO_STATUS,
      conditions(['Paused=True', 'Suspended']),
      words('status.phase', {
        Degraded: 'Failed',
        Suspended: 'Succeeded',
        Unknown: 'Unknown',
        Progressing: 'Pending|Scheduling|Scheduled',
      }),
      conditions(['Ready=False', 'Degraded'], ['Ready=True', 'Healthy']),
    ),
  ),
  ...kinds(
    'cdi.kubevirt.io',
    'DataVolume',
    rule(
      NO_STATUS,
      conditions(['Running=False:Error', 'Degraded']),
      words('status.phase', {
        Healthy: 'Succeeded|PendingPopulation',
        Degraded: 'Failed|Unknown',
        Suspended: 'Paused',
        Progressing: '*',
      }),
    ),
  ),
  ...kinds(
    'apps.openshift.io',
    'DeploymentConfig',
    rule(
      'its pods are not running yet',
      stoppedBy('spec.paused'),
      conditions(
        ['Progressing=False', 'Degraded'],
        ['Available=False', 'Progressing'],
        ['Progressing=Unknown', 'Progressing'],
        ['Available=True', 'Healthy'],
      ),
    ),
  ),
  ...kinds(
    'route.openshift.io',
    'Route',
    rule(
      'not admitted yet',
      bound('status.ingress', 'router', [
        ['Admitted=False', 'Degraded'],
        ['Admitted=Unknown', 'Progressing'],
        ['Admitted=True', 'Healthy'],
      ]),
    ),
  ),
  ...kinds(
    'build.openshift.io',
    'Build',
    rule(
      'not started yet',
      words(
        'status.phase',
        { Healthy: 'Complete', Degraded: 'Failed|Error|Cancelled', Progressing: '*' },
        'status.message',
      ),
    ),
  ),
  ...kinds('build.openshift.io', 'BuildConfig', rule(NO_STATUS, alwaysHealthy)),
  ...kinds(
    'image.openshift.io',
    'ImageStream',
    rule(NO_STATUS, bound('status.tags', 'tag', [['ImportSuccess=False', 'Degraded']]), alwaysHealthy),
  ),
  ...kinds('config.openshift.io', 'ClusterOperator ClusterVersion', rule(NO_STATUS, clusterOperator)),
  ...kinds('operator.openshift.io', 'IngressController', rule(NO_STATUS, clusterOperator)),
  ...kinds('machine.openshift.io', 'Machine', rule('not provisioned yet', machinePhase)),
  ...kinds(
    'machineconfiguration.openshift.io',
    'MachineConfigPool',
    rule(
      NO_STATUS,
      stoppedBy('spec.paused'),
      conditions(
        ['Degraded=True', 'Degraded'],
        ['NodeDegraded=True', 'Degraded'],
        ['RenderDegraded=True', 'Degraded'],
        ['Updating=True', 'Progressing'],
        ['Updated=True', 'Healthy'],
      ),
    ),
  ),
};
