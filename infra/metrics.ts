// The metrics of alarms and dashboard: the deployer's own, which it writes to its log, and those of the services that it uses.

import type { Duration } from 'aws-cdk-lib';
import { Metric, type MetricProps, Stats } from 'aws-cdk-lib/aws-cloudwatch';

/** What the deployer writes: aggregates over all applications. */
export const OWN_METRICS = [
  'applicationsDrifted',
  'objectsDrifted',
  'scanAgeSeconds',
  'scanSeconds',
  'clustersUnreachable',
  'applicationsDegraded',
  'syncsFailed',
  'syncSeconds',
  'webhookSignatureFailures',
] as const;

export type OwnMetric = (typeof OWN_METRICS)[number];

type Window = { readonly period: Duration; readonly statistic?: string; readonly label?: string };

/** One of the deployer's own metrics. */
export function ownMetric(name: OwnMetric, { statistic = Stats.SUM, ...window }: Window): Metric {
  return new Metric({
    namespace: 'Driftless',
    metricName: name,
    dimensionsMap: { service: 'driftless' },
    statistic,
    ...window,
  });
}

/** A Lambda metric of a function. */
export function functionMetric(
  functionName: string,
  name: string,
  { statistic = Stats.SUM, ...window }: Window,
): Metric {
  const props: MetricProps = {
    namespace: 'AWS/Lambda',
    metricName: name,
    dimensionsMap: { FunctionName: functionName },
    statistic,
    ...window,
  };
  return new Metric(props);
}
