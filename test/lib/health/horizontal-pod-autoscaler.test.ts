import { condition, judged, kind, type Row } from './objects.ts';

const autoscaler = kind('autoscaling/v2', 'HorizontalPodAutoscaler');

const able = condition('AbleToScale=True', 'ReadyForNewScale', 'recommended size matches current size');
const conditions = (...list: readonly unknown[]) => autoscaler({ status: { conditions: list } });
const noMetric = (reason: string) => condition('ScalingActive=False', reason, 'unable to get metrics');

const rows: readonly Row[] = [
  ['is able to scale', conditions(able), 'Healthy', ''],
  ['is at its limit', conditions(condition('ScalingLimited=True', 'TooManyReplicas')), 'Healthy', ''],
  ['has no conditions', autoscaler({ status: {} }), 'Progressing', 'the autoscaler has not evaluated its target yet'],
  [
    'has not looked at its target',
    conditions(condition('AbleToScale=False', 'BackoffBoth')),
    'Progressing',
    'the autoscaler has not evaluated its target yet',
  ],
  [
    'has an outdated status',
    autoscaler({ status: { observedGeneration: 1, conditions: [able] } }),
    'Progressing',
    'the controller has not observed the change yet',
  ],
  [
    'finds no target',
    conditions(condition('AbleToScale=False', 'FailedGetScale', 'deployments.apps "api" not found')),
    'Degraded',
    'deployments.apps "api" not found',
  ],
  [
    'may not scale its target',
    conditions(condition('AbleToScale=False', 'FailedUpdateScale', 'forbidden')),
    'Degraded',
    'forbidden',
  ],
  [
    'has a target without selector',
    conditions(able, condition('ScalingActive=False', 'InvalidSelector', 'the selector is missing')),
    'Degraded',
    'the selector is missing',
  ],
  [
    'is switched off by 0 replicas',
    conditions(able, condition('ScalingActive=False', 'ScalingDisabled')),
    'Healthy',
    '',
  ],
  ...['Resource', 'ContainerResource', 'Object', 'Pods', 'External'].map(
    (source): Row => [
      `gets no ${source} metric`,
      conditions(able, noMetric(`FailedGet${source}Metric`)),
      'Degraded',
      'unable to get metrics',
    ],
  ),
  [
    'cannot compute its replicas',
    conditions(able, noMetric('FailedComputeMetricsReplicas')),
    'Degraded',
    'unable to get metrics',
  ],
];

test.each(rows)('a HorizontalPodAutoscaler that %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});

const since = '2026-09-01T10:00:00Z';

test.each([
  ['a minute', 60, 'Progressing'],
  ['six minutes', 360, 'Degraded'],
] as const)('a HorizontalPodAutoscaler that got no metric for %s is %s', (_title, seconds, status) => {
  const blind = conditions(able, { ...noMetric('FailedGetResourceMetric'), lastTransitionTime: since });
  const now = Date.parse(since) + seconds * 1000;
  const [health, wanted] = judged(['', blind, status, 'unable to get metrics'], { now });
  expect(health).toEqual(wanted);
});

const v1 = (json: string | undefined) =>
  kind(
    'autoscaling/v1',
    'HorizontalPodAutoscaler',
  )({
    metadata: json === undefined ? {} : { annotations: { 'autoscaling.alpha.kubernetes.io/conditions': json } },
    status: { currentReplicas: 1 },
  });

const v1Rows: readonly Row[] = [
  ['is able to scale', v1(JSON.stringify([able])), 'Healthy', ''],
  [
    'finds no target',
    v1(JSON.stringify([condition('AbleToScale=False', 'FailedGetScale', 'not found')])),
    'Degraded',
    'not found',
  ],
  ['has no annotation', v1(undefined), 'Progressing', 'the autoscaler has not evaluated its target yet'],
  ['has an annotation that is no list', v1('{}'), 'Progressing', 'the autoscaler has not evaluated its target yet'],
];

test.each(v1Rows)('a HorizontalPodAutoscaler of version 1 that %s is judged', (...row) => {
  const [health, wanted] = judged(row);
  expect(health).toEqual(wanted);
});

test('a HorizontalPodAutoscaler whose annotation is no JSON is Unknown', () => {
  const [health] = judged(['', v1('{'), 'Unknown', '']);
  expect(health).toEqual({
    status: 'Unknown',
    message: expect.stringMatching(/^HorizontalPodAutoscaler has an unexpected shape: .*JSON/),
  });
});
