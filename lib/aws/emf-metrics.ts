import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { MetricName, Metrics } from '../ports/runtime.ts';

type EmfOptions = {
  /** Takes a line of the function's log, where CloudWatch finds the metrics; standard output by default. */
  readonly write?: (line: string) => void;
};

/** One dimension, the same for all: aggregates over every application, since each further series costs. */
const NAMESPACE = 'Driftless';
const SERVICE = 'driftless';

/** Metrics as lines of the log, in CloudWatch's embedded metric format: no call, no time. */
export function createEmfMetrics({ write = (line) => void process.stdout.write(line) }: EmfOptions = {}): Metrics {
  const metrics = new PowertoolsMetrics({ namespace: NAMESPACE, serviceName: SERVICE });
  return {
    put: (values) => {
      for (const [name, value] of Object.entries(values)) metrics.addMetric(name, unitOf(name as MetricName), value);
      if (!metrics.hasStoredMetrics()) return;
      write(`${JSON.stringify(metrics.serializeMetrics())}\n`);
      metrics.clearMetrics();
    },
  };
}

function unitOf(name: MetricName): (typeof MetricUnit)['Seconds' | 'Count'] {
  return name.endsWith('Seconds') ? MetricUnit.Seconds : MetricUnit.Count;
}
