import { condition, judged, kind } from './objects.ts';

const autoscaler = kind('autoscaling/v2', 'HorizontalPodAutoscaler');

const able = condition('AbleToScale=True', 'ReadyForNewScale', 'recommended size matches current size');
const conditions = (...list: readonly unknown[]) => autoscaler({ status: { conditions: list } });
const noMetric = (reason: string) => condition('ScalingActive=False', reason, 'unable to get metrics');

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

test('a HorizontalPodAutoscaler whose annotation is no JSON is Unknown', () => {
  const [health] = judged(['', v1('{'), 'Unknown', '']);
  expect(health).toEqual({
    status: 'Unknown',
    message: expect.stringMatching(/^HorizontalPodAutoscaler has an unexpected shape: .*JSON/),
  });
});
