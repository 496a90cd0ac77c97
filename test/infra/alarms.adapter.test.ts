import { readFileSync } from 'node:fs';
import { OWN_METRICS } from '../../infra/metrics.ts';
import { createEmfMetrics } from '../../lib/aws/emf-metrics.ts';
import type { MetricName } from '../../lib/ports/runtime.ts';
import { FULL } from './contexts.ts';
import { ofType, only, type Resources, synthesize } from './synthesized.ts';

type Metric = {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
};

type Alarm = {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly TreatMissingData: string;
  readonly AlarmActions: readonly unknown[];
  readonly OKActions: readonly unknown[];
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly Period?: number;
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric: Metric } }[];
} & Partial<Metric>;

const resources: Resources =
  synthesize({ ...FULL, runbook: 'https://wiki.example.com/runbook', scanMinutes: 10 })['driftless'] ?? {};
const alarms = ofType(resources, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties as unknown as Alarm);
const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const sections = runbook.split(/^## /m).slice(1);

const idOf = ({ AlarmName }: Alarm) => AlarmName.replace(/^driftless-/, '');
const alarm = (id: string) => alarms.find((one) => idOf(one) === id);
const slug = (heading: string) => heading.toLowerCase().replaceAll(' ', '-');

/** A metric by all that tells it from others. */
function keyOf({ Namespace, MetricName, Dimensions = [] }: Metric): string {
  return [Namespace, MetricName, ...Dimensions.map(({ Name, Value }) => `${Name}=${String(Value)}`)].join(' ');
}

function metricsOf(one: Alarm): readonly Metric[] {
  const stats = (one.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
  const { Namespace, MetricName, Dimensions } = one;
  if (Namespace === undefined || MetricName === undefined) return stats;
  return [{ Namespace, MetricName, ...(Dimensions && { Dimensions }) }];
}

test('docs/runbook.md has a section for every alarm, and for no other, in their order', () => {
  expect(sections.map((section) => slug(section.split('\n', 1)[0] ?? ''))).toEqual(alarms.map(idOf));
  for (const section of sections)
    for (const part of ['What it means', 'How to investigate', 'What to do'])
      expect(section).toContain(`\n**${part}.** `);
});

test('every alarm links its section, and tells people when it goes off and when it is over', () => {
  for (const one of alarms) {
    expect(one.AlarmDescription).toMatch(
      new RegExp(`^[A-Z].*\\. Runbook: https://wiki\\.example\\.com/runbook#${idOf(one)}$`),
    );
    const topic = { Ref: expect.stringMatching(/^NotificationsTopic/) };
    expect(one).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
  }
});

test('the pages and sections that the runbook points to exist', () => {
  const links = [...runbook.matchAll(/\]\(([^)#]*)(#[^)]+)?\)/g)];
  expect(links.length).toBeGreaterThan(5);
  for (const [, file, anchor] of links) {
    const page = file === '' ? runbook : readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
    const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => `#${slug(heading)}`);
    if (anchor !== undefined) expect(anchors).toContain(anchor);
  }
});

test('a scan that does not happen is an alarm; where it does not, other findings of scans stay as they are', () => {
  expect(alarm('last-scan-too-old')).toMatchObject({
    TreatMissingData: 'breaching',
    EvaluationPeriods: 3,
    Period: 600,
    Threshold: 1800,
  });
  const byMissing = Map.groupBy(alarms, ({ TreatMissingData }) => TreatMissingData);
  expect(byMissing.get('ignore')?.map(idOf)).toEqual(['drift-found', 'unreachable-clusters', 'dead-letters']);
  expect(byMissing.get('breaching')).toHaveLength(1);
  expect(byMissing.get('notBreaching')).toHaveLength(alarms.length - 4);
});

test('errors and throttles are those of every function', () => {
  const functions = ofType(resources, 'AWS::Lambda::Function').map(({ Properties }) => Properties['FunctionName']);
  for (const id of ['function-errors', 'function-throttles']) {
    const one = alarm(id);
    const watched = one === undefined ? [] : metricsOf(one).map(({ Dimensions }) => Dimensions?.[0]?.Value);
    expect(watched).toEqual(functions);
  }
});

test('the alarms and the dashboard look at the metrics that the deployer writes', () => {
  const lines: string[] = [];
  const all: readonly MetricName[] = OWN_METRICS;
  createEmfMetrics({ write: (line) => lines.push(line) }).put(Object.fromEntries(all.map((name) => [name, 1])));
  const emf: {
    _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
    service: string;
  } = JSON.parse(lines[0] ?? '');
  const written = emf._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.map(({ Name }) =>
      keyOf({
        Namespace,
        MetricName: Name,
        Dimensions: Dimensions.flat().map((dimension) => ({ Name: dimension, Value: Reflect.get(emf, dimension) })),
      }),
    ),
  );
  expect(written).toHaveLength(OWN_METRICS.length);
  const watched = alarms.flatMap(metricsOf).filter(({ Namespace }) => Namespace === 'Driftless');
  expect(watched.length).toBeGreaterThan(4);
  for (const metric of watched) expect(written).toContain(keyOf(metric));
  const dashboard = JSON.stringify(only(resources, 'AWS::CloudWatch::Dashboard')['DashboardBody']).replaceAll(
    '\\"',
    '"',
  );
  for (const name of OWN_METRICS) expect(dashboard).toContain(`["Driftless","${name}","service","driftless"`);
});

test('the dashboard shows every alarm and every function', () => {
  const dashboard = JSON.stringify(only(resources, 'AWS::CloudWatch::Dashboard'));
  for (const { AlarmName } of alarms) {
    const [id] = Object.entries(resources).find(([, { Properties }]) => Properties['AlarmName'] === AlarmName) ?? [''];
    expect(dashboard).toContain(`"Fn::GetAtt":["${id}","Arn"]`);
  }
  for (const { Properties } of ofType(resources, 'AWS::Lambda::Function'))
    expect(dashboard).toContain(String(Properties['FunctionName']));
});
