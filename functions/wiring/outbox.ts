import { SNSClient } from '@aws-sdk/client-sns';
import { clientOptions } from '../../lib/aws/client-options.ts';
import { createOutbox } from '../../lib/events/outbox.ts';
import { createSnsNotifier } from '../../lib/notify/sns-notifier.ts';
import type { EventStore, Outbox } from '../../lib/ports/events.ts';
import { log } from './lambda.ts';

/** Events go to the topic. The name of a sink is stored with its place in each stream. */
export function openOutbox({ topic }: { readonly topic: string }, events: EventStore): Outbox {
  const notifier = createSnsNotifier({ client: new SNSClient(clientOptions()), topicArn: topic });
  return createOutbox({ events, sinks: [{ name: 'sns', notifier }], log });
}
