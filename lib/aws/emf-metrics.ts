import { MetricUnit, Metrics as PowertoolsMetrics } from '@aws-lambda-powertools/metrics';
import type { MetricName, Metrics } from '../ports/runtime.ts';

type EmfOptions = {
  /** Writes a line to the function's log, from which CloudWatch reads the metrics; standard output by default. */
  readonly write?: (line: string) => void;
};

/** One dimension for all metrics, aggregated over all applications, since each additional series costs money. */
const NAMESPACE = 'Driftless';
const SERVICE = 'driftless';

/** Metrics as log lines in CloudWatch's embedded metric format, which needs no API call. */
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
