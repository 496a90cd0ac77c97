import { type KindTable, kinds } from '../kinds.ts';
import { inPartition, observing } from '../parts.ts';
import { alwaysHealthy, conditions, counts, otherwiseHealthy, rule, stoppedBy, words } from '../status-rule.ts';

const NO_STATUS = 'no status yet';

/** https://argo-rollouts.readthedocs.io/en/stable/features/analysis/ */
const analysis = rule(
  'not started yet',
  words(
    'status.phase',
    { Healthy: 'Successful', Progressing: 'Pending|Running', Degraded: 'Failed|Error', Unknown: 'Inconclusive' },
    'status.message',
  ),
);

const events = (...types: readonly string[]) =>
  rule(
    'not deployed yet',
    conditions(
      ...types.map((type) => [`${type}=False`, 'Degraded'] as const),
      ...types.map((type) => [`${type}=Unknown`, 'Progressing'] as const),
      ['Deployed=True', 'Healthy'],
    ),
  );

const numaflow = rule(
  NO_STATUS,
  words(
    'status.phase',
    { Healthy: 'Running|Succeeded|Deployed', Degraded: 'Failed', Suspended: 'Paused', Progressing: '*' },
    'status.message',
  ),
);

/** https://openkruise.io/docs/user-manuals/cloneset: only the pods below the partition stay as they are. */
const cloneSet = observing(
  rule(
    NO_STATUS,
    stoppedBy('spec.updateStrategy.paused'),
    counts('status.expectedUpdatedReplicas', ['status.updatedReadyReplicas', 'new pods are ready', 'PodsNotReady']),
    counts('spec.replicas', ['status.availableReplicas', 'pods are available', 'PodsUnavailable']),
    inPartition('spec.updateStrategy.partition', 'status.updatedReplicas', 'spec.replicas'),
    otherwiseHealthy,
  ),
);

const advancedStatefulSet = observing(
  rule(
    NO_STATUS,
    stoppedBy('spec.updateStrategy.rollingUpdate.paused'),
    counts('spec.replicas', ['status.readyReplicas', 'pods are ready', 'PodsNotReady']),
    inPartition('spec.updateStrategy.rollingUpdate.partition', 'status.updatedReplicas', 'spec.replicas'),
    counts('spec.replicas', ['status.updatedReplicas', 'pods have the new revision', 'RollingOut']),
    otherwiseHealthy,
  ),
);

const advancedDaemonSet = observing(
  rule(
    NO_STATUS,
    stoppedBy('spec.updateStrategy.rollingUpdate.paused'),
    inPartition(
      'spec.updateStrategy.rollingUpdate.partition',
      'status.updatedNumberScheduled',
      'status.desiredNumberScheduled',
    ),
    counts(
      'status.desiredNumberScheduled',
      ['status.updatedNumberScheduled', 'nodes have the new pod', 'RollingOut'],
      ['status.numberAvailable', 'nodes have an available pod', 'PodsUnavailable'],
    ),
    otherwiseHealthy,
  ),
);

const sidecarSet = observing(
  rule(
    NO_STATUS,
    stoppedBy('spec.updateStrategy.paused'),
    counts(
      'status.matchedPods',
      ['status.updatedPods', 'pods have the new sidecar', 'RollingOut'],
      ['status.readyPods', 'pods are ready', 'PodsNotReady'],
    ),
    otherwiseHealthy,
  ),
);

const succeeded = rule('not started yet', conditions(['Succeeded=False', 'Degraded'], ['Succeeded=True', 'Healthy']));

/** Progressive delivery, pipelines, workflows and workloads that are more than those of Kubernetes. */
export const DELIVERY: KindTable = {
  ...kinds('argoproj.io', 'AnalysisRun Experiment', analysis),
  ...kinds(
    'argoproj.io',
    'CronWorkflow',
    rule(
      NO_STATUS,
      stoppedBy('spec.suspend'),
      conditions(['SpecError=True', 'Degraded'], ['SubmissionError=True', 'Degraded']),
      alwaysHealthy,
    ),
  ),
  ...kinds('argoproj.io', 'EventBus', events('Configured', 'Deployed')),
  ...kinds('argoproj.io', 'EventSource', events('SourcesProvided', 'Deployed')),
  ...kinds('argoproj.io', 'Sensor', events('DependenciesProvided', 'TriggersProvided', 'Deployed')),
  ...kinds('numaflow.numaproj.io', 'InterStepBufferService MonoVertex Pipeline', numaflow),
  ...kinds(
    'flagger.app',
    'Canary',
    rule(
      NO_STATUS,
      stoppedBy('spec.suspend'),
      words(
        'status.phase',
        {
          Healthy: 'Initialized|Succeeded',
          Degraded: 'Failed',
          Suspended: 'Waiting|WaitingPromotion',
          Progressing: '*',
        },
        'status.conditions.0.message',
      ),
    ),
  ),
  ...kinds('flagger.app', 'AlertProvider MetricTemplate', rule(NO_STATUS, alwaysHealthy)),
  ...kinds('apps.kruise.io', 'CloneSet', cloneSet),
  ...kinds('apps.kruise.io', 'StatefulSet', advancedStatefulSet),
  ...kinds('apps.kruise.io', 'DaemonSet', advancedDaemonSet),
  ...kinds('apps.kruise.io', 'SidecarSet', sidecarSet),
  ...kinds('apps.kruise.io', 'AdvancedCronJob', rule(NO_STATUS, stoppedBy('spec.paused'), alwaysHealthy)),
  ...kinds(
    'apps.kruise.io',
    'BroadcastJob',
    rule(
      'not started yet',
      stoppedBy('spec.paused'),
      words('status.phase', { Healthy: 'completed', Degraded: 'failed', Suspended: 'paused', Progressing: '*' }),
      conditions(['Failed=True', 'Degraded'], ['Complete=True', 'Healthy']),
    ),
  ),
  ...kinds(
    'rollouts.kruise.io',
    'Rollout',
    rule(
      NO_STATUS,
      words(
        'status.phase',
        { Healthy: 'Healthy', Suspended: 'Disabled', Progressing: 'Initial|Terminating|Disabling' },
        'status.message',
      ),
      words('status.currentStepState', { Suspended: 'StepPaused' }, 'status.message'),
      words('status.canaryStatus.currentStepState', { Suspended: 'StepPaused' }, 'status.message'),
      words('status.blueGreenStatus.currentStepState', { Suspended: 'StepPaused' }, 'status.message'),
      words('status.phase', { Progressing: 'Progressing' }, 'status.message'),
    ),
  ),
  ...kinds('tekton.dev', 'CustomRun PipelineRun TaskRun', succeeded),
  ...kinds(
    'operator.tekton.dev',
    '*',
    rule('not ready yet', conditions(['Ready=False', 'Degraded'], ['Ready=True', 'Healthy'])),
  ),
  ...kinds(
    'serving.knative.dev',
    '*',
    rule('not ready yet', conditions(['Ready=False', 'Degraded'], ['Ready=True', 'Healthy'])),
  ),
  ...kinds(
    'eventing.knative.dev',
    '*',
    rule('not ready yet', conditions(['Ready=False', 'Degraded'], ['Ready=True', 'Healthy'])),
  ),
  ...kinds(
    'serving.kserve.io',
    'InferenceService',
    rule(
      'not ready yet',
      conditions(['Stopped=True', 'Suspended'], ['Ready=False', 'Degraded'], ['Ready=True', 'Healthy']),
    ),
  ),
  ...kinds(
    'camel.apache.org',
    'Integration',
    rule(
      NO_STATUS,
      words('status.phase', { Healthy: 'Running', Degraded: 'Error', Progressing: '*' }),
      conditions(['Ready=False', 'Degraded']),
    ),
  ),
  ...kinds(
    'k6.io',
    'TestRun',
    rule('not started yet', words('status.stage', { Healthy: 'finished', Degraded: 'error', Progressing: '*' })),
  ),
};
