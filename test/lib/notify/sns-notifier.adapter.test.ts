import { SNSClient } from '@aws-sdk/client-sns';
import type { Notification } from '../../../lib/model/notification.ts';
import { createSnsNotifier } from '../../../lib/notify/sns-notifier.ts';
import { AwsError } from '../../fakes/aws/wire.ts';
import { clientOf, FAULTS, PASSING_FAULTS, startAccount } from '../aws/fake-account.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:1:driftless';
const DRIFT: Notification = {
  kind: 'drift.opened',
  at: '2026-01-01T00:00:00.000Z',
  app: 'shop',
  cluster: 'prod',
  title: '2 objects have drifted',
  lines: ['Deployment/shop/api: spec.replicas 3 → 5, by kubectl-edit', 'Service/shop/api: is missing'],
};

const open = async () => {
  const aws = await startAccount();
  return { aws, notifier: createSnsNotifier({ client: clientOf(SNSClient, aws), topicArn: TOPIC }) };
};

async function published(notification: Notification) {
  const { aws, notifier } = await open();
  await notifier.notify(notification);
  const [message] = aws.published;
  if (message === undefined) throw new Error('nothing was published');
  const forms: Record<string, string> = JSON.parse(message.message);
  return { ...message, email: forms['email'] ?? '', machine: JSON.parse(forms['default'] ?? '') };
}

test('people get a text, machines get JSON, and both can filter by kind, application and cluster', async () => {
  const { topic, subject, structure, attributes, email, machine } = await published(DRIFT);
  expect({ topic, subject, structure }).toEqual({
    topic: TOPIC,
    subject: 'Driftless: shop: 2 objects have drifted',
    structure: 'json',
  });
  expect(attributes).toEqual({ kind: 'drift.opened', app: 'shop', cluster: 'prod' });
  expect(machine).toEqual(DRIFT);
  expect(email.split('\n')).toEqual([
    '2 objects have drifted',
    '',
    ...DRIFT.lines,
    '',
    'application: shop',
    'cluster: prod',
    'time: 2026-01-01T00:00:00.000Z',
  ]);
});

test('what is about no application says nothing of one', async () => {
  const { kind, at, title, lines } = DRIFT;
  const { attributes, machine, subject } = await published({ kind, at, title, lines });
  expect(attributes).toEqual({ kind: 'drift.opened' });
  expect(Object.keys(machine)).toEqual(['kind', 'at', 'title', 'lines']);
  expect(subject).toBe('Driftless: 2 objects have drifted');
});

test.each([
  ['is too long', 'x'.repeat(300), /^Driftless: shop: x+\.\.\.$/],
  ['has letters beyond ASCII', 'déjà vu → 漢字', /^Driftless: shop: deja vu$/],
  ['has line breaks', 'one\ntwo\r\nthree', /^Driftless: shop: one two three$/],
  ['names the application', 'shop was rolled back', /^Driftless: shop was rolled back$/],
])('a subject that %s becomes one that SNS takes', async (_what, title, expected) => {
  const { subject = '' } = await published({ ...DRIFT, title });
  expect(subject).toMatch(expected);
  expect(subject).toMatch(/^[ -~]{1,100}$/);
});

test('what has more lines than a message takes says how many are left out', async () => {
  const lines = Array.from({ length: 5_000 }, (_, n) => `object ${n} ${'…'.repeat(20)}`);
  const { message, machine } = await published({ ...DRIFT, lines });
  expect(Buffer.byteLength(message)).toBeLessThan(256 * 1024);
  const left = machine.lines.length - 1;
  expect(machine.lines.at(-1)).toBe(`… and ${5_000 - left} more lines`);
});

test.each(PASSING_FAULTS)('%s, once, is overcome', async (failure) => {
  const { aws, notifier } = await open();
  aws.fail('sns.Publish', failure);
  await notifier.notify(DRIFT);
  expect(aws.published.length).toBeGreaterThan(0);
});

test.each(FAULTS)('%s, again and again, is %s with the name of the topic', async (failure, code, retry) => {
  const { aws, notifier } = await open();
  aws.fail('sns.Publish', failure, { times: 9 });
  const message = expect.stringMatching(`^topic ${TOPIC}: \\S`);
  await expect(notifier.notify(DRIFT)).rejects.toMatchObject({ code, retry, message });
});

test.each([
  ['a topic that is not there', 'NotFound', 404],
  ['a key that may not be used', 'KMSAccessDenied', 400],
])('%s is nothing that time mends', async (_what, code, status) => {
  const { aws, notifier } = await open();
  aws.fail('sns.Publish', new AwsError(code, status), { times: 9 });
  await expect(notifier.notify(DRIFT)).rejects.toMatchObject({ code: 'AwsAccessDenied', retry: false });
  expect(aws.calls).toHaveLength(1);
});
