import { condition, judged, kind, type Row } from './objects.ts';

const deployment = kind('apps/v1', 'Deployment');
const three = { replicas: 3 };
const rolledOut = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 };
const quota = condition('ReplicaFailure=True', 'FailedCreate', 'pods "api-x" is forbidden: exceeded quota: pods=3');
const deadline = condition(
  'Progressing=False',
  'ProgressDeadlineExceeded',
  'ReplicaSet "api-7c9" has timed out progressing.',
);

const deployments: readonly Row[] = [
  ['all pods are new and available', deployment({ spec: three, status: rolledOut }), 'Healthy', ''],
  [
    'it has no pods on purpose',
    deployment({ spec: { replicas: 0 }, status: { observedGeneration: 2 } }),
    'Healthy',
    '',
  ],
  [
    'replicas are left to the default',
    deployment({ spec: {}, status: { ...rolledOut, replicas: 1, updatedReplicas: 1, availableReplicas: 1 } }),
    'Healthy',
    '',
  ],
  [
    'it has no status yet',
    deployment({ spec: three }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'it never was on a server',
    deployment({ metadata: { generation: 0 }, spec: { replicas: 0 } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'the controller has not seen the change',
    deployment({ spec: three, status: { ...rolledOut, observedGeneration: 1 } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'an outdated status says that it failed',
    deployment({ spec: three, status: { ...rolledOut, observedGeneration: 1, conditions: [deadline] } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'a new pod does not exist yet',
    deployment({ spec: three, status: { ...rolledOut, updatedReplicas: 2 } }),
    'Progressing',
    '2 of 3 new pods exist',
  ],
  [
    'an old pod is still there',
    deployment({ spec: three, status: { ...rolledOut, replicas: 4 } }),
    'Progressing',
    'old pods remaining: 1',
  ],
  [
    'a new pod is not available',
    deployment({ spec: three, status: { ...rolledOut, availableReplicas: 2 } }),
    'Progressing',
    '2 of 3 new pods are available',
  ],
  [
    'the rollout is paused',
    deployment({ spec: { ...three, paused: true }, status: rolledOut }),
    'Suspended',
    'the rollout is paused by spec.paused',
  ],
  [
    'the rollout is paused and not observed',
    deployment({ spec: { ...three, paused: true } }),
    'Suspended',
    'the rollout is paused by spec.paused',
  ],
  [
    'the progress deadline is exceeded',
    deployment({ spec: three, status: { ...rolledOut, conditions: [deadline] } }),
    'Degraded',
    'ReplicaSet "api-7c9" has timed out progressing.',
  ],
  [
    'a quota forbids its pods',
    deployment({ spec: three, status: { ...rolledOut, updatedReplicas: 0, conditions: [quota] } }),
    'Degraded',
    'pods "api-x" is forbidden: exceeded quota: pods=3',
  ],
  [
    'a quota forbade its pods, and no longer does',
    deployment({ spec: three, status: { ...rolledOut, conditions: [{ ...quota, status: 'False' }] } }),
    'Healthy',
    '',
  ],
  [
    'a quota forbade the pods of the old ReplicaSet',
    deployment({
      spec: three,
      status: {
        ...rolledOut,
        updatedReplicas: 1,
        conditions: [
          { ...quota, lastUpdateTime: '2026-09-01T10:00:00Z' },
          { ...condition('Progressing=True', 'NewReplicaSetCreated'), lastUpdateTime: '2026-09-01T11:00:00Z' },
        ],
      },
    }),
    'Progressing',
    '1 of 3 new pods exist',
  ],
  [
    'a quota forbids the pods of the new ReplicaSet',
    deployment({
      spec: three,
      status: {
        ...rolledOut,
        updatedReplicas: 1,
        conditions: [
          { ...quota, lastUpdateTime: '2026-09-01T11:00:00Z' },
          { ...condition('Progressing=True', 'NewReplicaSetCreated'), lastUpdateTime: '2026-09-01T11:00:00Z' },
        ],
      },
    }),
    'Degraded',
    'pods "api-x" is forbidden: exceeded quota: pods=3',
  ],
  [
    'a number is text',
    deployment({ spec: { replicas: 'three' }, status: rolledOut }),
    'Unknown',
    'Deployment has an unexpected shape: spec.replicas: Invalid input: expected number, received string',
  ],
];

test.each(deployments)('a Deployment where %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
