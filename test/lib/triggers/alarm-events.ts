// Alarm events as CloudWatch documents them, in the three ways that they come.

type Situation = {
  readonly name?: string;
  readonly state?: string;
  readonly previous?: string;
  /** As CloudWatch writes it. */
  readonly at?: string;
  readonly configuration?: object;
  readonly suppressedBy?: string;
};

const REASON = 'Threshold Crossed: 1 datapoint [17.0 (21/11/26 09:59:00)] was greater than the threshold (5.0).';
const AT = '2026-11-21T10:00:00.000+0000';

export function arnOf(name: string): string {
  return `arn:aws:cloudwatch:eu-west-1:123456789012:alarm:${name}`;
}

const METRIC = {
  metrics: [
    {
      id: 'm1',
      metricStat: { metric: { name: '5xx', namespace: 'AWS/ELB', dimensions: {} }, period: 60, stat: 'Sum' },
    },
  ],
};

function alarmOf(situation: Situation) {
  const {
    name = 'shop-5xx',
    state = 'ALARM',
    previous = 'OK',
    at = AT,
    configuration = METRIC,
    suppressedBy,
  } = situation;
  return {
    alarmName: name,
    state: {
      value: state,
      reason: REASON,
      reasonData: '{"version":"1.0"}',
      timestamp: at,
      ...(suppressedBy !== undefined && {
        actionsSuppressedBy: suppressedBy,
        actionsSuppressedReason: 'Actions suppressed',
      }),
    },
    previousState: { value: previous, reason: 'was fine', timestamp: '2026-11-21T09:00:00.000+0000' },
    configuration,
  };
}

/** A "CloudWatch Alarm State Change" of EventBridge. */
export function bridgedEvent(situation: Situation = {}) {
  return {
    version: '0',
    id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '123456789012',
    time: '2026-11-21T10:00:01Z',
    region: 'eu-west-1',
    resources: [arnOf(situation.name ?? 'shop-5xx')],
    detail: alarmOf(situation),
  };
}

/** What an alarm's Lambda action is invoked with. */
export function actionEvent(situation: Situation = {}) {
  return {
    source: 'aws.cloudwatch',
    alarmArn: arnOf(situation.name ?? 'shop-5xx'),
    accountId: '123456789012',
    time: '2026-11-21T10:00:01.000+0000',
    region: 'eu-west-1',
    alarmData: alarmOf(situation),
  };
}

/** What SNS hands to a function that is subscribed to an alarm's topic. */
export function snsEvent(...situations: readonly Situation[]) {
  return {
    Records: situations.map(({ name = 'shop-5xx', state = 'ALARM', previous = 'OK', at = AT }) => ({
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: 'arn:aws:sns:eu-west-1:123456789012:alarms:1',
      Sns: {
        Type: 'Notification',
        MessageId: '1',
        TopicArn: 'arn:aws:sns:eu-west-1:123456789012:alarms',
        Subject: `${state}: "${name}" in EU (Ireland)`,
        Message: JSON.stringify({
          AlarmName: name,
          AlarmDescription: null,
          AWSAccountId: '123456789012',
          NewStateValue: state,
          NewStateReason: REASON,
          StateChangeTime: at,
          Region: 'EU (Ireland)',
          AlarmArn: arnOf(name),
          OldStateValue: previous,
          Trigger: { MetricName: '5xx', Namespace: 'AWS/ELB' },
        }),
        Timestamp: '2026-11-21T10:00:02.000Z',
      },
    })),
  };
}
