// In: events of a stream, and the stream's newest place as it was read. Out: the writes that give them the next places. They hold in one transaction with the
// record that the events follow from, on condition that no other writer was first. So a stream has no gap, and no event without its record.
import type { EventDraft, EventStream } from '../../model/event.ts';
import type { StateTable } from '../dynamo/dynamo-table.ts';
import { fittingEvent } from '../dynamo/item-size.ts';
import { eventKey, eventsKey, LISTED_STREAM, TABLE } from '../dynamo/keys.ts';
import type { Write } from '../dynamo/transactions.ts';
import { parseHead, type StreamHead } from '../schema/events.ts';

const KEPT_SECONDS = 30 * 24 * 60 * 60;

/** Keys that a stream remembers, to take each event once. */
const KNOWN_KEYS = 50;

/** Events that are written together, all of one stream. */
export type StreamEvents = { readonly stream: EventStream; readonly events: readonly EventDraft[] };

/** Reads the newest place of a stream. */
export async function readHead(table: Pick<StateTable, 'get'>, stream: EventStream): Promise<StreamHead> {
  return parseHead(stream, await table.get(eventsKey(stream)));
}

/** The writes of those events that the stream does not have yet; `now` is in milliseconds since 1970. */
export function eventWrites(head: StreamHead, { stream, events }: StreamEvents, now: number): readonly Write[] {
  const fresh = events.filter(({ key }) => !head.keys.includes(key));
  if (fresh.length === 0) return [];
  const ttl = Math.ceil(now / 1000) + KEPT_SECONDS;
  const puts = fresh.map((event, i): Write => {
    const { data, ...envelope } = fittingEvent(event);
    const n = head.n + 1 + i;
    return {
      Put: {
        Item: { ...eventKey(stream, n), v: 1, n, ...envelope, data: JSON.stringify(data), [TABLE.timeToLive]: ttl },
      },
    };
  });
  return [headUpdate(head, stream, fresh), ...puts];
}

/** Marks the stream as one with events to deliver, too. */
function headUpdate(head: StreamHead, stream: EventStream, fresh: readonly EventDraft[]): Write {
  return {
    Update: {
      Key: { ...eventsKey(stream) },
      UpdateExpression: 'SET #n = :next, #keys = :keys, #listing = :listing',
      ConditionExpression: head.n === 0 ? 'attribute_not_exists(#n)' : '#n = :n',
      ExpressionAttributeNames: { '#n': 'n', '#keys': 'keys', '#listing': 'listing' },
      ExpressionAttributeValues: {
        ...(head.n > 0 && { ':n': head.n }),
        ':next': head.n + fresh.length,
        ':keys': [...head.keys, ...fresh.map(({ key }) => key)].slice(-KNOWN_KEYS),
        ':listing': LISTED_STREAM,
      },
    },
  };
}
