import { condition, judged, kind, type Row } from './objects.ts';

const pod = kind('v1', 'Pod');

const image = { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image "acme/api:v2"' } };
const crashed = { terminated: { exitCode: 1, reason: 'Error', message: '' } };
const up = { running: { startedAt: '2026-09-01T10:00:00Z' } };
const notReady = condition('Ready=False', 'ContainersNotReady', 'containers with unready status: [api]');

type Container = { state?: unknown; lastState?: unknown; restartCount?: number; ready?: boolean };

const container = (parts: Container, name = 'api') => ({
  name,
  ready: false,
  restartCount: 0,
  state: {},
  lastState: {},
  ...parts,
});
const waits = (reason: string, message = '') => ({ state: { waiting: { reason, message } } });
const running = (parts: Container, conditions: readonly unknown[] = [notReady]) =>
  pod({ status: { phase: 'Running', conditions, containerStatuses: [container(parts)] } });
const pending = (parts: Container) => pod({ status: { phase: 'Pending', containerStatuses: [container(parts)] } });
const finite = (restartPolicy: string, status: unknown) => pod({ spec: { restartPolicy }, status });

const rows: readonly Row[] = [
  ['all containers are ready', running({ state: up, ready: true }, [condition('Ready=True')]), 'Healthy', ''],
  ['it has no status', pod({}), 'Progressing', 'no status yet'],
  [
    'its containers are being created',
    pending(waits('ContainerCreating')),
    'Progressing',
    'its containers are being started',
  ],
  ['a container is not ready', running({ state: up }), 'Progressing', 'containers with unready status: [api]'],
  ['nothing is said of its readiness', running({ state: up }, []), 'Progressing', 'not ready yet'],
  [
    'its image cannot be pulled',
    pending({ state: image }),
    'Degraded',
    'container api: ImagePullBackOff: Back-off pulling image "acme/api:v2"',
  ],
  [
    'its image could not be pulled once',
    pending(waits('ErrImagePull', 'not found\nsecond line')),
    'Degraded',
    'container api: ErrImagePull: not found',
  ],
  [
    'its image has no valid name',
    pending(waits('InvalidImageName', 'invalid reference format')),
    'Degraded',
    'container api: InvalidImageName: invalid reference format',
  ],
  [
    'a ConfigMap is missing',
    pending(waits('CreateContainerConfigError', 'configmap "api" not found')),
    'Degraded',
    'container api: CreateContainerConfigError: configmap "api" not found',
  ],
  [
    'its container cannot be created',
    pending(waits('CreateContainerError', 'no command specified')),
    'Degraded',
    'container api: CreateContainerError: no command specified',
  ],
  [
    'its command does not exist',
    pending(waits('RunContainerError', 'exec: "nope": not found')),
    'Degraded',
    'container api: RunContainerError: exec: "nope": not found',
  ],
  [
    'it crashes in a loop',
    running({ ...waits('CrashLoopBackOff', 'back-off 5m0s'), lastState: crashed, restartCount: 4 }),
    'Degraded',
    'container api: CrashLoopBackOff: exit code 1, restarts: 4',
  ],
  [
    'it runs out of memory in a loop',
    running({
      ...waits('CrashLoopBackOff'),
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      restartCount: 3,
    }),
    'Degraded',
    'container api: CrashLoopBackOff: exit code 137 (OOMKilled), restarts: 3',
  ],
  [
    'it crashes in a loop and says why',
    running({
      ...waits('CrashLoopBackOff'),
      lastState: { terminated: { exitCode: 2, message: 'no database\nat main' } },
      restartCount: 1,
    }),
    'Degraded',
    'container api: CrashLoopBackOff: exit code 2, restarts: 1: no database',
  ],
  [
    'it crashed for the first time',
    running({ state: crashed }),
    'Progressing',
    'containers with unready status: [api]',
  ],
  [
    'it crashed once and runs again',
    running({ state: up, lastState: crashed, restartCount: 1 }),
    'Progressing',
    'containers with unready status: [api]',
  ],
  [
    'it crashed again and again, and runs for a moment',
    running({ state: up, lastState: crashed, restartCount: 2 }),
    'Degraded',
    'container api: keeps crashing: exit code 1, restarts: 2',
  ],
  [
    'it has just crashed for the third time',
    running({ state: crashed, lastState: crashed, restartCount: 2 }),
    'Degraded',
    'container api: keeps crashing: exit code 1, restarts: 2',
  ],
  [
    'it crashed long ago and is unready for a moment',
    running({ state: up, lastState: crashed, restartCount: 7 }, [
      { ...notReady, lastTransitionTime: '2026-09-02T10:00:00Z' },
    ]),
    'Progressing',
    'containers with unready status: [api]',
  ],
  [
    'it crashed again before it was ready',
    running({ state: up, lastState: crashed, restartCount: 7 }, [
      { ...notReady, lastTransitionTime: '2026-09-01T09:00:00Z' },
    ]),
    'Degraded',
    'container api: keeps crashing: exit code 1, restarts: 7',
  ],
  [
    'an init container crashes in a loop',
    pod({
      status: {
        phase: 'Pending',
        initContainerStatuses: [
          container({ ...waits('CrashLoopBackOff'), lastState: crashed, restartCount: 5 }, 'migrate'),
        ],
        containerStatuses: [container(waits('PodInitializing'))],
      },
    }),
    'Degraded',
    'container migrate: CrashLoopBackOff: exit code 1, restarts: 5',
  ],
  [
    'the image of a sidecar cannot be pulled',
    pod({
      spec: { initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] },
      status: { phase: 'Pending', initContainerStatuses: [container({ state: image }, 'proxy')] },
    }),
    'Degraded',
    'container proxy: ImagePullBackOff: Back-off pulling image "acme/api:v2"',
  ],
  ['it has done its work', finite('Never', { phase: 'Succeeded' }), 'Healthy', ''],
  [
    'it has done its work at the third attempt',
    finite('OnFailure', {
      phase: 'Succeeded',
      containerStatuses: [container({ state: { terminated: { exitCode: 0 } }, lastState: crashed, restartCount: 2 })],
    }),
    'Healthy',
    '',
  ],
  [
    'it runs and will end',
    finite('Never', { phase: 'Running', conditions: [condition('Ready=True')] }),
    'Progressing',
    'running; waiting for completion',
  ],
  [
    'it runs, may be restarted, and will end',
    finite('OnFailure', { phase: 'Running', conditions: [condition('Ready=True')] }),
    'Progressing',
    'running; waiting for completion',
  ],
  [
    'it is to be judged as if it ran for ever',
    pod({
      metadata: { annotations: { 'argocd.argoproj.io/ignore-restart-policy': 'true' } },
      spec: { restartPolicy: 'Never' },
      status: { phase: 'Running', conditions: [condition('Ready=True')] },
    }),
    'Healthy',
    '',
  ],
  [
    'the image of a pod that ends cannot be pulled',
    finite('Never', { phase: 'Pending', containerStatuses: [container({ state: image })] }),
    'Degraded',
    'container api: ImagePullBackOff: Back-off pulling image "acme/api:v2"',
  ],
  [
    'it was evicted',
    pod({ status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' } }),
    'Degraded',
    'The node was low on resource: memory.',
  ],
  [
    'a container failed',
    finite('Never', {
      phase: 'Failed',
      containerStatuses: [
        container({ state: { terminated: { exitCode: 0 } } }, 'ok'),
        container({ state: { terminated: { exitCode: 3, message: 'bad flag' } } }),
      ],
    }),
    'Degraded',
    'container api: exit code 3: bad flag',
  ],
  ['it failed without a word', pod({ status: { phase: 'Failed' } }), 'Degraded', 'the pod failed'],
  ['its node does not respond', pod({ status: { phase: 'Unknown' } }), 'Unknown', 'its node does not respond'],
  [
    'it waits for a gate',
    pod({
      status: {
        phase: 'Pending',
        conditions: [condition('PodScheduled=False', 'SchedulingGated', 'Scheduling is blocked')],
      },
    }),
    'Progressing',
    'SchedulingGated: Scheduling is blocked',
  ],
  [
    'a number is text',
    running({ restartCount: 'many' as never }),
    'Unknown',
    'Pod has an unexpected shape: status.containerStatuses.0.restartCount: Invalid input: expected number, received string',
  ],
];

test.each(rows)('a Pod where %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});
