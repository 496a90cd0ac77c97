// In: a notification. Out: a message to a topic: text for e-mail, JSON for every other subscriber, attributes for filters. What may go wrong:
// AwsUnavailable and AwsAccessDenied; the caller decides whether that matters.
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { DriftlessError } from '../errors.ts';
import { awsFault } from '../model/aws-fault.ts';
import type { Notification } from '../model/notification.ts';
import type { Notifier } from '../ports/notify.ts';

type SnsOptions = { readonly client: SNSClient; readonly topicArn: string };

const LONGEST_SUBJECT = 100;
/** SNS accepts 256 kB for all forms together. */
const LONGEST_LINES = 60_000;

/** Publishes notifications to a topic. */
export function createSnsNotifier({ client, topicArn }: SnsOptions): Notifier {
  return {
    notify: async (notification) => {
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: subjectOf(notification),
        MessageStructure: 'json',
        Message: JSON.stringify(formsOf(notification)),
        MessageAttributes: attributesOf(notification),
      });
      try {
        await client.send(command);
      } catch (thrown) {
        throw failure(topicArn, thrown);
      }
    },
  };
}

/** SNS accepts ASCII only, without line breaks, beginning with a letter. */
function subjectOf({ app, cluster, title }: Notification): string {
  const about = app ?? cluster;
  const text = about === undefined || title.includes(about) ? title : `${about}: ${title}`;
  const ascii = `Driftless: ${text}`
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^ -~]+/g, ' ');
  const whole = ascii.replaceAll(/ {2,}/g, ' ').trim();
  return whole.length > LONGEST_SUBJECT ? `${whole.slice(0, LONGEST_SUBJECT - 3)}...` : whole;
}

/** `default` goes to queues, functions and HTTPS endpoints. */
function formsOf(notification: Notification): Readonly<Record<string, string>> {
  const { kind, at, app, cluster, title } = notification;
  const lines = shortened(notification.lines);
  const about = [app && `application: ${app}`, cluster && `cluster: ${cluster}`, `time: ${at}`].filter(Boolean);
  return {
    default: JSON.stringify({ kind, at, ...(app && { app }), ...(cluster && { cluster }), title, lines }),
    email: [title, '', ...lines, '', ...about].join('\n'),
  };
}

function shortened(lines: readonly string[]): readonly string[] {
  let room = LONGEST_LINES;
  const end = lines.findIndex((line) => {
    room -= Buffer.byteLength(line) + 1;
    return room < 0;
  });
  return end < 0 ? lines : [...lines.slice(0, end), `… and ${lines.length - end} more lines`];
}

function attributesOf({ kind, app, cluster }: Notification) {
  const named = Object.entries({ kind, app, cluster }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(named.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]));
}

function failure(topicArn: string, thrown: unknown): DriftlessError {
  const { kind, words } = awsFault(thrown);
  const codes = {
    denied: 'AwsAccessDenied',
    missing: 'AwsAccessDenied',
    invalid: 'Internal',
    passing: 'AwsUnavailable',
  } as const;
  return new DriftlessError(codes[kind], `topic ${topicArn}: ${words}`, { cause: thrown });
}
