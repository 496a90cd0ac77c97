import { rolloutHealth } from '../../../lib/health/rollout-health.ts';
import type { KubeObject } from '../../../lib/model/kube-object.ts';
import { condition, kind } from './objects.ts';

const pull = { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "acme/api:v2"' } };
const pullMessage = 'container api: ImagePullBackOff: Back-off pulling image "acme/api:v2"';
const crash = { waiting: { reason: 'CrashLoopBackOff' } };
const creating = { waiting: { reason: 'ContainerCreating' } };

type PodParts = {
  readonly state?: unknown;
  readonly labels?: Record<string, string>;
  readonly phase?: string;
  readonly metadata?: object;
};

/** A pod of the owner with this uid. */
function pod(
  name: string,
  owner: string,
  { state = creating, labels = {}, phase = 'Pending', metadata = {} }: PodParts = {},
): KubeObject {
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Owner', name: 'owner', uid: owner, controller: true }];
  return kind(
    'v1',
    'Pod',
  )({
    metadata: { name, labels, ownerReferences, ...metadata },
    spec: { nodeName: 'node-1' },
    status: { phase, containerStatuses: [{ name: 'api', state, restartCount: 3 }] },
  });
}

function replicaSet(uid: string, revision: string): KubeObject {
  const ownerReferences = [
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api', uid: 'deployment', controller: true },
  ];
  return kind(
    'apps/v1',
    'ReplicaSet',
  )({
    metadata: { name: uid, uid, ownerReferences, annotations: { 'deployment.kubernetes.io/revision': revision } },
  });
}

const rollingOut = { observedGeneration: 2, replicas: 3, updatedReplicas: 1, availableReplicas: 2 };
const deployment = (status: object = rollingOut, metadata: object = {}) =>
  kind('apps/v1', 'Deployment')({ metadata: { uid: 'deployment', ...metadata }, spec: { replicas: 3 }, status });
const replicaSets = [replicaSet('old', '9'), replicaSet('new', '10'), replicaSet('older', '2')];
const own = '1 of 3 new pods exist';

describe('a Deployment that is being rolled out', () => {
  test.each([
    ['has no pod yet', [], 'Progressing', own],
    ['has a new pod that is being created', [pod('api-new', 'new')], 'Progressing', own],
    [
      'has a new pod without image',
      [pod('api-new', 'new', { state: pull })],
      'Degraded',
      `Pod api-new: ${pullMessage}`,
    ],
    [
      'has a new pod that crashes',
      [pod('api-new', 'new', { state: crash })],
      'Degraded',
      'Pod api-new: container api: CrashLoopBackOff: restarts: 3',
    ],
    [
      'has a broken pod of the old revision',
      [pod('api-old', 'old', { state: crash }), pod('api-new', 'new')],
      'Progressing',
      own,
    ],
    [
      'has a broken new pod that is going away',
      [pod('api-new', 'new', { state: pull, metadata: { deletionTimestamp: '2026-09-01T10:00:00Z' } })],
      'Progressing',
      own,
    ],
    ['has neighbours without image', [pod('other', 'somebody', { state: pull })], 'Progressing', own],
    [
      'has a new pod that was evicted beside one that starts',
      [pod('api-a', 'new', { phase: 'Failed' }), pod('api-b', 'new')],
      'Progressing',
      own,
    ],
    [
      'has only new pods that failed',
      [pod('api-a', 'new', { phase: 'Failed' })],
      'Degraded',
      'Pod api-a: the pod failed',
    ],
  ] as const)('and %s is judged', (_situation, pods, status, message) => {
    expect(rolloutHealth({ workload: deployment(), pods, replicaSets })).toMatchObject({ status, message });
  });
});

const broken = [pod('api-new', 'new', { state: pull })];

test.each([
  [
    'that is complete',
    deployment({ ...rollingOut, updatedReplicas: 3, availableReplicas: 3 }),
    replicaSets,
    'Healthy',
    '',
  ],
  [
    'that is not observed',
    deployment({ ...rollingOut, observedGeneration: 1 }),
    replicaSets,
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'that is being deleted',
    deployment(rollingOut, { deletionTimestamp: '2026-09-01T10:00:00Z' }),
    replicaSets,
    'Progressing',
    'being deleted',
  ],
  ['whose ReplicaSets are not there', deployment(), [], 'Progressing', own],
  ['that never was on a server', deployment(rollingOut, { uid: undefined }), replicaSets, 'Progressing', own],
] as const)('a broken pod says nothing of a Deployment %s', (_situation, workload, sets, status, message) => {
  expect(rolloutHealth({ workload, pods: broken, replicaSets: sets })).toMatchObject({ status, message });
});

const since = '2026-09-01T10:00:00Z';
const unscheduled = kind(
  'v1',
  'Pod',
)({
  metadata: {
    name: 'api-new',
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'new', uid: 'new' }],
  },
  status: {
    phase: 'Pending',
    conditions: [
      { ...condition('PodScheduled=False', 'Unschedulable', '0/3 nodes: insufficient cpu'), lastTransitionTime: since },
    ],
  },
});
const noNode = 'Pod api-new: Unschedulable: 0/3 nodes: insufficient cpu';

test.each([
  ['a minute waits, and says for what', 60, 'Progressing', `${own}; ${noNode}`],
  ['six minutes has failed', 360, 'Degraded', noNode],
] as const)('a rollout whose pod finds no node for %s', (_title, seconds, status, message) => {
  const now = Date.parse(since) + seconds * 1000;
  expect(rolloutHealth({ workload: deployment(), pods: [unscheduled], replicaSets }, { now })).toMatchObject({
    status,
    message,
  });
});

const statefulSet = kind(
  'apps/v1',
  'StatefulSet',
)({
  metadata: { uid: 'set' },
  spec: { replicas: 2, updateStrategy: { rollingUpdate: { partition: 0 } } },
  status: { observedGeneration: 2, replicas: 2, readyReplicas: 1, updateRevision: 'db-2', currentRevision: 'db-1' },
});
const ofRevision = (revision: string, state: unknown = creating) => ({
  state,
  labels: { 'controller-revision-hash': revision },
});
const waits = '1 of 2 pods are ready';

test.each([
  [
    'of the new revision cannot run',
    [pod('db-1', 'set', ofRevision('db-2', pull))],
    'Degraded',
    `Pod db-1: ${pullMessage}`,
  ],
  ['of the new revision is starting', [pod('db-1', 'set', ofRevision('db-2'))], 'Progressing', waits],
  [
    'of the old revision stands in the way',
    [pod('db-1', 'set', ofRevision('db-1', pull))],
    'Progressing',
    `${waits}; waiting for Pod db-1: ${pullMessage}; delete this old pod if it does not recover`,
  ],
] as const)('a StatefulSet whose pod %s is judged', (_situation, pods, status, message) => {
  expect(rolloutHealth({ workload: statefulSet, pods })).toMatchObject({ status, message });
});

const daemonSet = kind(
  'apps/v1',
  'DaemonSet',
)({
  metadata: { uid: 'agents', annotations: { 'deprecated.daemonset.template.generation': '7' } },
  status: { observedGeneration: 2, desiredNumberScheduled: 2, updatedNumberScheduled: 1, numberAvailable: 1 },
});
const ofTemplate = (generation: string, state: unknown) => ({
  state,
  labels: { 'pod-template-generation': generation },
});

test.each([
  [
    'of the new template cannot run',
    [pod('agent-a', 'agents', ofTemplate('7', crash))],
    'Degraded',
    'Pod agent-a: container api: CrashLoopBackOff: restarts: 3',
  ],
  [
    'of the old template cannot run',
    [pod('agent-a', 'agents', ofTemplate('6', crash))],
    'Progressing',
    '1 of 2 nodes have the new pod',
  ],
] as const)('a DaemonSet whose pod %s is judged', (_situation, pods, status, message) => {
  expect(rolloutHealth({ workload: daemonSet, pods })).toMatchObject({ status, message });
});

const job = kind('batch/v1', 'Job')({ metadata: { uid: 'job' }, spec: { completions: 1 }, status: { active: 1 } });
const runs = 'pods running: 1, succeeded: 0 of 1';

test.each([
  ['cannot start', [pod('job-x', 'job', { state: pull })], 'Degraded', `Pod job-x: ${pullMessage}`],
  ['crashes, which the job itself counts', [pod('job-x', 'job', { state: crash })], 'Progressing', runs],
  ['has failed, which the job itself counts', [pod('job-x', 'job', { phase: 'Failed' })], 'Progressing', runs],
] as const)('a Job whose pod %s is judged', (_situation, pods, status, message) => {
  expect(rolloutHealth({ workload: job, pods })).toMatchObject({ status, message });
});

test.each(['apps/v1/ReplicaSet', 'v1/ReplicationController'])('a %s whose pod cannot start is Degraded', (key) => {
  const make = kind(key.slice(0, key.lastIndexOf('/')), key.slice(key.lastIndexOf('/') + 1));
  const workload = make({ metadata: { uid: 'set' }, status: { observedGeneration: 2 } });
  const pods = [pod('api-x', 'set', { state: pull })];
  expect(rolloutHealth({ workload, pods })).toMatchObject({ status: 'Degraded', message: `Pod api-x: ${pullMessage}` });
});

test('a pod of another namespace that names the same owner does not count', () => {
  const crashing = pod('api-1', 'new', { state: crash });
  const foreign = { ...crashing, metadata: { ...crashing.metadata, namespace: 'elsewhere' } };
  expect(rolloutHealth({ workload: deployment(), pods: [crashing], replicaSets }).status).toBe('Degraded');
  expect(rolloutHealth({ workload: deployment(), pods: [foreign], replicaSets }).status).toBe('Progressing');
});
