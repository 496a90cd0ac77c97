// Metrics that the deployer writes: alarms, dashboards and people's own graphs go by their names.

import { OWN_METRICS } from '../../infra/own-metrics.ts';
import { createEmfMetrics } from '../../lib/aws/emf-metrics.ts';
import { scanMetrics } from '../../lib/drift/scan-metrics.ts';
import { operationMetrics } from '../../lib/sync/operation/metrics.ts';

const UNITS = {
  applicationsDrifted: 'Count',
  objectsDrifted: 'Count',
  scanAgeSeconds: 'Seconds',
  scanSeconds: 'Seconds',
  clustersUnreachable: 'Count',
  applicationsDegraded: 'Count',
  syncsFailed: 'Count',
  syncSeconds: 'Seconds',
  webhookSignatureFailures: 'Count',
} as const;

test('each is written under its name and unit, with one dimension', () => {
  const lines: string[] = [];
  createEmfMetrics({ write: (line) => void lines.push(line) }).put(
    Object.fromEntries(Object.keys(UNITS).map((name) => [name, 1])),
  );
  expect(JSON.parse(lines[0] ?? '')._aws.CloudWatchMetrics).toEqual([
    {
      Namespace: 'Driftless',
      Dimensions: [['service']],
      Metrics: Object.entries(UNITS).map(([Name, Unit]) => ({ Name, Unit })),
    },
  ]);
});

test('alarms and dashboard know these', () => {
  expect(OWN_METRICS).toEqual(Object.keys(UNITS));
});

test('a scan and an operation measure these', () => {
  const cluster = {
    cluster: 'prod',
    status: 'scanned',
    applications: 1,
    applicationsDrifted: 0,
    objectsDrifted: 0,
    orphans: 0,
    corrections: 0,
    ms: 1000,
  } as const;
  const ofScan = scanMetrics({ scan: 'scan-1', ms: 1000, clusters: [cluster] }, { before: new Map(), now: 0 });
  expect(Object.keys(ofScan).toSorted()).toEqual([
    'applicationsDrifted',
    'clustersUnreachable',
    'objectsDrifted',
    'scanAgeSeconds',
    'scanSeconds',
  ]);
  const operation = {
    app: 'shop',
    seq: 1,
    trigger: { kind: 'push' },
    phase: 'done',
    outcome: { status: 'synced', message: '' },
    requestedAt: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: '2026-01-01T00:00:01.000Z',
  } as const;
  expect(Object.keys(operationMetrics(operation)).toSorted()).toEqual([
    'applicationsDegraded',
    'syncSeconds',
    'syncsFailed',
  ]);
});
