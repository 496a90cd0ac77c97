import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionMetric, type OwnMetric, ownMetric } from '../../metrics.ts';

type Options = {
  readonly name: string;
  readonly alarms: readonly Alarm[];
  readonly functionNames: readonly string[];
  readonly sync: string;
  readonly deadLetters: Queue;
};

const period = Duration.minutes(5);

/** One page with the state of the deployer and of the clusters. */
export class Overview extends Construct {
  constructor(scope: Construct, id: string, { name, alarms, functionNames, sync, deadLetters }: Options) {
    super(scope, id);
    const own = (metric: OwnMetric, statistic: string = Stats.MAXIMUM) => ownMetric(metric, { period, statistic });
    const ofEach = (metric: string, statistic: string = Stats.SUM) =>
      functionNames.map((each) => functionMetric(each, metric, { period, statistic, label: each }));
    const ofSync = (metric: string) => functionMetric(sync, metric, { period });
    new Dashboard(this, 'Dashboard', {
      dashboardName: name,
      defaultInterval: Duration.hours(12),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 3 })],
        [
          graph('Failed operations', [own('syncsFailed', Stats.SUM)]),
          graph('Operation duration (seconds)', [own('syncSeconds', Stats.AVERAGE), own('syncSeconds', 'p95')]),
          graph(
            'Durable executions',
            ['Started', 'Succeeded', 'Failed', 'TimedOut'].map((end) => ofSync(`DurableExecution${end}`)),
          ),
        ],
        [
          graph('Drift and health', [
            own('applicationsDrifted'),
            own('objectsDrifted'),
            own('applicationsDegraded'),
            own('clustersUnreachable'),
          ]),
          graph('Scan duration and age of the last scan (seconds)', [own('scanSeconds'), own('scanAgeSeconds')]),
          graph('Webhook signature failures', [own('webhookSignatureFailures', Stats.SUM)]),
        ],
        [
          graph('Invocations', ofEach('Invocations')),
          graph('Errors and throttles', [...ofEach('Errors'), ...ofEach('Throttles')]),
          graph('Duration p95 (milliseconds)', ofEach('Duration', 'p95')),
        ],
        [
          graph('Dead letters', [
            deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
          ]),
        ],
      ],
    });
  }
}

function graph(title: string, left: readonly IMetric[]): IWidget {
  return new GraphWidget({ title, left: [...left], width: 8, height: 6 });
}
