import { judged, kind, type Row } from './objects.ts';

const statefulSet = kind('apps/v1', 'StatefulSet');
const three = { replicas: 3 };
const rolledOut = { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3, readyReplicas: 3 };
const sameRevision = { currentRevision: 'api-1', updateRevision: 'api-1' };
const newRevision = { currentRevision: 'api-1', updateRevision: 'api-2' };
const partition = (n: number) => ({
  ...three,
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: n } },
});

const statefulSets: readonly Row[] = [
  [
    'all pods are ready and of one revision',
    statefulSet({ spec: three, status: { ...rolledOut, ...sameRevision } }),
    'Healthy',
    '',
  ],
  [
    'all pods are new, as the API server completes the strategy',
    statefulSet({ spec: partition(0), status: { ...rolledOut, ...sameRevision } }),
    'Healthy',
    '',
  ],
  [
    'it has no status yet',
    statefulSet({ spec: three }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'the controller has not seen the change',
    statefulSet({ spec: three, status: { ...rolledOut, ...sameRevision, observedGeneration: 1 } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'nothing says that the controller has seen it',
    statefulSet({ metadata: { generation: 0 }, spec: three, status: { readyReplicas: 3 } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'a pod is not ready',
    statefulSet({ spec: three, status: { ...rolledOut, ...sameRevision, readyReplicas: 2 } }),
    'Progressing',
    '2 of 3 pods are ready',
  ],
  [
    'a pod is not ready for long enough',
    statefulSet({
      spec: { ...three, minReadySeconds: 30 },
      status: { ...rolledOut, ...sameRevision, availableReplicas: 1 },
    }),
    'Progressing',
    '1 of 3 pods have been ready for minReadySeconds',
  ],
  [
    'it is being scaled down',
    statefulSet({ spec: three, status: { ...rolledOut, ...sameRevision, replicas: 5 } }),
    'Progressing',
    'excess pods remaining: 2',
  ],
  [
    'an old pod is still there',
    statefulSet({ spec: partition(0), status: { ...rolledOut, ...newRevision, updatedReplicas: 2 } }),
    'Progressing',
    '2 of 3 pods have the new revision',
  ],
  [
    'an old pod is still there, the strategy being left out',
    statefulSet({ spec: three, status: { ...rolledOut, ...newRevision, updatedReplicas: 2 } }),
    'Progressing',
    '2 of 3 pods have the new revision',
  ],
  [
    'all pods above the partition are new',
    statefulSet({ spec: partition(2), status: { ...rolledOut, ...newRevision, updatedReplicas: 1 } }),
    'Healthy',
    '',
  ],
  [
    'a pod above the partition is old',
    statefulSet({ spec: partition(1), status: { ...rolledOut, ...newRevision, updatedReplicas: 1 } }),
    'Progressing',
    '1 of 2 pods have the new revision',
  ],
  [
    'pods are replaced by hand',
    statefulSet({
      spec: { ...three, updateStrategy: { type: 'OnDelete' } },
      status: { ...rolledOut, ...newRevision, updatedReplicas: 0 },
    }),
    'Healthy',
    '',
  ],
  [
    'a number is text',
    statefulSet({ spec: three, status: { observedGeneration: 2, readyReplicas: '3' } }),
    'Unknown',
    'StatefulSet has an unexpected shape: status.readyReplicas: Invalid input: expected number, received string',
  ],
];

test.each(statefulSets)('a StatefulSet where %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
