// Where notifications go, and where alarms come from.
import type { Notification } from '../model/notification.ts';

export interface Notifier {
  notify(notification: Notification): Promise<void>;
}

export interface Alarms {
  /** The named alarms that are in ALARM now. */
  inAlarm(names: readonly string[]): Promise<readonly string[]>;
}
