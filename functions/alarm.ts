import { wireAlarm } from './wiring/alarm.ts';

const handle = wireAlarm(process.env);

/**
 * Takes a change of an alarm's state, from EventBridge, SNS or the alarm itself. What is thrown is tried again twice by Lambda and then is a dead letter;
 * asking for the same rollback again changes nothing. A malformed event is logged and dropped, since it would be malformed again.
 */
export async function handler(event: unknown): Promise<void> {
  await handle(event);
}
