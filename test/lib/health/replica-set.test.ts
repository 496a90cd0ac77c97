import { condition, judged, kind, type Row } from './objects.ts';

const replicaSet = kind('apps/v1', 'ReplicaSet');
const controller = kind('v1', 'ReplicationController');
const three = { replicas: 3 };
const rolledOut = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 };
const quota = condition('ReplicaFailure=True', 'FailedCreate', 'pods "api-x" is forbidden: exceeded quota: pods=3');
const replicaSets: readonly Row[] = [replicaSet, controller].flatMap((make): readonly Row[] => [
  ['all pods are available', make({ spec: three, status: rolledOut }), 'Healthy', ''],
  ['it has no status yet', make({ spec: three }), 'Progressing', 'the controller has not observed the change yet'],
  [
    'the controller has not seen the change',
    make({ spec: three, status: { ...rolledOut, observedGeneration: 1 } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'a pod is not available',
    make({ spec: three, status: { ...rolledOut, availableReplicas: 2 } }),
    'Progressing',
    '2 of 3 pods are available',
  ],
  [
    'it is being scaled down',
    make({ spec: three, status: { ...rolledOut, replicas: 4 } }),
    'Progressing',
    'excess pods remaining: 1',
  ],
  [
    'a quota forbids its pods',
    make({ spec: three, status: { ...rolledOut, conditions: [quota] } }),
    'Degraded',
    'pods "api-x" is forbidden: exceeded quota: pods=3',
  ],
]);

test.each(replicaSets)('a ReplicaSet or ReplicationController where %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
