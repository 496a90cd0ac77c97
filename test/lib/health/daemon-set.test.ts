import { judged, kind, type Row } from './objects.ts';

const daemonSet = kind('apps/v1', 'DaemonSet');
const everywhere = { observedGeneration: 2, desiredNumberScheduled: 4, updatedNumberScheduled: 4, numberAvailable: 4 };

const daemonSets: readonly Row[] = [
  ['every node has its new pod', daemonSet({ spec: {}, status: everywhere }), 'Healthy', ''],
  [
    'no node wants it',
    daemonSet({ spec: {}, status: { observedGeneration: 2, desiredNumberScheduled: 0 } }),
    'Healthy',
    '',
  ],
  ['it has no status yet', daemonSet({ spec: {} }), 'Progressing', 'the controller has not observed the change yet'],
  [
    'the controller has not seen the change',
    daemonSet({ spec: {}, status: { ...everywhere, observedGeneration: 1 } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'a node has the old pod',
    daemonSet({ spec: {}, status: { ...everywhere, updatedNumberScheduled: 3 } }),
    'Progressing',
    '3 of 4 nodes have the new pod',
  ],
  [
    'a pod is not available',
    daemonSet({ spec: {}, status: { ...everywhere, numberAvailable: 2 } }),
    'Progressing',
    '2 of 4 nodes have an available pod',
  ],
  [
    'pods are replaced by hand',
    daemonSet({ spec: { updateStrategy: { type: 'OnDelete' } }, status: { ...everywhere, updatedNumberScheduled: 0 } }),
    'Healthy',
    '',
  ],
  [
    'a number is text',
    daemonSet({ spec: {}, status: { ...everywhere, numberAvailable: 'all' } }),
    'Unknown',
    'DaemonSet has an unexpected shape: status.numberAvailable: Invalid input: expected number, received string',
  ],
];

test.each(daemonSets)('a DaemonSet where %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
