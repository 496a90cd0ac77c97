import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { Alarms } from '../ports/notify.ts';
import { awsFailure } from './aws-failure.ts';

/** The most names that CloudWatch accepts at once. */
const PAGE = 100;

/** CloudWatch alarms: metric alarms and composite alarms. */
export function createCloudWatchAlarms({ client }: { readonly client: CloudWatchClient }): Alarms {
  async function alarming(names: readonly string[]): Promise<readonly (string | undefined)[]> {
    const command = new DescribeAlarmsCommand({
      AlarmNames: [...names],
      // CloudWatch omits composite alarms unless they are requested.
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      StateValue: 'ALARM',
      MaxRecords: PAGE,
    });
    const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(command).catch((thrown: unknown) => {
      throw awsFailure(`alarms ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`, thrown);
    });
    return [...MetricAlarms, ...CompositeAlarms].map(({ AlarmName }) => AlarmName);
  }

  return {
    inAlarm: async (names) => {
      const all = [...new Set(names)];
      const pages = Array.from({ length: Math.ceil(all.length / PAGE) }, (_, n) => all.slice(n * PAGE, (n + 1) * PAGE));
      const found = new Set((await Promise.all(pages.map(alarming))).flat());
      return all.filter((name) => found.has(name));
    },
  };
}
