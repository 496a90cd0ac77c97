import { asDriftlessError } from '../errors.ts';
import type { Notification } from '../model/notification.ts';
import type { DriftPorts } from './scan-ports.ts';

/** Tells people. What cannot be told is recorded all the same, and a scan goes on without it. */
export async function tell(
  news: readonly Notification[],
  { notifier, log }: Pick<DriftPorts, 'notifier' | 'log'>,
): Promise<void> {
  for (const one of news) {
    try {
      await notifier.notify(one);
    } catch (thrown) {
      const { code, message } = asDriftlessError(thrown);
      log.error('could not notify', { kind: one.kind, title: one.title, code, reason: message });
    }
  }
}
