import { parseAlarmEvent } from '../../../lib/triggers/alarm-event.ts';
import { actionEvent, arnOf, bridgedEvent, snsEvent } from './alarm-events.ts';

const change = {
  name: 'shop-5xx',
  arn: arnOf('shop-5xx'),
  state: 'ALARM',
  previous: 'OK',
  at: '2026-11-21T10:00:00.000Z',
  reason: expect.stringContaining('Threshold Crossed'),
  region: 'eu-west-1',
  account: '123456789012',
};

test.each([
  ['EventBridge', bridgedEvent()],
  ["an alarm's Lambda action", actionEvent()],
  ['SNS', snsEvent({})],
])('an event of %s is read', (_, event) => {
  expect(parseAlarmEvent(event)).toEqual([change]);
});

test('SNS may bring several at once', () => {
  const names = parseAlarmEvent(snsEvent({}, { name: 'shop-slow', state: 'OK', previous: 'ALARM' }));
  expect(names).toMatchObject([{ name: 'shop-5xx' }, { name: 'shop-slow', state: 'OK', previous: 'ALARM' }]);
});

test('a composite alarm is read like any other, with what suppresses its actions', () => {
  const configuration = {
    alarmRule: 'ALARM("shop-5xx") AND NOT ALARM("maintenance")',
    actionsSuppressor: 'maintenance',
  };
  const situation = { name: 'shop unwell: all', configuration, suppressedBy: 'Alarm' };
  const composite = { ...change, name: 'shop unwell: all', arn: arnOf('shop unwell: all'), suppressedBy: 'Alarm' };
  expect(parseAlarmEvent(bridgedEvent(situation))).toEqual([composite]);
  expect(parseAlarmEvent(actionEvent(situation))).toEqual([composite]);
});

test('an alarm without a state before is read', () => {
  const { detail, ...event } = bridgedEvent();
  const { previousState: _, ...first } = detail;
  expect(parseAlarmEvent({ ...event, detail: first })).toEqual([
    expect.not.objectContaining({ previous: expect.anything() }),
  ]);
});

const bridged = bridgedEvent();

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'needs detail, alarmData or Records'],
  ['a text', 'ALARM', 'needs detail, alarmData or Records'],
  ['a push', { ref: 'refs/heads/main' }, 'needs detail, alarmData or Records'],
  [
    'another event of EventBridge',
    { ...bridged, source: 'aws.ecr' },
    'source: Invalid input: expected "aws.cloudwatch"',
  ],
  ['no ARN', { ...bridged, resources: [] }, 'resources'],
  [
    'an ARN of something else',
    { ...bridged, resources: ['arn:aws:s3:::bucket'] },
    'resources.0: is not the ARN of a CloudWatch alarm',
  ],
  ['an unknown state', bridgedEvent({ state: 'PANIC' }), 'detail.state.value: Invalid option'],
  ['an unknown state before', actionEvent({ previous: 'CALM' }), 'alarmData.previousState.value: Invalid option'],
  ['no time', bridgedEvent({ at: 'yesterday' }), 'detail.state.timestamp: is not a time'],
  ['no name', actionEvent({ name: '' }), 'alarmData.alarmName: Too small'],
  ['no records', { Records: [] }, 'Records: Too small'],
  [
    'a message of SNS that is not JSON',
    { Records: [{ Sns: { Message: 'ALARM!' } }] },
    'Records[0].Sns.Message is not JSON',
  ],
  [
    'a message of SNS about something else',
    { Records: [{ Sns: { Message: '{}' } }] },
    'Records[0].Sns.Message.AlarmName: ',
  ],
])('%s is refused, and the field is named', (_, event, words) => {
  expect(() => parseAlarmEvent(event)).toThrow(
    expect.objectContaining({ code: 'PayloadInvalid', message: expect.stringContaining(words) }),
  );
});
