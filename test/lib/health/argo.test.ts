import { condition, judged, kind, type Row } from './objects.ts';

const rollout = kind('argoproj.io/v1alpha1', 'Rollout');
const application = kind('argoproj.io/v1alpha1', 'Application');
const workflow = kind('argoproj.io/v1alpha1', 'Workflow');

const seen = { observedGeneration: '2' };
const referring = (observed: string | undefined) => ({
  metadata: { annotations: { 'rollout.argoproj.io/workload-generation': '5' } },
  spec: { workloadRef: { kind: 'Deployment', name: 'api' } },
  status: { ...seen, phase: 'Healthy', ...(observed && { workloadObservedGeneration: observed }) },
});

const rows: readonly Row[] = [
  ['Rollout that is healthy', rollout({ status: { ...seen, phase: 'Healthy' } }), 'Healthy', ''],
  [
    'Rollout that is progressing',
    rollout({ status: { ...seen, phase: 'Progressing', message: 'more replicas need to be updated' } }),
    'Progressing',
    'more replicas need to be updated',
  ],
  [
    'Rollout that is paused',
    rollout({ status: { ...seen, phase: 'Paused', message: 'CanaryPauseStep' } }),
    'Suspended',
    'CanaryPauseStep',
  ],
  [
    'Rollout that was aborted',
    rollout({ status: { ...seen, phase: 'Degraded', message: 'RolloutAborted: aborted' } }),
    'Degraded',
    'RolloutAborted: aborted',
  ],
  [
    'Rollout with an invalid specification',
    rollout({ status: { ...seen, conditions: [condition('InvalidSpec=True', '', 'no strategy')] } }),
    'Degraded',
    'no strategy',
  ],
  ['Rollout without phase', rollout({ status: seen }), 'Progressing', 'its controller has not set a phase yet'],
  ['Rollout without status', rollout({}), 'Progressing', 'the controller has not observed the change yet'],
  [
    'Rollout that is not observed',
    rollout({ status: { observedGeneration: '1', phase: 'Healthy' } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'Rollout whose workload is not observed',
    rollout(referring('4')),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'Rollout whose workload was never observed',
    rollout(referring(undefined)),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  ['Rollout whose workload is observed', rollout(referring('5')), 'Healthy', ''],
  [
    'Application that is degraded',
    application({ status: { health: { status: 'Degraded', message: 'api' } } }),
    'Degraded',
    'api',
  ],
  ['Application that is healthy', application({ status: { health: { status: 'Healthy' } } }), 'Healthy', ''],
  ['Application without status', application({}), 'Progressing', 'not reconciled yet'],
  ['Workflow that is not started', workflow({}), 'Progressing', 'not started yet'],
  ['Workflow that runs', workflow({ status: { phase: 'Running' } }), 'Progressing', 'Running'],
  ['Workflow that succeeded', workflow({ status: { phase: 'Succeeded' } }), 'Healthy', ''],
  [
    'Workflow that failed',
    workflow({ status: { phase: 'Failed', message: 'child failed' } }),
    'Degraded',
    'child failed',
  ],
  [
    'Workflow with an error',
    workflow({ status: { phase: 'Error', message: 'no such template' } }),
    'Degraded',
    'no such template',
  ],
  [
    'Workflow in a phase that nobody knows',
    workflow({ status: { phase: 'constructor' } }),
    'Unknown',
    'phase constructor',
  ],
];

test.each(rows)('an Argo %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
