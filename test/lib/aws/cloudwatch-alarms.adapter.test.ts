import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { createCloudWatchAlarms } from '../../../lib/aws/cloudwatch-alarms.ts';
import { clientOf, FAULTS, PASSING_FAULTS, startAccount } from './fake-account.ts';

const open = async () => {
  const aws = await startAccount();
  return { aws, alarms: createCloudWatchAlarms({ client: clientOf(CloudWatchClient, aws) }) };
};

test('of the named alarms, those in ALARM are told, of metrics and composite ones', async () => {
  const { aws, alarms } = await open();
  aws.alarms.push(
    { name: 'shop-5xx', type: 'metric', state: 'ALARM' },
    { name: 'shop-slow', type: 'metric', state: 'OK' },
    { name: 'shop-unhealthy', type: 'composite', state: 'ALARM' },
    { name: 'other', type: 'metric', state: 'ALARM' },
  );
  const asked = ['shop-unhealthy', 'shop-slow', 'shop-5xx', 'not-there', 'shop-5xx'];
  expect(await alarms.inAlarm(asked)).toEqual(['shop-unhealthy', 'shop-5xx']);
});

test('alarms are asked for a hundred at a time, and none where none is named', async () => {
  const { aws, alarms } = await open();
  const names = Array.from({ length: 250 }, (_, n) => `alarm-${n}`);
  aws.alarms.push(...names.map((name) => ({ name, type: 'metric', state: 'ALARM' }) as const));
  expect(await alarms.inAlarm(names)).toEqual(names);
  const sizes = aws.calls.map(({ input }) => (input['AlarmNames'] as string[]).length);
  expect(sizes.sort()).toEqual([100, 100, 50]);
  expect(await alarms.inAlarm([])).toEqual([]);
  expect(aws.calls).toHaveLength(3);
});

test.each(PASSING_FAULTS)('%s, once, is overcome', async (failure) => {
  const { aws, alarms } = await open();
  aws.fail('cloudwatch.DescribeAlarms', failure);
  expect(await alarms.inAlarm(['shop-5xx'])).toEqual([]);
});

test.each(FAULTS)('%s, again and again, is %s with the names of the alarms', async (failure, code, retry) => {
  const { aws, alarms } = await open();
  aws.fail('cloudwatch.DescribeAlarms', failure, { times: 9 });
  const message = expect.stringMatching(/^alarms a, b, c …: \S/);
  await expect(alarms.inAlarm(['a', 'b', 'c', 'd'])).rejects.toMatchObject({ code, retry, message });
});
