// In: streams that were written to, or that are left. Out: their events are with every sink, in order. A sink that fails keeps its place in the stream, and the
// next delivery continues there; the other sinks go on. An event is delivered again where a crash comes between its delivery and the record of it.
import { mapBounded } from '../async/map-bounded.ts';
import { asDriftlessError } from '../errors.ts';
import { type EventStream, notificationOf, type StreamEvent } from '../model/event.ts';
import type { EventStore, Outbox } from '../ports/events.ts';
import type { Notifier } from '../ports/notify.ts';
import type { Log } from '../ports/runtime.ts';

/** A receiver of all events; its name is stored with its place in each stream. */
type Sink = { readonly name: string; readonly notifier: Notifier };

type OutboxPorts = { readonly events: EventStore; readonly sinks: readonly Sink[]; readonly log: Log };

const STREAMS_AT_ONCE = 8;

/** Makes the outbox of a process; two deliveries of one stream wait for each other. */
export function createOutbox(ports: OutboxPorts): Outbox {
  const last = new Map<EventStream, Promise<void>>();
  const deliver = (stream: EventStream): Promise<void> => {
    const turn = (last.get(stream) ?? Promise.resolve()).then(() => deliverOrLog(stream, ports));
    last.set(stream, turn);
    return turn.finally(() => {
      if (last.get(stream) === turn) last.delete(stream);
    });
  };
  return { deliver, deliverAll: () => deliverRest(deliver, ports) };
}

async function deliverRest(deliver: Outbox['deliver'], { events, log }: OutboxPorts): Promise<void> {
  try {
    await mapBounded(await events.openStreams(), STREAMS_AT_ONCE, deliver);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    log.error('could not read which events are not delivered', { code, reason: message });
  }
}

async function deliverOrLog(stream: EventStream, ports: OutboxPorts): Promise<void> {
  try {
    const places = await Promise.all(ports.sinks.map((sink) => deliverTo(sink, stream, ports)));
    const [place = 0] = places;
    if (places.every((one) => one === place)) await ports.events.closeStream(stream, place);
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    ports.log.error('could not deliver events', { stream, code, reason: message });
  }
}

/** Returns the place that the sink has received the stream up to. */
async function deliverTo(sink: Sink, stream: EventStream, ports: OutboxPorts): Promise<number> {
  const { events, upTo } = await ports.events.undelivered(stream, sink.name);
  for (const event of events) {
    if (!(await isDelivered(sink, event, ports))) return event.n - 1;
    await ports.events.delivered(stream, sink.name, event.n);
  }
  if (upTo > (events.at(-1)?.n ?? upTo)) await ports.events.delivered(stream, sink.name, upTo);
  return upTo;
}

/** An event that the sink would refuse each time counts as delivered: it must not hold up the events after it. */
async function isDelivered({ notifier }: Sink, event: StreamEvent, { log }: OutboxPorts): Promise<boolean> {
  try {
    await notifier.notify(notificationOf(event));
    return true;
  } catch (thrown) {
    const { code, message } = asDriftlessError(thrown);
    const { kind, data } = event;
    log.error('could not notify', { kind, title: data.title, code, reason: message });
    return code === 'Internal';
  }
}
