/** What EventBridge delivers when an alarm goes off. */
export function alarmEvent(alarmName: string): object {
  const state = (value: string, ageMs: number) => ({
    value,
    reason: 'threshold crossed',
    timestamp: new Date(Date.now() - ageMs).toISOString(),
  });
  return {
    version: '0',
    id: '1',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: '123456789012',
    time: new Date().toISOString(),
    region: 'eu-central-1',
    resources: [`arn:aws:cloudwatch:eu-central-1:123456789012:alarm:${alarmName}`],
    detail: {
      alarmName,
      state: state('ALARM', 0),
      previousState: state('OK', 60_000),
      configuration: { metrics: [] },
    },
  };
}
