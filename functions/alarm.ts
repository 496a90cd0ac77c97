import { wireAlarm } from './wiring/alarm.ts';

const handle = wireAlarm(process.env);

/**
 * Handles a change of an alarm's state, from EventBridge, SNS or the alarm itself. Lambda retries a thrown error twice, then sends the event to the
 * dead-letter queue; to request the same rollback again changes nothing. A malformed event is logged and dropped, since a retry cannot help.
 */
export async function handler(event: unknown): Promise<void> {
  await handle(event);
}
