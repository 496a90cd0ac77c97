// What stands in for SNS and CloudWatch on a laptop.

import type { Notification, NotificationKind } from '../../lib/model/notification.ts';
import type { Alarms, Notifier } from '../../lib/ports/notify.ts';
import type { Log, Metrics } from '../../lib/ports/runtime.ts';

const ALARMING: readonly NotificationKind[] = [
  'drift.opened',
  'drift.fighting',
  'drift.failing',
  'cluster.unreachable',
  'alarm.rolledBack',
];

/** Notifications become lines of the log. */
export function logNotifier(log: Log): Notifier {
  return {
    notify: async ({ kind, app, cluster, title, lines }: Notification) => {
      const about = { kind, ...(app !== undefined && { app }), ...(cluster !== undefined && { cluster }) };
      const fields = { ...about, title, ...(lines.length > 0 && { lines }) };
      if (ALARMING.includes(kind)) log.warn('notification', fields);
      else log.info('notification', fields);
    },
  };
}

/** Nobody looks at metrics on a laptop. */
export const noMetrics: Metrics = { put: () => undefined };

/** What is known of alarms where no CloudWatch can be asked: the states that the events have told. */
export class ToldAlarms implements Alarms {
  readonly #inAlarm = new Set<string>();

  /** Takes in what an event tells. */
  hear({ name, state }: { readonly name: string; readonly state: string }): void {
    if (state === 'ALARM') this.#inAlarm.add(name);
    else this.#inAlarm.delete(name);
  }

  async inAlarm(names: readonly string[]): Promise<readonly string[]> {
    return names.filter((name) => this.#inAlarm.has(name));
  }
}
