import { Duration } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionMetric, ownMetric } from '../../metrics.ts';

type Options = {
  readonly prefix: string;
  readonly topic: ITopic;
  readonly runbook: string;
  readonly scanMinutes: number;
  readonly functionNames: readonly string[];
  readonly sync: string;
  readonly deadLetters: Queue;
  readonly api: HttpApi;
};

type AlarmRow = {
  /** Also the heading of the runbook. */
  readonly id: string;
  readonly description: string;
  readonly metric: IMetric;
  /** The threshold; 0. */
  readonly above?: number;
  /** How many periods in a row; 1. */
  readonly periods?: number;
  /** How missing data is treated; not breaching by default. */
  readonly missing?: TreatMissingData;
};

const FIVE_MINUTES = Duration.minutes(5);

/** Alarms for people, each with a heading of the runbook. */
export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, options: Options) {
    super(scope, id);
    const action = new SnsAction(options.topic);
    this.alarms = [...ofOperations(), ...ofScans(options), ...ofServices(options)].map((row) => {
      const alarm = new Alarm(this, row.id, {
        alarmName: `${options.prefix}-${row.id}`,
        alarmDescription: `${row.description}. Runbook: ${options.runbook}#${row.id}`,
        metric: row.metric,
        threshold: row.above ?? 0,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: row.periods ?? 1,
        treatMissingData: row.missing ?? TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }
}

function ofOperations(): readonly AlarmRow[] {
  return [
    {
      id: 'failed-syncs',
      description: 'Operations failed or were refused',
      metric: ownMetric('syncsFailed', { period: FIVE_MINUTES }),
    },
    {
      id: 'degraded-applications',
      description: 'Operations left applications degraded',
      metric: ownMetric('applicationsDegraded', { period: FIVE_MINUTES }),
    },
    {
      id: 'webhook-signature-failures',
      description: 'More than 10 deliveries in five minutes had a wrong or missing signature',
      metric: ownMetric('webhookSignatureFailures', { period: FIVE_MINUTES }),
      above: 10,
    },
  ];
}

/** A missing scan says nothing about drift: the state stays as it is, and the alarm last-scan-too-old goes off. */
function ofScans({ scanMinutes }: Options): readonly AlarmRow[] {
  const period = Duration.minutes(Math.max(scanMinutes, 5));
  const found = (name: Parameters<typeof ownMetric>[0]) => ({
    metric: ownMetric(name, { period, statistic: Stats.MAXIMUM }),
    missing: TreatMissingData.IGNORE,
  });
  return [
    { id: 'drift-found', description: 'Objects in clusters differ from Git', ...found('applicationsDrifted') },
    {
      id: 'unreachable-clusters',
      description: 'Clusters were unreachable in two scans in a row',
      ...found('clustersUnreachable'),
      periods: 2,
    },
    {
      id: 'last-scan-too-old',
      description: 'Clusters have not been scanned for three intervals',
      metric: ownMetric('scanAgeSeconds', { period, statistic: Stats.MAXIMUM }),
      above: 3 * 60 * scanMinutes,
      periods: 3,
      missing: TreatMissingData.BREACHING,
    },
  ];
}

function ofServices(options: Options): readonly AlarmRow[] {
  const { functionNames, sync, deadLetters, api } = options;
  const ofAll = (name: string) =>
    new MathExpression({
      expression: functionNames.map((_, index) => `FILL(m${index}, 0)`).join(' + '),
      usingMetrics: Object.fromEntries(
        functionNames.map((each, index) => [`m${index}`, functionMetric(each, name, { period: FIVE_MINUTES })]),
      ),
      label: name,
      period: FIVE_MINUTES,
    });
  return [
    {
      id: 'dead-letters',
      description: 'Events could not be handled and wait in the dead-letter queue',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: Stats.MAXIMUM }),
      missing: TreatMissingData.IGNORE,
    },
    { id: 'function-errors', description: 'Functions ended with an error', metric: ofAll('Errors') },
    {
      id: 'function-throttles',
      description: 'Invocations of functions were throttled',
      metric: ofAll('Throttles'),
    },
    {
      id: 'api-server-errors',
      description: 'Webhook deliveries or API requests failed with a server error',
      metric: api.metricServerError({ period: FIVE_MINUTES, statistic: Stats.SUM }),
    },
    {
      id: 'durable-executions-failed',
      description: 'Durable executions of operations failed without an outcome',
      metric: functionMetric(sync, 'DurableExecutionFailed', { period: FIVE_MINUTES }),
    },
    {
      id: 'durable-executions-timed-out',
      description: 'Durable executions of operations timed out',
      metric: functionMetric(sync, 'DurableExecutionTimedOut', { period: FIVE_MINUTES }),
    },
  ];
}
