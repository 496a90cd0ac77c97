import { createEmfMetrics } from '../../../lib/aws/emf-metrics.ts';

const written = () => {
  const lines: string[] = [];
  return { lines, metrics: createEmfMetrics({ write: (line) => void lines.push(line) }) };
};

test('metrics are one line of the log that CloudWatch reads, each with its unit', () => {
  const { lines, metrics } = written();
  metrics.put({ applicationsDrifted: 2, scanSeconds: 1.5 });
  expect(lines).toEqual([expect.stringMatching(/^\{.*\}\n$/)]);
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    _aws: {
      Timestamp: expect.any(Number),
      CloudWatchMetrics: [
        {
          Namespace: 'Driftless',
          Dimensions: [['service']],
          Metrics: [
            { Name: 'applicationsDrifted', Unit: 'Count' },
            { Name: 'scanSeconds', Unit: 'Seconds' },
          ],
        },
      ],
    },
    service: 'driftless',
    applicationsDrifted: 2,
    scanSeconds: 1.5,
  });
});

test('a line has nothing of the one before, and nothing makes no line', () => {
  const { lines, metrics } = written();
  metrics.put({ syncsFailed: 1 });
  metrics.put({});
  metrics.put({ syncsFailed: 0 });
  expect(lines.map((line) => JSON.parse(line).syncsFailed)).toEqual([1, 0]);
});
