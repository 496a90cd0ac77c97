import { createOutbox } from '../../lib/events/outbox.ts';
import type { EventStore, Outbox } from '../../lib/ports/events.ts';
import type { Notifier } from '../../lib/ports/notify.ts';
import type { Log } from '../../lib/ports/runtime.ts';

/** An outbox with one sink. */
export function outboxOf(events: EventStore, { notify, log }: Notifier & { readonly log: Log }): Outbox {
  return createOutbox({ events, sinks: [{ name: 'test', notifier: { notify } }], log });
}
