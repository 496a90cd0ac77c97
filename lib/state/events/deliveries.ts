// In: a stream and a sink. Out: the events after the sink's cursor, and the cursor moved. The streams that some sink lacks events of are in an index, so that
// a search for them reads nothing else.
import { type EventStream, isEventStream, type StreamEvent } from '../../model/event.ts';
import type { Undelivered } from '../../ports/events.ts';
import type { Store } from '../application-item.ts';
import { commit } from '../commit.ts';
import { cursorKey, eventsAfter, eventsKey, keysIndexed, LISTED_STREAM, TABLE } from '../dynamo/keys.ts';
import { parseCursor, parseEvent, parseHead } from '../schema/events.ts';
import type { StreamEvents } from './streams.ts';

/** Writes events alone. */
export async function putEvents(store: Store, events: StreamEvents): Promise<void> {
  await commit(store, { own: [], lists: [], ...events });
}

/** What a sink has not received; an event that cannot be read is logged and left out. */
export async function readUndelivered(store: Store, stream: EventStream, sink: string): Promise<Undelivered> {
  const [head, cursor] = await Promise.all([
    store.table.get(eventsKey(stream)),
    store.table.get(cursorKey(stream, sink)),
  ]);
  const [newest, received] = [parseHead(stream, head).n, parseCursor(stream, cursor)];
  const events: StreamEvent[] = [];
  if (newest <= received) return { events, upTo: received };
  for await (const item of store.table.query(eventsAfter(stream, received))) {
    try {
      events.push(parseEvent(stream, item));
    } catch (error) {
      store.log?.error('skipped an event that cannot be read', { stream, error: String(error) });
    }
  }
  return { events, upTo: Math.max(newest, events.at(-1)?.n ?? 0) };
}

/** Moves a sink's cursor forward. */
export async function putCursor(
  { table }: Store,
  stream: EventStream,
  cursor: { sink: string; n: number },
): Promise<void> {
  await table.update({
    Key: { ...cursorKey(stream, cursor.sink) },
    UpdateExpression: 'SET #n = :n',
    ConditionExpression: 'attribute_not_exists(#n) OR #n < :n',
    ExpressionAttributeNames: { '#n': 'n' },
    ExpressionAttributeValues: { ':n': cursor.n },
  });
}

/** The streams that are marked as having events to deliver. */
export async function readOpenStreams({ table }: Store): Promise<readonly EventStream[]> {
  const streams: EventStream[] = [];
  for await (const item of table.query(keysIndexed('byListing', LISTED_STREAM))) {
    const stream = String(item[TABLE.partitionKey]);
    if (isEventStream(stream)) streams.push(stream);
  }
  return streams;
}

/** Takes the mark off a stream, unless a later event was written. */
export async function closeStream({ table }: Store, stream: EventStream, n: number): Promise<void> {
  await table.update({
    Key: { ...eventsKey(stream) },
    UpdateExpression: 'REMOVE #listing',
    ConditionExpression: '#n = :n',
    ExpressionAttributeNames: { '#n': 'n', '#listing': 'listing' },
    ExpressionAttributeValues: { ':n': n },
  });
}
