// Events, from the transaction that stores them to the sinks that they are delivered to.
import type { EventDraft, EventStream, StreamEvent } from '../model/event.ts';

/** What a sink has not received of a stream: events in order, and the place up to which they were read. */
export type Undelivered = { readonly events: readonly StreamEvent[]; readonly upTo: number };

export interface EventStore {
  /** Writes events that follow from no other record; one whose key the stream has is left out. */
  putEvents(stream: EventStream, events: readonly EventDraft[]): Promise<void>;
  undelivered(stream: EventStream, sink: string): Promise<Undelivered>;
  /** Records that a sink has received a stream up to a place; an earlier place than before changes nothing. */
  delivered(stream: EventStream, sink: string, n: number): Promise<void>;
  /** The streams with an event that a sink may lack. */
  openStreams(): Promise<readonly EventStream[]>;
  /** Says that every sink has received the stream up to a place; does nothing where a later event exists. */
  closeStream(stream: EventStream, n: number): Promise<void>;
}

/** Delivers stored events: at least once, and each stream in its order. What cannot be delivered stays stored, so neither call fails. */
export interface Outbox {
  /** Delivers one stream; its writer calls this after its write. */
  deliver(stream: EventStream): Promise<void>;
  /** Delivers what a crash or a failure has left. */
  deliverAll(): Promise<void>;
}
